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

IngressPort = Tuple[str, int, bool]


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
    for path, port, given in _ingress_ports(draft):
        if first <= port <= last:
            continue
        message = f"is {port}" if given else f"is not set and thus {port}"
        yield error(
            "ingress-port-range",
            draft.where(path),
            f"{message}, which is outside of network.nodePortRange {text}: the installation would fail on it",
            f"set it to a port of that range, such as {first if 'https' not in path else first + 1},"
            " and let the load balancer's 443 lead to the HTTPS one",
            f"a port from {first} to {last}",
        )


def ingress_ports_differ(draft: Draft) -> Iterator[Finding]:
    seen: Dict[int, str] = {}
    for path, port, _given in _ingress_ports(draft):
        if port in seen:
            yield error(
                "ingress-port-duplicate",
                draft.where(path),
                f"is {port}, and so is {draft.where(seen[port])}",
                "give each its own port",
            )
        seen.setdefault(port, path)


def _ingress_ports(draft: Draft) -> List[IngressPort]:
    """The node ports of what serves MKE's own pages in the release: path, port, and whether the file has it."""
    found: List[IngressPort] = []
    for prefix in _ingresses(draft):
        for name, default in (("http", HTTP_NODE_PORT), ("https", HTTPS_NODE_PORT)):
            path = f"{prefix}.nodePorts.{name}"
            port = draft.value(path)
            if port is None:
                found.append((path, default, False))
            elif isinstance(port, int):
                found.append((path, port, True))
    return found


def _ingresses(draft: Draft) -> List[str]:
    if not draft.release.between(since="v4.0.0"):
        return []
    if draft.release.between(since="v4.1.3"):
        return ["gatewayMKEIngress"]
    return ["ingressController"] if draft.value("ingressController.enabled") is not False else []


PORT_RULES: Tuple[Rule, ...] = (node_ports_leave_hosts_alone, ingress_is_in_the_range, ingress_ports_differ)
