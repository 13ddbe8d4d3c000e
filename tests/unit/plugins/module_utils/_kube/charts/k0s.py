# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""k0s in memory: what its chart controller makes of a Chart as soon as one is written."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import ChartSpec
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import chart_object, values_hash
from ansible_collections.mke4k.core.plugins.module_utils._kube.transport import Answer
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Server, answer

CHARTS = "/apis/helm.k0sproject.io/v1beta1/namespaces/kube-system/charts"
KINDS = [{"name": "charts", "kind": "Chart", "namespaced": True}]
Status = Mapping[str, Any]
Play = Callable[[dict[str, Any]], Status]


def spec(name: str = "app", **changes: Any) -> ChartSpec:
    given = {"chart": f"oci://registry.test/{name}", "version": "1.2.3", "namespace": "apps"}
    return ChartSpec.from_dict({"name": name, **given, **changes})


def deployed(chart: Mapping[str, Any], revision: int = 1) -> dict[str, Any]:
    wanted = chart["spec"]
    return {
        "releaseName": wanted["releaseName"],
        "namespace": wanted["namespace"],
        "version": wanted["version"],
        "appVersion": "9",
        "revision": revision,
        "valuesHash": values_hash(wanted["releaseName"], wanted["values"]),
    }


def failed(chart: Mapping[str, Any], error: str = "no such thing") -> dict[str, Any]:
    """As k0s leaves it: what an earlier install wrote stays."""
    wanted = chart["spec"]
    kept = {key: value for key, value in (chart.get("status") or {}).items() if key != "error"}
    return {**kept, "error": error, "valuesHash": values_hash(wanted["releaseName"], wanted["values"])}


def live(wanted: ChartSpec, play: Play = deployed, attempt: int = 0) -> dict[str, Any]:
    chart = chart_object(wanted, attempt)
    return {**chart, "status": play(chart)}


def record(release: str, status: str, revision: int = 2, namespace: str = "apps", **chart: str) -> dict[str, Any]:
    """Helm's Secret about a revision."""
    document = {"chart": {"metadata": {"name": "app", "version": "1.2.3", "appVersion": "9", **chart}}}
    text = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(document).encode()))).decode()
    labels = {"owner": "helm", "name": release, "status": status, "version": str(revision)}
    name = f"sh.helm.release.v1.{release}.v{revision}"
    metadata = {"name": name, "namespace": namespace, "labels": labels}
    return {"type": "helm.sh/release.v1", "metadata": metadata, "data": {"release": text}}


class K0s(Server):
    """`plays`: what becomes of each Chart that is written, in turn; the last one goes on. Lists know no selectors."""

    def __init__(self, *plays: Play, charts: Mapping[str, dict[str, Any]] | None = None) -> None:
        super().__init__()
        self.plays = list(plays or (deployed,))
        self.kinds["/apis/helm.k0sproject.io/v1beta1"] = KINDS
        for name, chart in (charts or {}).items():
            self.objects[f"{CHARTS}/{name}"] = chart

    def chart(self, name: str = "app") -> dict[str, Any]:
        return self.objects[f"{CHARTS}/{name}"]

    def keep(self, secret: Mapping[str, Any]) -> None:
        metadata = secret["metadata"]
        self.objects[f"/api/v1/namespaces/{metadata['namespace']}/secrets/{metadata['name']}"] = dict(secret)

    def writes(self) -> list[tuple[str, str]]:
        return [(verb, path.rpartition("/")[2]) for verb, path, query, _body in self.seen if verb != "GET"]

    def _patch(self, path: str, query: dict[str, str], body: Any) -> Answer:
        if path.startswith(CHARTS) and "spec" not in body:
            chart = self.objects[path]
            chart["metadata"] = {**chart["metadata"], **body["metadata"]}
            return answer(200, chart)
        before = self.objects.get(path, {})
        found = super()._patch(path, query, body)
        if path.startswith(CHARTS) and "dryRun" not in query:
            play = self.plays.pop(0) if len(self.plays) > 1 else self.plays[0]
            chart = {**self.objects[path], "status": before.get("status") or {}}
            self.objects[path] = {**chart, "status": dict(play(chart))}
        return found
