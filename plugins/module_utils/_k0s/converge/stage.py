# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the checked binary beside its place, where the checks before a change and the change itself use it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files, lock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.binary import Source, is_staged, staged_path
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.machine import Machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.outcome import Outcome
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import Request
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeState


def source_for(request: Request, machine: Machine) -> Source:
    return Source(request.spec.binary, request.spec.version, machine.clock.sleep)


def stage(request: Request, machine: Machine, state: NodeState, dry_run: bool) -> Outcome:
    """Leaves a running k0s alone. An installed binary that is the wanted one is the answer itself."""
    source = source_for(request, machine)
    wanted = source.sha256()
    path = files.real(request.spec.binary.path)
    if state.binary is not None and os.path.isfile(path) and _installed_sha256(state, path) == wanted:
        return Outcome(state=state, staged=path)
    target = staged_path(path, wanted)
    if is_staged(target, wanted):
        return Outcome(state=state, staged=target)
    changes = (Change("binary", target, f"{request.spec.version} is put beside {path}"),)
    if not dry_run:
        with lock.only_run(machine.paths.lock, machine.clock.now, machine.clock.sleep):
            files.remove_stale(path)
            source.stage()
    return Outcome(changes=changes, state=state, staged=target)


def _installed_sha256(state: NodeState, path: str) -> str:
    recorded = state.binary.sha256 if state.binary else ""
    return recorded or files.sha256_of_file(path)
