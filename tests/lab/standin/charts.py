# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""k0s' chart controller, where no k0s is: what the charts of the platform would bring, without Helm.

Faults: `charts.RELEASE`.
"""

from __future__ import annotations

import hashlib
from typing import Any, Callable, Dict, List, Mapping

import yaml

from . import helm, objects
from .api import Object, Watched
from .calico import OPERATOR as TIGERA
from .kcm.catalogue import EDITIONS
from .kinds import API_SERVER, CHART, DEPLOYMENT, FELIX, INSTALLATION, SECRET
from .mke import OPERATOR as MKE
from .runtime import Controller
from .workloads import ensure_namespace, pod_template, workload

FINALIZER = "helm.k0sproject.io/uninstall-helm-release"
MANAGER = "helm"
_KINDS = {kind.kind: kind for kind in (DEPLOYMENT, INSTALLATION, API_SERVER, FELIX)}


class Charts(Controller):
    """Installs the charts it knows: tigera-operator, k0rdent and mke-operator."""

    name = "charts"
    watches = (Watched(CHART, "kube-system"),)

    def reconcile(self, key: str) -> None:
        for chart in self.api.list(CHART, "kube-system"):
            if chart["metadata"].get("deletionTimestamp"):
                self._uninstall(chart)
            else:
                self._install(chart)

    def _install(self, chart: Object) -> None:
        spec, status = chart["spec"], objects.status_of(chart)
        wanted = hashlib.sha256((spec["releaseName"] + (spec.get("values") or "")).encode("utf-8")).hexdigest()
        if not status.get("error") and status.get("valuesHash") == wanted and status.get("version") == spec["version"]:
            return
        stage = f"{objects.uid(chart)}/{wanted}/{spec['version']}"
        state = self.progress.state(stage, self.faults.of(f"charts.{spec['releaseName']}"))
        if state.ready:
            self._apply(spec)
            done = {"releaseName": spec["releaseName"], "namespace": spec["namespace"], "revision": 1, "error": None}
            done.update({"version": spec["version"], "appVersion": spec["version"]})
            self.api.set_status(CHART, chart, {**done, "valuesHash": wanted, "updated": objects.now()})
        elif state.message:
            failed = {"error": state.message, "valuesHash": wanted}
            self.api.set_status(CHART, chart, {**failed, "updated": status.get("updated") or objects.now()})

    def _apply(self, spec: Mapping[str, Any]) -> None:
        release, namespace = spec["releaseName"], spec["namespace"]
        ensure_namespace(self.api, namespace)
        for item in _content(spec):
            kind = _KINDS[item["kind"]]
            self.api.apply(kind, helm.owned(item, release, namespace), MANAGER)
        name = str(spec["chartName"]).rpartition("/")[2]
        record = helm.record(release, namespace, name, spec["version"], helm.DEPLOYED, "Install complete")
        self.api.apply(SECRET, record, MANAGER)

    def _uninstall(self, chart: Object) -> None:
        spec = chart["spec"]
        for item in _content(spec):
            metadata = item["metadata"]
            self.api.delete(_KINDS[item["kind"]], metadata["name"], metadata.get("namespace", ""))
        self.api.delete(SECRET, helm.secret_name(spec["releaseName"]), spec["namespace"])
        finalizers = [name for name in chart["metadata"].get("finalizers") or () if name != FINALIZER]
        self.api.patch(CHART, chart, {"metadata": {"finalizers": finalizers or None}})


def _content(spec: Mapping[str, Any]) -> List[Object]:
    """The objects of a chart, by its name."""
    name = str(spec["chartName"]).rpartition("/")[2]
    values: Mapping[str, Any] = yaml.safe_load(spec.get("values") or "") or {}
    made = next((made for part, made in _CHARTS.items() if part in name), _nothing)
    return made(spec, values)


def _nothing(_spec: Mapping[str, Any], _values: Mapping[str, Any]) -> List[Object]:
    return []


def _tigera(spec: Mapping[str, Any], values: Mapping[str, Any]) -> List[Object]:
    installation = {key: value for key, value in (values.get("installation") or {}).items() if key != "enabled"}
    if values.get("kubeletVolumePluginPath"):
        installation["kubeletVolumePluginPath"] = values["kubeletVolumePluginPath"]
    found = [
        _operator(spec, TIGERA),
        INSTALLATION.made("default", spec=installation),
        API_SERVER.made("default", spec={}),
    ]
    felix: Dict[str, Any] = dict(values.get("defaultFelixConfiguration") or {})
    if felix.pop("enabled", False):
        found.append(FELIX.made("default", spec=felix))
    return found


def _kcm(spec: Mapping[str, Any], values: Mapping[str, Any]) -> List[Object]:
    enterprise = "enterprise" in str(spec["chartName"])
    edition = EDITIONS[0] if enterprise else EDITIONS[1]
    deployment = _operator(spec, edition.deployment)
    flags = {"createManagement": "create-management", "createRelease": "create-release"}
    flags["createTemplates"] = "create-templates"
    given = values.get("controller") or {}
    args = [f"--{flag}={str(given[key]).lower()}" for key, flag in flags.items() if key in given]
    deployment["spec"]["template"]["spec"]["containers"][0]["args"] = args
    return [deployment]


def _mke(spec: Mapping[str, Any], _values: Mapping[str, Any]) -> List[Object]:
    return [_operator(spec, MKE)]


def _operator(spec: Mapping[str, Any], name: str) -> Object:
    image = f"registry.test/{name}:{str(spec['version']).lstrip('v')}"
    return workload(DEPLOYMENT, name, spec["namespace"], pod_template(name, image))


_CHARTS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], List[Object]]] = {
    "tigera-operator": _tigera,
    "k0rdent-enterprise": _kcm,
    "kcm": _kcm,
    "mke-operator": _mke,
}
