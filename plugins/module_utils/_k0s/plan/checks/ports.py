# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that the ports of k0s are free and that no firewall of the host closes them.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Dict, Iterator, List, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.checks.subject import ClusterView, Subject

Port = Tuple[str, int]


def ports_of(view: ClusterView, role: str) -> Dict[Port, str]:
    """The ports that k0s listens on in that role, and for what (k0s documentation, "Networking")."""
    ports: Dict[Port, str] = {}
    if role != "worker":
        ports[("tcp", view.api_port)] = "Kubernetes API"
        ports[("tcp", 9443)] = "k0s join API"
        ports[("tcp", 10257)] = "kube-controller-manager"
        ports[("tcp", 10259)] = "kube-scheduler"
        if role != "single":
            ports[("tcp", 2379)] = "etcd"
            ports[("tcp", 2380)] = "etcd peers"
        if "konnectivity-server" not in view.disabled_components and role != "single":
            ports[("tcp", 8132)] = "konnectivity agents"
            ports[("tcp", 8133)] = "konnectivity administration"
    if role != "controller":
        ports[("tcp", 10248)] = "kubelet health"
        ports[("tcp", 10250)] = "kubelet"
        if "kube-proxy" not in view.disabled_components:
            ports[("tcp", 10249)] = "kube-proxy metrics"
            ports[("tcp", 10256)] = "kube-proxy health"
    return ports


# Those of the above that other hosts connect to, and Calico's.
_OPEN_ON_CONTROLLERS: Tuple[Port, ...] = (("tcp", 9443), ("tcp", 2380))
_OPEN_ON_WORKERS: Tuple[Port, ...] = (("tcp", 10250), ("tcp", 5473), ("udp", 4789))


def ports_are_free(view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        if not subject.is_new:
            continue
        wanted = ports_of(view, subject.role)
        reported = set()
        for item in subject.facts.get("listening") or ():
            port = (str(item.get("protocol")), int(item.get("port") or 0))
            if port not in wanted or port in reported:
                continue
            reported.add(port)
            yield subject.error(
                "port-in-use",
                f"has {item.get('process') or 'something'} listening on port {port[1]}/{port[0]} "
                f"({item.get('address')}), which k0s needs for its {wanted[port]}",
                "stop that program or move it to another port",
            )


def firewall_lets_k0s_through(view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        active = [name for name in ("firewalld", "ufw") if (subject.facts.get("firewall") or {}).get(name)]
        if subject.is_new and active and len(subjects) > 1:
            ports = ", ".join(f"{port}/{protocol}" for protocol, port in _open_ports(view, subject))
            yield subject.warning(
                "firewall-active",
                f"has {' and '.join(active)} running, which may keep the other hosts and pods out",
                f"let {ports} in from the other hosts, and everything from {view.pod_cidr} and {view.service_cidr}",
            )


def _open_ports(view: ClusterView, subject: Subject) -> List[Port]:
    ports: List[Port] = []
    if subject.is_controller:
        ports += [("tcp", view.api_port), *_OPEN_ON_CONTROLLERS]
    if subject.runs_workloads:
        ports += _OPEN_ON_WORKERS
    return ports
