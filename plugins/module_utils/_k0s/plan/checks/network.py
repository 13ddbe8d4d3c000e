# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the hosts' networks against those of the cluster.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import ipaddress
from typing import Any, Collection, Dict, Iterator, List, Mapping, Sequence, Tuple, Union

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.checks.subject import ClusterView, Subject

Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
# Devices that a network plugin of this or an earlier cluster made; their routes are in the pod network by design.
_OF_PODS = ("cali", "vxlan.calico", "tunl0", "wireguard.cali", "cni", "flannel", "kube-", "veth", "cilium", "lxc")


def cluster_networks_are_free(view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    """A network of the cluster that the host knows already would send the cluster's packets elsewhere, or keep them."""
    for subject in subjects:
        for name, cidr in _cluster_networks(view):
            for label, network in _host_networks(subject.facts, set(view.addresses.values())):
                if subject.is_new and _overlap(cidr, network):
                    yield subject.error(
                        "cidr-overlap",
                        f"{label}, which overlaps with the cluster's {name} {cidr}",
                        f"choose another {name} (spec.network), or take that network off the host",
                    )


def name_servers_stay_reachable(view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        for server in subject.facts.get("nameservers") or ():
            for name, cidr in _cluster_networks(view):
                address = _network(server.partition("%")[0])
                if (
                    subject.is_new
                    and address is not None
                    and address.version == cidr.version
                    and cidr.overlaps(address)
                ):
                    yield subject.error(
                        "nameserver-in-cluster-network",
                        f"asks the name server {server}, which is in the cluster's {name} {cidr} and will be out of "
                        "reach once the cluster runs",
                        f"choose another {name} (spec.network), or another name server",
                    )


def localhost_resolves(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        if subject.facts.get("resolves_localhost") is False:
            yield subject.error(
                "localhost-unresolved",
                "has no address for the name localhost, under which k0s' parts reach each other",
                "put `127.0.0.1 localhost` into /etc/hosts",
            )


def default_route_is_there(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        if subject.is_new and "default_interface" in subject.facts and not subject.facts["default_interface"]:
            yield subject.warning(
                "default-route-missing",
                "has no default IPv4 route; addresses of Services are then out of reach from this host",
                "add a default route, if need be to a dummy interface",
            )


def _cluster_networks(view: ClusterView) -> List[Tuple[str, Network]]:
    found = []
    for name, text in (("pod network", view.pod_cidr), ("service network", view.service_cidr)):
        for part in text.split(","):
            network = _network(part.strip())
            if network is not None:
                found.append((name, network))
    return found


def _host_networks(facts: Mapping[str, Any], nodes: Collection[str]) -> Iterator[Tuple[str, Network]]:
    """Networks with the words that tell of them; each once. Routes through another node are there for its pods."""
    seen: Dict[Network, bool] = {}
    for item in facts.get("addresses") or ():
        network = _network(f"{item.get('address')}/{item.get('prefix')}")
        if network is not None and not _is_ours(str(item.get("interface"))) and network not in seen:
            seen[network] = True
            yield f"has the address {item['address']}/{item['prefix']} on {item['interface']}", network
    for item in facts.get("routes") or ():
        network = _network(str(item.get("destination")))
        if network is None or network.prefixlen == 0 or network in seen or item.get("gateway") in nodes:
            continue
        if _is_ours(str(item.get("interface"))):
            continue
        seen[network] = True
        yield f"has a route to {network} through {item.get('gateway') or item.get('interface')}", network


def _overlap(left: Network, right: Network) -> bool:
    return left.version == right.version and left.overlaps(right)


def _is_ours(interface: str) -> bool:
    return interface.startswith(_OF_PODS) or interface == "lo"


def _network(text: str) -> Union[Network, None]:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
