# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends the processes of k0s and of its pods, and unmounts what they had mounted.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import signal
from typing import Dict, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import mounts, processes
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.host import Host, Part
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.mounts import Mount
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.processes import Process

# A killed process is gone in milliseconds, unless it waits for a disk or a server.
KILL_PATIENCE = 5.0
# Nothing that processes of k0s could still do is of use.
K0S_PATIENCE = 1.0
_PAUSE = 0.05
_UNMOUNT = 10.0
_KINDS = {processes.POD: "of pods", processes.K0S: "of k0s"}


class Processes(Part):
    """Asked to end first: a database in a pod may have something to write to a volume that stays."""

    vital = True

    def find(self, host: Host) -> List[Change]:
        kinds = list(_doomed(host).values())
        return [
            Change("process", kind, f"processes {words} are ended: {kinds.count(kind)}")
            for kind, words in _KINDS.items()
            if kind in kinds
        ]

    def clear(self, host: Host) -> None:
        _thaw(host)
        begin = host.clock.now()
        told: Dict[Tuple[int, int], int] = {}
        while True:
            left = _doomed(host)
            waited = host.clock.now() - begin
            if not left or waited >= host.target.grace + KILL_PATIENCE:
                break
            for item, kind in left.items():
                number = signal.SIGTERM if waited < _grace(item, kind, host) else signal.SIGKILL
                if told.get((item.pid, number)) != item.start:
                    _tell(item, number, host)
                    told[item.pid, number] = item.start
            host.clock.sleep(_PAUSE)
        for item, kind in left.items():
            host.complain("process", kind, f"process {item.pid} ({item.name}) does not end although it was killed")


def _grace(process: Process, kind: str, host: Host) -> float:
    """An API server would wait for clients, and etcd for members that are gone. A shim holds the output of a pod."""
    if kind == processes.K0S and not processes.is_shim(process):
        return min(K0S_PATIENCE, host.target.grace)
    return host.target.grace


def has_processes(host: Host) -> bool:
    """Whether processes run that can only be those of k0s."""
    return processes.K0S in _doomed(host).values()


def _doomed(host: Host) -> Dict[Process, str]:
    return processes.doomed(processes.read_all(host.root), host.target, host.own_pid)


def _tell(process: Process, number: int, host: Host) -> None:
    try:
        host.signal(process.pid, number)
    except ProcessLookupError:
        return


def _thaw(host: Host) -> None:
    """A frozen process cannot end."""
    for folder, name, value in (("/sys/fs/cgroup/freezer/kubepods", "freezer.state", "THAWED"),
                                ("/sys/fs/cgroup/kubepods", "cgroup.freeze", "0")):  # fmt: skip
        path = f"{folder}/{name}"
        if host.root.exists(path) and host.root.text(path).strip() not in (value, ""):
            with open(host.root.at(path), "w", encoding="ascii") as stream:
                stream.write(value)


class Mounts(Part):
    """Everything below k0s' folders: what is left mounted would be emptied with them."""

    vital = True

    def find(self, host: Host) -> List[Change]:
        return [Change("mount", item.path, "is unmounted") for item in _mounted(host)]

    def clear(self, host: Host) -> None:
        # Mounts may lie on each other, so one path may need several turns.
        for _turn in range(10):
            found = _mounted(host)
            if not found:
                return
            for item in found:
                _unmount(item, host)


def _mounted(host: Host) -> List[Mount]:
    return mounts.of_k0s(mounts.read_all(host.root), host.target)


def _unmount(mount: Mount, host: Host) -> None:
    """What is busy is let go of at once and goes when its last user does."""
    ways = (["-f", "-l"],) if mount.remote else ([], ["-l"])
    for flags in ways:
        result = host.run(["umount", *flags, mount.path], _UNMOUNT, "")
        if result.rc == 0:
            return
    host.complain("mount", mount.path, f"`{result.line}` failed: {result.complaint}")
