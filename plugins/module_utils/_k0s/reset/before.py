# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host was before k0s came: kept in the receipt, so that a reset can tell what k0s added.

A cluster that others installed has no such record. Then only what is certainly Kubernetes' is taken away.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.kernel import Kernel, have

KEY = "before"
# Folders that k0s, containerd and network plugins make where others may have some too.
SHARED_FOLDERS = (
    "/etc/cni", "/etc/cni/net.d", "/opt/cni", "/opt/cni/bin", "/opt/containerd", "/opt/containerd/bin",
    "/opt/containerd/lib", "/run/containerd", "/run/netns", "/var/lib/cni", "/var/lib/kubelet", "/var/log/containers",
    "/var/log/pods",
)  # fmt: skip
PLUGINS = "/opt/cni/bin"
# What k0s, kubelet, kube-proxy and network plugins write. None: any value.
SETTINGS: Mapping[str, Optional[str]] = {
    "kernel/keys/root_maxbytes": "25000000",
    "kernel/keys/root_maxkeys": "1000000",
    "kernel/panic": "10",
    "kernel/panic_on_oops": "1",
    "net/bridge/bridge-nf-call-arptables": "1",
    "net/bridge/bridge-nf-call-ip6tables": "1",
    "net/bridge/bridge-nf-call-iptables": "1",
    "net/ipv4/conf/all/forwarding": "1",
    "net/ipv4/conf/all/route_localnet": "1",
    "net/ipv4/conf/all/rp_filter": None,
    "net/ipv4/conf/default/forwarding": "1",
    "net/ipv4/conf/default/rp_filter": None,
    "net/ipv6/conf/all/forwarding": "1",
    "net/ipv6/conf/default/forwarding": "1",
    "net/netfilter/nf_conntrack_max": None,
    "net/netfilter/nf_conntrack_tcp_be_liberal": "1",
    "net/netfilter/nf_conntrack_tcp_timeout_close_wait": "3600",
    "net/netfilter/nf_conntrack_tcp_timeout_established": "86400",
    "vm/overcommit_memory": "1",
    "vm/panic_on_oom": "0",
}
_INTERFACES = ("net/ipv4/conf", "net/ipv6/conf")


@dataclass(frozen=True)
class Before:
    """`known` is False where nothing was recorded."""

    known: bool = False
    folders: Tuple[str, ...] = ()
    plugins: Tuple[str, ...] = ()
    links: Tuple[str, ...] = ()
    tables: Tuple[str, ...] = ()
    modules: Tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, receipt: Mapping[str, Any]) -> Before:
        found = receipt.get(KEY)
        if not isinstance(found, dict):
            return cls()
        lists = {name: tuple(found.get(name) or ()) for name in ("folders", "plugins", "links", "tables", "modules")}
        return cls(known=True, settings=dict(found.get("settings") or {}), **lists)


def read(root: Root = HOST, kernel: Optional[Kernel] = None) -> Dict[str, Any]:
    """The record of a host that has no k0s yet."""
    return {
        "folders": [path for path in SHARED_FOLDERS if root.exists(path)],
        "plugins": root.names(PLUGINS),
        "links": root.names("/sys/class/net"),
        "tables": sorted(str(table) for table in have((kernel or Kernel()).nft_tables)),
        "modules": loaded_modules(root),
        "settings": settings(root),
    }


def loaded_modules(root: Root = HOST) -> List[str]:
    return sorted(line.split(" ", 1)[0] for line in root.text("/proc/modules").splitlines())


def settings(root: Root = HOST) -> Dict[str, str]:
    """The values that the kernel has; forwarding also of each interface, which a change for all of them changes."""
    names = list(SETTINGS)
    names += [f"{folder}/{link}/forwarding" for folder in _INTERFACES for link in root.names(f"/proc/sys/{folder}")]
    values = {name: root.text(f"/proc/sys/{name}").strip() for name in dict.fromkeys(names)}
    return {name: value for name, value in values.items() if value}
