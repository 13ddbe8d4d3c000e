# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Control groups of pods, and the users of k0s.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from typing import Dict, Iterator, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.host import Host, Part

_CGROUPS = "/sys/fs/cgroup"
_PODS = ("kubepods", "kubepods.slice")
# kubelet makes it for the container runtime.
_RUNTIME = "system.slice/containerd.service"
_PROGRAM = 15.0
# Users of the system are below that number.
_FIRST_PERSON = 1000


class ControlGroups(Part):
    """Those that kubelet made. They are empty once the pods' processes have ended."""

    def find(self, host: Host) -> List[Change]:
        names = sorted({os.path.relpath(path, base) for base, path in _tops(host)})
        return [Change("cgroup", name, "is removed") for name in names]

    def clear(self, host: Host) -> None:
        for base, top in _tops(host):
            for folder, _folders, _files in os.walk(top, topdown=False):
                _remove(folder, os.path.relpath(top, base), host)
            parent = os.path.dirname(top)
            if parent != base and not _children(parent) and not _procs(parent):
                _remove(parent, os.path.relpath(top, base), host)


def _remove(folder: str, name: str, host: Host) -> None:
    try:
        os.rmdir(folder)
    except OSError as error:
        host.complain("cgroup", name, f"{folder} could not be removed: {error.strerror}")


def _tops(host: Host) -> Iterator[Tuple[str, str]]:
    """Each group with the root of its hierarchy."""
    for base in dict.fromkeys(os.path.realpath(path) for path in _hierarchies(host)):
        for name in _PODS:
            if os.path.isdir(os.path.join(base, name)):
                yield base, os.path.join(base, name)
        runtime = os.path.join(base, _RUNTIME)
        if os.path.isdir(runtime) and not _procs(runtime) and not _children(runtime) and not _has_containerd(host):
            yield base, runtime


def _hierarchies(host: Host) -> List[str]:
    base = host.root.at(_CGROUPS)
    if host.root.exists(f"{_CGROUPS}/cgroup.controllers"):
        return [base]
    return [os.path.join(base, name) for name in host.root.names(_CGROUPS)]


def _has_containerd(host: Host) -> bool:
    """Whether the group belongs to a service of the host's own."""
    folders = ("/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
    units = [host.root.at(f"{folder}/containerd.service") for folder in folders]
    # A link to /dev/null is how systemd keeps a unit that it shall never start.
    return any(os.path.exists(unit) and os.path.realpath(unit) != os.devnull for unit in units)


def _procs(folder: str) -> str:
    try:
        with open(os.path.join(folder, "cgroup.procs"), encoding="ascii") as stream:
            return stream.read().strip()
    except FileNotFoundError:  # it went while we looked
        return ""


def _children(folder: str) -> List[str]:
    return [name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name))]


class Users(Part):
    """The system users that `k0s install` made: their home is k0s' data folder."""

    def find(self, host: Host) -> List[Change]:
        return [Change("user", name, "is removed with its group") for name in _users(host)]

    def clear(self, host: Host) -> None:
        for name in _users(host):
            program = "userdel" if command.find("userdel") else "deluser"
            result = host.run([program, name], _PROGRAM, "")
            # 12 is a home that could not be removed, which nobody asked for.
            if result.rc not in (0, 12):
                host.complain("user", name, f"`{result.line}` failed: {result.complaint}")
            if name in _table(host, "/etc/group") and name not in _table(host, "/etc/passwd"):
                program = "groupdel" if command.find("groupdel") else "delgroup"
                host.run([program, name], _PROGRAM, "")

    def goes_with_reboot(self, change: Change) -> bool:
        del change
        return False


def _table(host: Host, path: str) -> Dict[str, List[str]]:
    lines = [line.split(":") for line in host.root.text(path).splitlines()]
    return {fields[0]: fields for fields in lines if len(fields) > 2}


def _users(host: Host) -> List[str]:
    found = _table(host, "/etc/passwd").values()
    return sorted(
        fields[0]
        for fields in found
        if len(fields) > 6 and fields[5].rstrip("/") == host.target.data_dir
        and fields[2].isdigit() and 0 < int(fields[2]) < _FIRST_PERSON
    )  # fmt: skip
