# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes and pods in memory: an API server with evictions, budgets and leases that lives by a clock of its own."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.transport import Answer
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import (
    Server,
    Time,
    answer,
    api_of,
    refused,
)

Object = dict[str, Any]
READY = [{"type": "Ready", "status": "True"}]
NODES, PODS = "/api/v1/nodes", "/api/v1/namespaces/{}/pods"
LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases"
BUDGET_SAYS = "Cannot evict pod as it would violate the pod's disruption budget."


class Cluster(Server):
    """`pods_take`: seconds that an evicted pod needs to end. `comes_back`: whether its owner makes another one."""

    def __init__(self, pods_take: float = 1.0, comes_back: bool = True) -> None:
        super().__init__()
        self.time = Time()
        self.pods_take = pods_take
        self.comes_back = comes_back
        self.evictions: list[str] = []
        self.holds: dict[str, Callable[[], Answer | None]] = {}
        self.versions = itertools.count(1)
        self.leads: dict[str, bool] = {}
        self._later: list[tuple[float, Callable[[], object]]] = []

    def api(self) -> Api:
        return api_of(self, time=self.time)

    def node(self, name: str, **spec: Any) -> Object:
        metadata = {"name": name, "uid": name, "labels": {"kubernetes.io/hostname": name}, "annotations": {}}
        return self._place(f"{NODES}/{name}", {"metadata": metadata, "spec": spec, "status": {"conditions": READY}})

    def pod(self, name: str, node: str, owner: str = "ReplicaSet/web", **parts: Any) -> Object:
        kind, _slash, owner_name = owner.partition("/")
        owners = [{"apiVersion": "apps/v1", "kind": kind, "name": owner_name, "uid": owner_name, "controller": True}]
        labels = {"app": owner_name or name}
        metadata: Object = {"name": name, "namespace": "shop", "uid": f"uid-{name}", "labels": labels}
        if owner:
            metadata["ownerReferences"] = owners
        metadata.update(parts.pop("metadata", {}))
        status = {"phase": "Running", "conditions": READY, **parts.pop("status", {})}
        manifest = {"metadata": metadata, "spec": {"nodeName": node, **parts}, "status": status}
        return self._place(f"{PODS.format('shop')}/{name}", manifest)

    def replica_set(self, name: str, replicas: int, ready: int) -> Object:
        manifest = {
            "metadata": {"name": name, "namespace": "shop", "uid": name},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}}},
            "status": {"readyReplicas": ready},
        }
        return self._place(f"/apis/apps/v1/namespaces/shop/replicasets/{name}", manifest)

    def budget(self, name: str, app: str, status: Mapping[str, Any] | None = None, **spec: Any) -> Object:
        metadata = {"name": name, "namespace": "shop", "generation": 1}
        selector = {"selector": {"matchLabels": {"app": app}}}
        manifest = {"metadata": metadata, "spec": {**selector, **spec}, "status": dict(status or {})}
        return self._place(f"/apis/policy/v1/namespaces/shop/poddisruptionbudgets/{name}", manifest)

    def lease(self, name: str, renews: bool = True) -> None:
        self.leads[name] = renews
        manifest = {"metadata": {"name": name}, "spec": {"holderIdentity": "c1", "renewTime": "0"}}
        self._place(f"{LEASES}/{name}", manifest)

    def after(self, seconds: float, do: Callable[[], object]) -> None:
        self._later.append((self.time.now + seconds, do))

    def of_node(self, name: str) -> Object:
        return self.objects[f"{NODES}/{name}"]

    def names_on(self, node: str) -> list[str]:
        return [pod["metadata"]["name"] for pod in self._pods() if pod["spec"].get("nodeName") == node]

    def writes(self) -> list[str]:
        return [f"{method} {path}" for method, path, _query, _body in self.seen if method != "GET"]

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], seconds: float) -> Answer:
        due = [item for item in self._later if item[0] <= self.time.now]
        self._later = [item for item in self._later if item not in due]
        for _when, do in due:
            do()
        for name, renews in self.leads.items():
            if renews:
                self.objects[f"{LEASES}/{name}"]["spec"]["renewTime"] = str(int(self.time.now) // 2)
        parts = urlsplit(path)
        if method == "POST" and parts.path.endswith("/eviction"):
            self.seen.append((method, parts.path, {}, json.loads(body or b"{}")))
            return self.troubles.pop(0)() if self.troubles else self._evict(parts.path.rpartition("/")[0])
        return super().send(method, path, body, headers, seconds)

    def _place(self, path: str, manifest: Object) -> Object:
        manifest["metadata"]["resourceVersion"] = str(next(self.versions))
        self.objects[path] = manifest
        return manifest

    def _pods(self) -> list[Object]:
        return [item for path, item in self.objects.items() if path.rpartition("/")[0].endswith("/pods")]

    def _get(self, path: str, query: dict[str, str], body: Any) -> Answer:
        if path != "/api/v1/pods" and not path.endswith(("/pods", "/nodes", "poddisruptionbudgets")):
            return super()._get(path, query, body)
        kind = path.rpartition("/")[2]
        items = [item for place, item in self.objects.items() if place.rpartition("/")[0].endswith(f"/{kind}")]
        wanted = dict(parse_qsl(query.get("labelSelector", "").replace(",", "&")))
        node = query.get("fieldSelector", "").partition("spec.nodeName=")[2]
        found = [
            item
            for item in items
            if (not node or item["spec"].get("nodeName") == node)
            and all((item["metadata"].get("labels") or {}).get(key) == value for key, value in wanted.items())
        ]
        return answer(200, {"items": found, "metadata": {"resourceVersion": "7"}})

    def _patch(self, path: str, query: dict[str, str], body: Any) -> Answer:
        there = self.objects[path]
        if body["metadata"].get("resourceVersion") != there["metadata"]["resourceVersion"]:
            return refused(409, "Conflict", "the object has been modified")()
        changed = merged(there, body)
        changed["metadata"]["resourceVersion"] = str(next(self.versions))
        if "dryRun" not in query:
            self.objects[path] = changed
        return answer(200, changed)

    def _evict(self, path: str) -> Answer:
        pod = self.objects.get(path)
        if pod is None:
            return self._missing(path)
        name = pod["metadata"]["name"]
        refusal = self.holds[name]() if name in self.holds else None
        if refusal is not None:
            return refusal
        self.evictions.append(name)
        pod["metadata"]["deletionTimestamp"] = "now"
        self.after(self.pods_take, lambda: self._end(path, pod))
        return answer(201, {"status": "Success"})

    def _end(self, path: str, pod: Object) -> None:
        self.objects.pop(path, None)
        if self.comes_back and "ownerReferences" in pod["metadata"]:
            name = f"{pod['metadata']['name']}-again"
            metadata = {key: value for key, value in pod["metadata"].items() if key != "deletionTimestamp"}
            again = {**pod, "metadata": {**metadata, "name": name, "uid": f"uid-{name}"}, "spec": {"nodeName": "other"}}
            self._place(f"{path.rpartition('/')[0]}/{name}", again)


def over_budget() -> Answer:
    """What an API server says while a budget allows no disruption."""
    causes = [{"reason": "DisruptionBudget", "message": "The disruption budget web needs 2 healthy pods"}]
    status = {"kind": "Status", "reason": "TooManyRequests", "message": BUDGET_SAYS}
    return answer(429, {**status, "details": {"causes": causes}})


def merged(there: Any, patch: Any) -> Any:
    """As RFC 7386 has it: null takes a field away."""
    if not isinstance(patch, dict):
        return patch
    found = dict(there) if isinstance(there, dict) else {}
    for key, value in patch.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = merged(found.get(key), value)
    return found
