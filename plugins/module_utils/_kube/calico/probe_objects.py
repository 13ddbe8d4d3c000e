# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of a probe of the pods' network: a namespace, servers, a Service, and clients. Pure.

Each client has one container for each way that it tries, so that the status of the pod itself names those that fail.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.seen import name_of, spec_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import MET
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.workloads import node_ready

IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.53"
MIRRORED_IMAGE = "agnhost:2.53"
NAMESPACE_PREFIX = "mke4k-network-probe"
LABEL = "mke4k.core/network-probe"
SELECTOR = f"{LABEL}=true"
SERVER = {"app": "server"}
SERVICE = "server"
NAMESPACE = Kind("v1", "Namespace")
POD = Kind("v1", "Pod")
# Of managers and of workers each.
MOST_NODES = 2
TO_SERVICE = "to-service"
_MANAGER_LABELS = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master")
_K0S_ROLE = "node.k0sproject.io/role"
_LONGEST_NAME = 63

Manifest = Mapping[str, Any]


@dataclass(frozen=True)
class Probe:
    """What is the same for all objects of one probe."""

    namespace: str
    image: str
    port: int


def probed_nodes(nodes: Sequence[Manifest]) -> List[str]:
    """Up to two managers and two workers; none that cannot take pods."""
    usable = [node for node in nodes if node_ready()(node).state == MET and not spec_of(node).get("unschedulable")]
    managers = sorted(name_of(node) for node in usable if is_manager(node))
    workers = sorted(name_of(node) for node in usable if not is_manager(node))
    return [*managers[:MOST_NODES], *workers[:MOST_NODES]]


def is_manager(node: Manifest) -> bool:
    labels: Manifest = (node.get("metadata") or {}).get("labels") or {}
    return labels.get(_K0S_ROLE) == "control-plane" or any(name in labels for name in _MANAGER_LABELS)


def namespace(probe: Probe) -> Dict[str, Any]:
    """Its pods listen on a low port, so it must not be held to the strictest rules that a cluster may have."""
    labels = {LABEL: "true", "pod-security.kubernetes.io/enforce": "privileged"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": probe.namespace, "labels": labels}}


def server(probe: Probe, node: str) -> Dict[str, Any]:
    container = {
        "name": "server",
        "image": probe.image,
        "args": ["netexec", f"--http-port={probe.port}", "--udp-port=-1"],
        "ports": [{"containerPort": probe.port}],
        "readinessProbe": {"tcpSocket": {"port": probe.port}, "periodSeconds": 2},
    }
    return _pod(probe, f"server-on-{_short(node)}", node, [container], restart="Always", labels=SERVER)


def service(probe: Probe) -> Dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": SERVICE, "namespace": probe.namespace},
        "spec": {"selector": dict(SERVER), "ports": [{"port": probe.port, "targetPort": probe.port}]},
    }


def client(probe: Probe, node: str, targets: Sequence[Tuple[str, str]]) -> Dict[str, Any]:
    """`targets`: the name of each way, and the address at its end."""
    containers = [
        {
            "name": name,
            "image": probe.image,
            "args": ["connect", _host_port(address, probe.port), "--timeout=5s"],
            "terminationMessagePolicy": "FallbackToLogsOnError",
        }
        for name, address in targets
    ]
    return _pod(probe, f"client-on-{_short(node)}", node, containers, restart="OnFailure", labels={"app": "client"})


def target_name(node: str) -> str:
    return f"to-{_short(node)}"


def refs(probe: Probe, names: Sequence[str], what: str) -> List[Ref]:
    return [Ref(POD.api_version, POD.kind, f"{what}-on-{_short(name)}", probe.namespace) for name in names]


def _pod(
    probe: Probe,
    name: str,
    node: str,
    containers: List[Dict[str, Any]],
    *,
    restart: str,
    labels: Mapping[str, str],
) -> Dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": probe.namespace, "labels": dict(labels)},
        "spec": {
            "nodeSelector": {"kubernetes.io/hostname": node, "kubernetes.io/os": "linux"},
            "tolerations": [{"operator": "Exists"}],
            "restartPolicy": restart,
            "terminationGracePeriodSeconds": 0,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "containers": containers,
        },
    }


def _short(node: str) -> str:
    """A node's name as part of the name of a container, which takes neither dots nor many letters."""
    text = re.sub(r"[^a-z0-9]+", "-", node.lower()).strip("-")
    return text[: _LONGEST_NAME - len("server-on-")].strip("-")


def _host_port(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
