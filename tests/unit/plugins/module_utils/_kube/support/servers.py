# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API server as far as it is asked for a support bundle: answers by path."""

from __future__ import annotations

import base64
import json
from typing import Any, Dict, List, Optional
from urllib.parse import parse_qs, urlsplit

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotReachable, Refused

GROUPS = {
    "v1": ("Pod pods", "Node nodes", "ConfigMap configmaps", "Secret secrets", "Event events", "Limit limitranges"),
    "helm.k0sproject.io/v1beta1": ("Chart charts",),
    "mke.mirantis.com/v1alpha1": ("MkeConfig mkeconfigs",),
    "metrics.k8s.io/v1beta1": ("NodeMetrics nodes",),
}


class Server:
    """`objects` by plural, `broken` paths that are refused, `logs` by pod."""

    server = "https://10.0.0.1:6443"
    requests = 0

    def __init__(self) -> None:
        self.objects: Dict[str, List[Dict[str, Any]]] = {}
        self.broken: List[str] = []
        self.logs: Dict[str, str] = {}
        self.asked: List[str] = []
        self.gone = ""

    def add(self, plural: str, name: str, namespace: str = "", **more: Any) -> None:
        metadata = {
            "name": name,
            "managedFields": [{"manager": "x"}],
            **({"namespace": namespace} if namespace else {}),
        }
        self.objects.setdefault(plural, []).append({"metadata": {**metadata, **more.pop("metadata", {})}, **more})

    def secret(self, name: str, namespace: str = "mke", kind: str = "Opaque", **values: str) -> None:
        data = {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}
        self.add("secrets", name, namespace, type=kind, data=data)

    def version(self) -> Dict[str, Any]:
        if self.gone:
            raise NotReachable(self.gone)
        return {"gitVersion": "v1.33.13+k0s"}

    def list(self, _kind: Any) -> Any:
        raise NotReachable(self.gone or "not asked for here")

    def raw(self, path: str) -> str:
        self.asked.append(path)
        url = urlsplit(path)
        if any(url.path.startswith(item) for item in self.broken):
            raise Refused(f"Could not read {url.path}: 403 no", 403)
        return self._answer(url.path, parse_qs(url.query))

    def _answer(self, path: str, query: Dict[str, List[str]]) -> str:
        if path == "/readyz":
            return "[+]ping ok\nreadyz check passed\n"
        if path == "/apis":
            groups = [{"preferredVersion": {"groupVersion": name}} for name in GROUPS if "/" in name]
            return json.dumps({"groups": groups})
        if path.endswith("/log"):
            pod = path.split("/")[-2]
            return self.logs.get(f"{pod}.previous" if query.get("previous") else pod, "")
        version = path.split("/", 2)[2]
        if version in GROUPS:
            return json.dumps({"resources": _resources(version)})
        return self._page(path.rpartition("/")[2], query.get("continue", [""])[0])

    def _page(self, plural: str, start: str) -> str:
        pairs = (item.split() for items in GROUPS.values() for item in items)
        kinds = {name: kind for kind, name in pairs}
        items = self.objects.get(plural, [])
        begin = int(start or 0)
        more = (
            {"continue": str(begin + 2), "remainingItemCount": 7}
            if plural == "secrets" and begin + 2 < len(items)
            else {}
        )
        page = items[begin : begin + 2] if plural == "secrets" else items
        return json.dumps({"kind": f"{kinds[plural]}List", "metadata": more, "items": page})


def _resources(version: str) -> List[Dict[str, Any]]:
    listed: List[Optional[Dict[str, Any]]] = []
    for item in GROUPS[version]:
        plural = item.split()[1]
        listed += [{"name": plural, "verbs": ["list"]}, {"name": f"{plural}/status", "verbs": ["get"]}]
    return [item for item in [*listed, {"name": "bindings", "verbs": ["create"]}] if item]
