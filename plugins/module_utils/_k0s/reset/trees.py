# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files and folders of k0s, and what it and network plugins left in folders that are not theirs alone.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from typing import Iterator, List

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command, files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.binary import STAGED_SUFFIX as _STAGED
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.paths import Paths
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import mounts
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.before import PLUGINS, SHARED_FOLDERS
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.host import Host, Part
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import KUBELET_FOLDER, SERVICES

_ONLY_K0S = ("/run/k0s", "/usr/libexec/k0s")
_FOLDERS = (*_ONLY_K0S, "/run/calico", "/var/lib/calico", "/var/log/calico", "/run/nodeagent")
# Only k0s' kubelet writes here, unless another one was there before.
_KUBELETS = ("/var/log/pods", "/var/log/containers")
_ANOTHER_KUBELET = "/var/lib/kubelet/config.yaml"
_CNI_STATE = "/var/lib/cni"
_CNI_FILES = ("10-calico.conflist", "calico-kubeconfig", "10-kuberouter.conflist", "calico-tls")
# Those of the image that k0s installs them from, and Calico's.
_PLUGINS = (
    "bandwidth", "bridge", "calico", "calico-ipam", "dhcp", "dummy", "firewall", "flannel", "host-device", "host-local",
    "install", "ipvlan", "loopback", "macvlan", "portmap", "ptp", "sbr", "static", "tap", "tuning", "vlan", "vrf",
)  # fmt: skip
_PLUGIN_NOTES = ("LICENSE", "README.md")
_NETWORKS = "/run/netns"
_SHIMS = "/run/containerd/s"
_RUNC = "/run/containerd/runc/k8s.io"
_INNER = (f"{_CNI_STATE}/networks", f"{_CNI_STATE}/results", "/run/containerd/runc", _SHIMS)
_OWNER = 15.0
_PATHS = Paths()
_LAST = (_PATHS.share, _PATHS.configuration_folder, _PATHS.lock)


class Programs(Part):
    """The binary, and what was put beside it."""

    vital = True
    certain = True

    def find(self, host: Host) -> List[Change]:
        return [_change(path, host) for path in _programs(host)]

    def clear(self, host: Host) -> None:
        for path in _programs(host):
            _remove(path, host)

    def goes_with_reboot(self, change: Change) -> bool:
        del change
        return False


class Files(Part):
    """All but k0s' folder below /etc, whose receipt tells what was there before: it goes last."""

    vital = True

    def find(self, host: Host) -> List[Change]:
        return [
            *(_change(path, host) for path in _own(host)),
            *(_change(path, host) for path in _shared(host)),
            *(Change("folder", path, "is removed, as it is empty") for path in _empty(host)),
        ]

    def clear(self, host: Host) -> None:
        for path in [*_own(host), *_shared(host)]:
            _remove(path, host)
        for path in _empty(host):
            os.rmdir(host.root.at(path))

    def goes_with_reboot(self, change: Change) -> bool:
        return change.target.startswith("/run/")


class Configuration(Part):
    """k0s' folder below /etc, with the receipt, and what this collection keeps below /run."""

    vital = True
    certain = True

    def find(self, host: Host) -> List[Change]:
        return [_change(path, host) for path in _LAST if host.root.exists(path)]

    def clear(self, host: Host) -> None:
        for path in _LAST:
            _remove(path, host)

    def goes_with_reboot(self, change: Change) -> bool:
        return change.target.startswith("/run/")


def _change(path: str, host: Host) -> Change:
    return Change("folder" if os.path.isdir(host.root.at(path)) else "file", path, "is removed")


def has_traces(host: Host) -> bool:
    """Whether folders are there that only k0s makes. A disk that waits for k0s is no trace of it."""
    if host.root.exists(host.target.data_dir) and not _is_empty_disk(host.target.data_dir, host):
        return True
    return any(host.root.exists(path) for path in (*_ONLY_K0S, _PATHS.configuration_folder))


def _programs(host: Host) -> List[str]:
    program = _real(host.target.binary, host)
    paths = [*_beside(program, host), host.target.binary, program]
    return [path for path in dict.fromkeys(paths) if host.root.exists(path)]


def _own(host: Host) -> List[str]:
    target = host.target
    paths = [target.data_dir, *target.kubelet_dirs, *_FOLDERS, *_KUBELETS]
    paths += [f"/var/log/{name}{suffix}" for name in SERVICES for suffix in (".log", ".err")]
    if host.root.exists(_ANOTHER_KUBELET):
        paths = [path for path in paths if path not in (KUBELET_FOLDER, *_KUBELETS)]
    return [path for path in dict.fromkeys(paths) if host.root.exists(path) and not _is_empty_disk(path, host)]


def _real(path: str, host: Host) -> str:
    """The file behind a link, which goes too."""
    found = os.path.realpath(host.root.at(path))
    return found[len(host.root.prefix) :] if found.startswith(host.root.prefix) else path


def _is_empty_disk(path: str, host: Host) -> bool:
    """A disk of its own at k0s' folder stays where it is, and a new one has this folder."""
    return os.path.ismount(host.root.at(path)) and set(host.root.names(path)) <= {"lost+found"}


def _beside(program: str, host: Host) -> List[str]:
    """What this collection staged, and what killed runs, k0sctl and k0s' own update left beside the binary."""
    folder, name = os.path.split(program)
    return [
        f"{folder}/{item}"
        for item in host.root.names(folder)
        if item.startswith((f".{name}.mke4k-", f"{name}.tmp"))
        or (item.startswith(f"{name}.") and item.endswith(_STAGED))
    ]


def _remove(path: str, host: Host) -> None:
    """A folder that something is mounted below is not touched: that would empty what is mounted."""
    place = host.root.at(path)
    below = [item.path for item in mounts.read_all(host.root) if mounts.is_below(item.path, path)]
    if below:
        host.complain("folder", path, f"{below[0]} is still mounted below it")
        return
    try:
        if os.path.ismount(place):
            for name in host.root.names(path):
                if name != "lost+found":
                    files.remove(os.path.join(place, name))
        else:
            files.remove(place)
    except K0sError as error:
        host.complain("folder" if os.path.isdir(place) else "file", path, str(error))


def _shared(host: Host) -> Iterator[str]:
    """Files among those of others."""
    for name in _CNI_FILES:
        if host.root.exists(f"/etc/cni/net.d/{name}"):
            yield f"/etc/cni/net.d/{name}"
    yield from _plugins(host)
    for folder in (f"{_CNI_STATE}/networks", f"{_CNI_STATE}/results"):
        for name in host.root.names(folder):
            # Podman has its networks there too.
            if not name.startswith("podman"):
                yield f"{folder}/{name}"
    yield from (f"{_NETWORKS}/{name}" for name in host.root.names(_NETWORKS) if name.startswith("cni-"))
    if host.root.exists(_RUNC):
        yield _RUNC
    served = {line.split()[-1] for line in host.root.text("/proc/net/unix").splitlines() if "/" in line}
    for name in host.root.names(_SHIMS):
        if f"{_SHIMS}/{name}" not in served:
            yield f"{_SHIMS}/{name}"


def _plugins(host: Host) -> List[str]:
    """Network plugins that were not there before k0s; where that is not known, those that no package owns."""
    names = set(_PLUGINS) | set(_PLUGIN_NOTES)
    found = [name for name in host.root.names(PLUGINS) if name in names]
    if host.before.known:
        return [f"{PLUGINS}/{name}" for name in found if name not in host.before.plugins]
    paths = [f"{PLUGINS}/{name}" for name in found]
    return paths if not paths else _without_owner(paths, host)


def _without_owner(paths: List[str], host: Host) -> List[str]:
    """dpkg names the owner of each path it knows; rpm says line by line whether there is one."""
    if command.find("dpkg-query"):
        out = host.run(["dpkg-query", "--search", *paths], _OWNER, "").out
        owned = {line.rpartition(": ")[2] for line in out.splitlines()}
        return [path for path in paths if path not in owned]
    if command.find("rpm"):
        lines = host.run(["rpm", "--query", "--file", *paths], _OWNER, "").out.splitlines()
        if len(lines) == len(paths):
            return [path for path, line in zip(paths, lines) if "not owned" in line]
    return []


def _empty(host: Host) -> List[str]:
    """Folders that hold nothing, or nothing but each other, and were not there before; the innermost first."""
    gone: List[str] = []
    candidates = [*_INNER, *(path for path in SHARED_FOLDERS if path not in host.before.folders)]
    for path in sorted(candidates, key=len, reverse=True):
        place = host.root.at(path)
        if not os.path.isdir(place) or os.path.ismount(place) or os.path.islink(place):
            continue
        if all(f"{path}/{name}" in gone for name in host.root.names(path)):
            gone.append(path)
    return gone
