# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes k0s off one host. It does not take the host out of its cluster.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from typing import List, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import binary, command, files, lock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.logs import without_secrets
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.machine import Machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.outcome import Outcome
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import Request
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.service import Service
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, NodeState

SERVICES = ("k0scontroller", "k0sworker")
RESET_TIMEOUT = 300.0
RESET_ATTEMPTS = 5
RESET_PAUSE = 2.0


def remove(request: Request, machine: Machine, state: NodeState, dry_run: bool) -> Outcome:
    """Stops k0s, resets the host with k0s' own command, and removes what that leaves."""
    spec = request.spec
    services = [service for service in map(machine.service, SERVICES) if os.path.exists(service.unit_path)]
    if state.running is not None and not services:
        raise K0sError(
            f"{state.hostname or 'the host'} was not reset: k0s runs (process {state.running.pid}) without a service. "
            "Stop that process and run again"
        )
    changes = _changes(spec, machine, services)
    if dry_run or not changes:
        return Outcome(changes=tuple(changes), state=state)
    with lock.only_run(machine.paths.lock, machine.clock.now, machine.clock.sleep):
        for service in services:
            service.disable()
            service.stop()
            service.forget_failure()
        if any(change.kind == "reset" for change in changes):
            _reset(spec, machine)
        for service in services:
            files.remove(service.unit_path)
            service.remove_extras()
            service.reload()
        for path in _leftovers(spec, machine):
            if os.path.ismount(path):
                files.remove_below(path)
            else:
                files.remove(path)
    return Outcome(changes=tuple(changes), state=NodeState(hostname=state.hostname))


def _changes(spec: NodeSpec, machine: Machine, services: Sequence[Service]) -> List[Change]:
    changes = [Change("stop", service.name, "is stopped, disabled and removed") for service in services]
    if services or os.path.isdir(spec.data_dir) or os.path.isdir(machine.paths.run_folder):
        changes.append(Change("reset", spec.data_dir, "k0s removes its data, users, containers and network"))
    left = [path for path in _leftovers(spec, machine) if os.path.lexists(path) and path != spec.data_dir]
    changes += [Change("file", path, "is removed") for path in left if path != machine.paths.run_folder]
    return changes


def _leftovers(spec: NodeSpec, machine: Machine) -> List[str]:
    """What k0s' own reset leaves and nobody else uses. /opt/cni and /etc/cni may belong to others."""
    path = files.real(spec.binary.path)
    paths = machine.paths
    return [
        spec.data_dir,
        paths.run_folder,
        paths.configuration_folder,
        paths.leftovers,
        *binary.staged_files(path),
        spec.binary.path,
    ]


def _reset(spec: NodeSpec, machine: Machine) -> None:
    if not os.path.exists(spec.binary.path):
        _refuse_mounts(spec, machine)
        return
    argv = [spec.binary.path, "reset", f"--data-dir={spec.data_dir}"]
    result = command.run(argv, RESET_TIMEOUT)
    for _again in range(RESET_ATTEMPTS - 1):
        if result.rc == 0:
            break
        machine.clock.sleep(RESET_PAUSE)
        result = command.run(argv, RESET_TIMEOUT)
    if result.rc == 0:
        _refuse_mounts(spec, machine)
        return
    raise K0sError(
        f"`{result.line}` failed with {result.rc} {RESET_ATTEMPTS} times: {without_secrets(result.complaint)}. "
        "Nothing else was removed; correct the cause and run again"
    )


def _refuse_mounts(spec: NodeSpec, machine: Machine) -> None:
    """Removing a folder with mounts below it would remove what is mounted: volumes of pods, for one."""
    table = files.read(machine.paths.mounts) or ""
    points = [line.split()[1] for line in table.splitlines() if len(line.split()) > 1]
    below = [item for item in points if item.startswith((f"{spec.data_dir}/", f"{machine.paths.run_folder}/"))]
    if below:
        raise K0sError(
            f"{spec.data_dir} was not removed: {len(below)} file systems are still mounted below it "
            f"({', '.join(sorted(below)[:3])}). Unmount them, or install k0s again (state prepared) so that its own "
            "reset can do it, and run again"
        )
