# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of k0s and of its pods.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Dict, List, Sequence, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.process import start_ticks
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import SERVICES, Target

POD, K0S = "pod", "k0s"
# kubelet's own groups: those of the cgroupfs driver, and the slices of the systemd driver. What stands deeper belongs
# to a k0s that somebody runs in a container on this host.
_POD_GROUP = re.compile(r"^/kubepods(?:\.slice|-[^/]*)?(?:/|$)")
_SERVICE_GROUPS = re.compile(rf"^/system\.slice/(?:{'|'.join(SERVICES)})(?:\.service)?(?:/|$)")
_ROLES = ("controller", "worker")
_SOCKET = "/run/k0s/containerd.sock"
_GONE = " (deleted)"
_INIT = "/init.scope"


@dataclass(frozen=True)
class Process:
    """One process. `groups` are its control groups, below those of process 1; `start` tells it from a later one.

    `foreign`: it is in a container, so that its paths are not those of the host.
    """

    pid: int
    parent: int = 0
    name: str = ""
    argv: Tuple[str, ...] = ()
    program: str = ""
    groups: Tuple[str, ...] = ()
    start: int = 0
    zombie: bool = False
    foreign: bool = False


def read_all(root: Root = HOST) -> List[Process]:
    """Every process of the host that has not ended."""
    base, own = _roots(_groups("1", root)), _namespace("self", root)
    found = (_read(pid, base, own, root) for pid in root.names("/proc") if pid.isdigit())
    return [item for item in found if item.start and not item.zombie]


def _read(pid: str, base: List[str], own: str, root: Root) -> Process:
    _before, _mark, rest = root.text(f"/proc/{pid}/stat").rpartition(")")
    fields = rest.split()
    try:
        program = os.readlink(root.at(f"/proc/{pid}/exe"))
    except OSError:  # it ended, or is one of the kernel's
        program = ""
    return Process(
        pid=int(pid),
        parent=int(fields[1]) if len(fields) > 1 else 0,
        name=root.text(f"/proc/{pid}/comm").strip(),
        argv=tuple(root.text(f"/proc/{pid}/cmdline").rstrip("\0").split("\0")),
        program=program[: -len(_GONE)] if program.endswith(_GONE) else program,
        groups=tuple(_below(group, base) for group in _groups(pid, root)),
        start=start_ticks(int(pid), root) or 0,
        zombie=bool(fields) and fields[0] in ("Z", "X"),
        foreign=_namespace(pid, root) != own,
    )


def _groups(pid: str, root: Root) -> List[str]:
    lines = root.text(f"/proc/{pid}/cgroup").splitlines()
    return [line.split(":", 2)[2] for line in lines if line.count(":") >= 2]


def _namespace(pid: str, root: Root) -> str:
    try:
        return os.readlink(root.at(f"/proc/{pid}/ns/pid"))
    except OSError:  # it ended
        return ""


def _roots(groups: Sequence[str]) -> List[str]:
    """The groups that the whole host is in, which may itself be a container in another kubelet's group."""
    found = [group[: -len(_INIT)] if group.endswith(_INIT) else group for group in groups]
    return sorted((group for group in set(found) if group not in ("", "/")), key=len, reverse=True)


def _below(group: str, roots: Sequence[str]) -> str:
    outer = next((item for item in roots if group == item or group.startswith(f"{item}/")), "")
    return group[len(outer) :]


def kind_of(process: Process, target: Target) -> str:
    """`pod`, `k0s`, or empty where it is neither's."""
    if any(_POD_GROUP.match(group) for group in process.groups):
        return POD
    if any(_SERVICE_GROUPS.match(group) for group in process.groups):
        return K0S
    if process.foreign:
        return ""
    if process.program.startswith(f"{target.data_dir}/bin/"):
        return K0S
    if process.program == target.binary and any(role in process.argv[1:2] for role in _ROLES):
        return K0S
    return K0S if is_shim(process) and _SOCKET in process.argv else ""


def is_shim(process: Process) -> bool:
    """Whether it stands between containerd and a pod."""
    return process.name.startswith("containerd-shim")


def doomed(processes: Sequence[Process], target: Target, own: int) -> Dict[Process, str]:
    """What ends with k0s: its processes and their children. Never the one that asks, nor those it comes from."""
    table = {item.pid: item for item in processes}
    kept: Set[int] = set()
    while own and own not in kept:
        kept.add(own)
        own = table[own].parent if own in table else 0
    found = {item: kind_of(item, target) for item in processes if item.pid not in kept}
    found = {item: kind for item, kind in found.items() if kind}
    while True:
        pids = {item.pid: kind for item, kind in found.items()}
        more = {
            item: pids[item.parent]
            for item in processes
            if item.parent in pids and item not in found and item.pid not in kept
        }
        if not more:
            return found
        found.update(more)
