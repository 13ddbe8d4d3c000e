# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workloads: whether they are ready, and the part of the kubelets where nobody runs pods."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

from .api import Api, Kind, Object, Watched
from .kinds import DAEMON_SET, DEPLOYMENT, NAMESPACE, NODE, STATEFUL_SET
from .objects import condition, conditions, generation, status_of
from .runtime import Controller

WORKLOADS = (DEPLOYMENT, DAEMON_SET, STATEFUL_SET)


def is_ready(workload: Optional[Mapping[str, Any]]) -> bool:
    return workload is not None and not awaited(workload)


def awaited(workload: Mapping[str, Any]) -> str:
    """What a workload still lacks, as tigera-operator puts it; empty where it is ready."""
    status = status_of(workload)
    kind, metadata = workload["kind"], workload["metadata"]
    if "desiredNumberScheduled" in status or kind == "DaemonSet":
        wanted, there = int(status.get("desiredNumberScheduled") or 0), int(status.get("numberReady") or 0)
    else:
        wanted, there = int(workload["spec"].get("replicas", 1)), int(status.get("readyReplicas") or 0)
    left = wanted - there
    if int(status.get("observedGeneration") or 0) < generation(workload):
        left = max(left, 1)
    name = f"{metadata['namespace']}/{metadata['name']}"
    return f"{kind} {name!r} is not available (awaiting {left} nodes)" if left > 0 else ""


def running(api: Api, names: Sequence[str]) -> Optional[Object]:
    """The Deployment of an operator by its possible names, in whatever namespace, once its pods run."""
    for deployment in api.list(DEPLOYMENT):
        if deployment["metadata"]["name"] in names and is_ready(deployment):
            return deployment
    return None


def ensure_namespace(api: Api, name: str) -> None:
    if api.get(NAMESPACE, name) is None:
        api.create(NAMESPACE, NAMESPACE.made(name))


def pod_template(name: str, image: str, *, host_network: bool = False) -> Dict[str, Any]:
    """Pods that do nothing, with the image that the operator itself was started with: every host can get that one."""
    container = {"name": name, "image": image, "imagePullPolicy": "IfNotPresent"}
    spec: Dict[str, Any] = {"containers": [container], "tolerations": [{"operator": "Exists"}]}
    if host_network:
        spec["hostNetwork"] = True
    return {"metadata": {"labels": {"k8s-app": name}}, "spec": spec}


def workload(kind: Kind, name: str, namespace: str, template: Mapping[str, Any]) -> Object:
    labels = template["metadata"]["labels"]
    spec: Dict[str, Any] = {"selector": {"matchLabels": labels}, "template": template}
    if kind is not DAEMON_SET:
        spec["replicas"] = 1
    return kind.made(name, namespace, spec=spec)


class Pods(Controller):
    """Marks every workload ready, where there are no kubelets and no controller-manager.

    A fault `pods.NAME` is about the workload with that name.
    """

    name = "pods"
    watches = tuple(Watched(kind) for kind in WORKLOADS)

    def reconcile(self, key: str) -> None:
        nodes = self._nodes()
        for kind in WORKLOADS:
            for item in self.api.list(kind):
                self._mark(kind, {**item, "kind": kind.kind}, nodes)

    def _nodes(self) -> int:
        return len(self.api.list(NODE))

    def _mark(self, kind: Kind, item: Object, nodes: int) -> None:
        metadata = item["metadata"]
        stage = f"{metadata['uid']}/{generation(item)}"
        fault = self.faults.of(f"pods.{metadata['name']}")
        state = self.progress.state(stage, fault, was_ready=is_ready(item))
        wanted = nodes if kind is DAEMON_SET else int(item["spec"].get("replicas", 1))
        self.api.set_status(kind, item, _status(kind, item, wanted, wanted if state.ready else 0, state.message))


def _status(kind: Kind, item: Object, wanted: int, ready: int, message: str) -> Object:
    seen = {"observedGeneration": generation(item)}
    if kind is DAEMON_SET:
        counts = {"desiredNumberScheduled": wanted, "currentNumberScheduled": wanted, "numberReady": ready}
        return {**seen, **counts, "numberMisscheduled": 0, "numberAvailable": ready, "updatedNumberScheduled": wanted}
    status: Object = {**seen, "replicas": wanted, "readyReplicas": ready, "updatedReplicas": wanted}
    status["availableReplicas"] = ready
    if kind is DEPLOYMENT:
        status["conditions"] = conditions(item, _deployment_conditions(ready >= wanted, message))
    return status


def _deployment_conditions(available: bool, message: str) -> List[Object]:
    found = condition(
        "Available",
        available,
        "MinimumReplicasAvailable" if available else "MinimumReplicasUnavailable",
        message or ("Deployment has minimum availability." if available else "Deployment lacks minimum availability."),
    )
    # Kubernetes' own conditions have no generation.
    del found["observedGeneration"]
    return [found]
