# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one call that converges a host.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.apply import apply, prepare
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.join import Gate
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.machine import Machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.outcome import Outcome
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import (
    PREPARED,
    STAGED,
    Request,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.stage import stage
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BinarySpec, NodeSpec
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.node_state import progress_for, state_for


def this_machine() -> Machine:
    """The host that this runs on."""
    return Machine(read_state=state_for, read_progress=progress_for)


def this_gate(binary: str, data_dir: str, timeout: float) -> Gate:
    """The controller that this runs on."""
    machine = this_machine()
    return Gate(
        clock=machine.clock,
        read_etcd=lambda: (
            machine.read_state(NodeSpec("controller", "", binary=BinarySpec(path=binary), data_dir=data_dir)).etcd
        ),
        binary=binary,
        data_dir=data_dir,
        timeout=timeout,
    )


def converge(request: Request, machine: Machine, dry_run: bool = False) -> Outcome:
    """Reads what the host is, changes what differs (nothing in a dry run) and returns what came of it."""
    state = machine.read_state(request.spec)
    flow = {PREPARED: prepare, STAGED: stage}.get(request.state, apply)
    return flow(request, machine, state, dry_run)
