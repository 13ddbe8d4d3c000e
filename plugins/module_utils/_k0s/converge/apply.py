# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings one host from what it is to what it should be.

Every step is done again where an earlier run was ended in the middle: the changes are computed from what is there.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import List, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change, changes_for, changes_on_disk
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import differences, files, images, lock, receipt
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.disk import Disk
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.guards import refusal
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.launch import Launch
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.machine import Machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.outcome import Outcome
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.readiness import ETCD
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import Request
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.stage import stage
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeState

ON_DISK = ("binary", "directory", "file", "config", "unit")


def prepare(request: Request, machine: Machine, state: NodeState, dry_run: bool) -> Outcome:
    """Everything but the start. Where k0s runs, only the new binary is put beside the old one."""
    _refuse(request, state)
    if state.running is not None:
        changing = any(change.kind == "binary" for change in changes_on_disk(request.spec, state))
        return stage(request, machine, state, dry_run) if changing else Outcome(state=state)
    changes = _without_what_comes_with_the_join(request, state, changes_on_disk(request.spec, state))
    shown = differences.of(request.spec, changes, machine.paths)
    if dry_run or not changes:
        return Outcome(changes=tuple(changes), state=state, differences=shown)
    with lock.only_run(machine.paths.lock, machine.clock.now, machine.clock.sleep):
        _write(Disk(request, machine, state, machine.service(request.spec.service)), changes)
    return Outcome(changes=tuple(changes), state=machine.read_state(request.spec), differences=shown)


def _without_what_comes_with_the_join(request: Request, state: NodeState, changes: List[Change]) -> List[Change]:
    """A joining host gets the files that all controllers share together with its token."""
    if not request.joins or state.joined:
        return changes
    shared = {item.path for item in request.spec.shared_files}
    return [change for change in changes if change.target not in shared]


def apply(request: Request, machine: Machine, state: NodeState, dry_run: bool) -> Outcome:
    """Everything that is missing, then waits until the host serves."""
    _refuse(request, state)
    changes = _in_reach(request, changes_for(request.spec, state))
    shown = differences.of(request.spec, changes, machine.paths)
    if dry_run:
        return Outcome(changes=tuple(changes), state=state, differences=shown)
    service = machine.service(request.spec.service)
    launch = Launch(request, machine, state, service)
    launch.check(changes)
    try:
        with lock.only_run(machine.paths.lock, machine.clock.now, machine.clock.sleep):
            disk = Disk(request, machine, state, service)
            _write(disk, [change for change in changes if change.kind in ON_DISK])
            launch.perform(changes, disk)
        final = launch.wait()
    finally:
        launch.spend_token()
    if any(change.kind == "images" for change in changes):
        images.wait_for_import(request, machine.paths.receipt, machine.clock)
        final = machine.read_state(request.spec)
    return Outcome(tuple(changes), final, warnings=launch.warnings, differences=shown)


def _in_reach(request: Request, changes: List[Change]) -> List[Change]:
    """A host that only waits for etcd may have no containerd yet; it waits for the rest in another call."""
    return [change for change in changes if change.kind != "images" or request.wait_for != ETCD]


def _refuse(request: Request, state: NodeState) -> None:
    reason = refusal(request.spec, state)
    if reason:
        raise K0sError(f"{state.hostname or 'the host'} was not changed: {reason}")


def _write(disk: Disk, changes: Sequence[Change]) -> None:
    """The binary comes first, and the new configuration is checked with it before either is in its place."""
    for path in _written_paths(disk, changes):
        files.remove_stale(path)
    if disk.state.service is None and disk.state.running is None and not disk.state.joined:
        receipt.record_before(disk.machine.paths.receipt, disk.machine.read_before)
    # A first configuration is checked by `k0s install`.
    disk.config_changes = disk.state.config is not None and any(change.kind == "config" for change in changes)
    for change in changes:
        disk.write(change)


def _written_paths(disk: Disk, changes: Sequence[Change]) -> Tuple[str, ...]:
    paths: List[str] = [disk.spec.binary.path, disk.machine.paths.config, disk.machine.paths.receipt]
    return tuple(paths + [change.target for change in changes if change.kind == "file"])
