# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules on ports: the node-port range, the ingress in it, and what already listens on every host.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Dict, Iterator, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.draft import Draft, Rule, error
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.ingress import HTTP_NODE_PORT, HTTPS_NODE_PORT
from ansible_collections.mke4k.core.plugins.module_utils._config.values.network import ports_of

HOST_PORTS: Dict[int, str] = {
    2379: "etcd",
    2380: "etcd's peers",
    4789: "VXLAN",
    6443: "the Kubernetes API",
    9443: "the k0s join API",
    10248: "kubelet",
    10249: "kube-proxy",
    10250: "kubelet",
    10256: "kube-proxy",
    10257: "kube-controller-manager",
    10259: "kube-scheduler",
}


def node_ports_leave_hosts_alone(draft: Draft) -> Iterator[Finding]:
    text = draft.value("network.nodePortRange")
    if not text:
        return
    first, last = ports_of(text)
    taken = [f"{port} ({what})" for port, what in HOST_PORTS.items() if first <= port <= last]
    if taken:
        yield error(
            "node-port-range-taken",
            draft.where("network.nodePortRange"),
            f"is {text}, in which {', '.join(taken)} is used by the nodes themselves",
            "choose a range without those ports, such as 32768-35535",
        )


def ingress_is_in_the_range(draft: Draft) -> Iterator[Finding]:
    text = draft.value("network.nodePortRange")
    if not text:
        return
    first, last = ports_of(text)
    for prefix in _ingresses(draft):
        ports = _ingress_ports(draft, prefix)
        outside = {name: port for name, port in ports.items() if not first <= port <= last}
        if not outside:
            continue
        listing = " and ".join(f"{name} {port}" for name, port in outside.items())
        given = "has" if any(not draft.unset(f"{prefix}.{name}") for name in outside) else "is not set and thus has"
        yield error(
            "ingress-port-range",
            draft.where(prefix),
            f"{given} {listing}, outside of network.nodePortRange {text}: the installation would fail on it",
            f"set http and https to ports of that range, such as {first} and {min(first + 1, last)}, and let the load"
            " balancer's 443 lead to the second one",
            f"ports from {first} to {last}",
        )


def ingress_ports_differ(draft: Draft) -> Iterator[Finding]:
    for prefix in _ingresses(draft):
        ports = list(_ingress_ports(draft, prefix).values())
        if len(ports) == 2 and ports[0] == ports[1]:
            yield error(
                "ingress-port-duplicate",
                draft.where(prefix),
                f"has {ports[0]} for both http and https",
                "give each its own port",
            )


def _ingress_ports(draft: Draft, prefix: str) -> Dict[str, int]:
    """The node ports of HTTP and HTTPS; one that is wrong is left out."""
    found: Dict[str, int] = {}
    for name, default in (("http", HTTP_NODE_PORT), ("https", HTTPS_NODE_PORT)):
        port = draft.value(f"{prefix}.{name}")
        if isinstance(port, int) or draft.unset(f"{prefix}.{name}"):
            found[name] = port or default
    return found


def _ingresses(draft: Draft) -> List[str]:
    """Where the node ports of what serves MKE's own pages stand in a file of the release."""
    if not draft.release.between(since="v4.0.0"):
        return []
    if draft.release.between(since="v4.1.3"):
        return ["gatewayMKEIngress.nodePorts"]
    return ["ingressController.nodePorts"] if draft.value("ingressController.enabled") is not False else []


PORT_RULES: Tuple[Rule, ...] = (node_ports_leave_hosts_alone, ingress_is_in_the_range, ingress_ports_differ)
