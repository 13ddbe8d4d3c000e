# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host has to reach before it can join.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member

K0S_JOIN_PORT = 9443
ETCD_PEER_PORT = 2380
KONNECTIVITY_PORT = 8132
KUBELET_PORT = 10250


def probes_for(member: Member, members: Sequence[Member], cluster: Any) -> Dict[str, Any]:
    """Peers as host, port and reason, and names that must resolve (k0s documentation, "Networking")."""
    peers: List[Mapping[str, Any]] = []
    for other in members:
        if other is not member:
            peers += _peers_between(member, other, cluster.api_port)
    return {"peers": peers, "names": [cluster.external_host] if cluster.external_host else []}


def _peers_between(member: Member, other: Member, api_port: int) -> List[Mapping[str, Any]]:
    ports: Dict[int, str] = {}
    if other.is_controller:
        ports[api_port] = "Kubernetes API"
    if other.is_controller and member.is_controller:
        ports[K0S_JOIN_PORT] = "k0s join API"
        ports[ETCD_PEER_PORT] = "etcd"
    if other.is_controller and not member.is_controller and _has_konnectivity(other):
        ports[KONNECTIVITY_PORT] = "konnectivity"
    if member.is_controller and other.spec.runs_workloads:
        ports[KUBELET_PORT] = "kubelet"
    return [{"host": other.address, "port": port, "why": f"{why} of {other.name}"} for port, why in ports.items()]


def _has_konnectivity(controller: Member) -> bool:
    return "konnectivity-server" not in disabled_components([controller])


def disabled_components(members: Iterable[Member]) -> List[str]:
    """The components of k0s that the controllers do not run."""
    flag = "--disable-components="
    lists = [item[len(flag) :] for member in members for item in member.spec.arguments if item.startswith(flag)]
    return sorted({name for text in lists for name in text.split(",")})
