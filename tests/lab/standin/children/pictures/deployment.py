# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ClusterDeployment and HelmRelease, as kcm and Flux have them, and the Secret with the kubeconfig. Pure."""

from __future__ import annotations

import base64
import json
from typing import Any, List, Mapping, Optional

from tests.lab.standin.api import Object
from tests.lab.standin.children.kinds import CLUSTER_DEPLOYMENT, CLUSTER_NAME, HELM_RELEASE, SECRET

from . import cluster, network
from .view import OWN_GENERATION, View, Wanted, new_condition

FINALIZER = "k0rdent.mirantis.com/cluster-deployment"
LATE = "Cluster is not ready. Check the provider logs for more details."


def made_by_operator(view: View) -> Object:
    """The ClusterDeployment that mke-operator makes of an MkeChildConfig."""
    wish = view.wish
    services = [{"name": name, "namespace": "mke", "template": f"{name}-1-0-0"} for name in wish.services]
    spec = {
        "template": wish.template,
        "credential": wish.credential,
        "config": dict(wish.config),
        "propagateCredentials": True,
        "serviceSpec": {"services": services},
    }
    made = CLUSTER_DEPLOYMENT.made(wish.name, wish.namespace, spec=spec)
    made["metadata"]["finalizers"] = [FINALIZER]
    return made


def status(view: View) -> Object:
    """What kcm says of it, whoever made it."""
    conditions = [
        _checked(view, "CredentialReady", "Credential is Ready"),
        _checked(view, "TemplateReady", "Template is valid"),
        _checked(view, "HelmChartReady", "Helm chart is valid"),
    ]
    if view.lived or view.way.done("template"):
        conditions.append(_helm(view))
    if view.lived or view.way.done("helm"):
        conditions += [_summary(view), *_services(view)]
    told = [{**one, "observedGeneration": OWN_GENERATION} for one in (*conditions, _ready(view, conditions))]
    found: Object = {"conditions": told, "k8sVersion": view.wish.k0s_version}
    if view.lived or view.way.done("helm"):
        found["services"] = _service_list(view)
    return {**found, "observedGeneration": OWN_GENERATION}


def going(view: View) -> Object:
    """What kcm says while it is being deleted."""
    waiting = "WaitingForClusterDeletion", "Waiting for the Cluster to be deleted"
    if not view.way.done("services"):
        waiting = "WaitingForServiceSetsDeletion", "Waiting for the services of the cluster to be deleted"
    deleting = new_condition("Deleting", True, *waiting)
    ready = new_condition("Ready", False, "Deleting", waiting[1])
    return {"conditions": [deleting, ready], "observedGeneration": OWN_GENERATION}


def is_ready(view: View) -> bool:
    failure = view.failure
    above = failure is not None and failure.kind in ("ClusterDeployment", "HelmRelease") and view.lived
    return view.way.done("ready") and not above and _is_network_fine(view)


def helm_release(view: View) -> Wanted:
    wish = view.wish
    chart = {"kind": "HelmChart", "name": wish.template, "namespace": wish.namespace}
    spec = {"chartRef": chart, "interval": "10m0s", "releaseName": wish.name, "targetNamespace": wish.namespace}
    made = HELM_RELEASE.made(wish.name, wish.namespace, spec={**spec, "values": dict(wish.config)})
    owner = {"apiVersion": CLUSTER_DEPLOYMENT.api_version, "kind": CLUSTER_DEPLOYMENT.kind, "name": wish.name}
    made["metadata"]["ownerReferences"] = [{**owner, "uid": view.ids.get("deployment", "0")}]
    made["metadata"]["labels"] = {"k0rdent.mirantis.com/managed": "true", "k0rdent.mirantis.com/cluster": wish.name}
    made["metadata"]["finalizers"] = ["finalizers.fluxcd.io"]
    failure = view.fails_by("HelmRelease")
    if failure is not None:
        told = [
            new_condition("Ready", False, failure.reason, view.text(failure)),
            new_condition("Released", False, failure.reason, view.text(failure)),
        ]
    elif view.lived or view.way.done("helm"):
        words = f"Helm install succeeded for release {wish.namespace}/{wish.name}.v1 with chart {wish.template}"
        told = [new_condition(kind, True, "InstallSucceeded", words) for kind in ("Ready", "Released")]
    else:
        told = [
            new_condition("Reconciling", True, "Progressing", "Running 'install' action with timeout of 30m0s"),
            new_condition("Ready", None, "Progressing", "Running 'install' action with timeout of 30m0s"),
        ]
    return Wanted(HELM_RELEASE, made, {"conditions": told, "observedGeneration": OWN_GENERATION})


def kubeconfig_secret(view: View, given: Optional[Mapping[str, Any]]) -> Wanted:
    """`given`: a kubeconfig to hand out; without one the address of a server that is nowhere."""
    wish = view.wish
    host = view.ids.get("dns") or network.dns_name(view)
    content = given or {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": wish.name, "cluster": {"server": f"https://{host}:6443"}}],
        "users": [{"name": f"{wish.name}-admin", "user": {"token": "made-up"}}],
        "contexts": [
            {"name": f"{wish.name}-admin@{wish.name}", "context": {"cluster": wish.name, "user": f"{wish.name}-admin"}}
        ],
        "current-context": f"{wish.name}-admin@{wish.name}",
    }
    value = base64.b64encode(json.dumps(content).encode("utf-8")).decode("ascii")
    made = SECRET.made(f"{wish.name}-kubeconfig", wish.namespace, type="cluster.x-k8s.io/secret", data={"value": value})
    made["metadata"]["labels"] = {CLUSTER_NAME: wish.name}
    return Wanted(SECRET, made)


def _checked(view: View, kind: str, words: str) -> Object:
    failure = view.fails_by("ClusterDeployment")
    if failure is not None and failure.condition == kind:
        return new_condition(kind, False, failure.reason, view.text(failure))
    return new_condition(kind, True, "Succeeded", words)


def _helm(view: View) -> Object:
    told = helm_release(view).status["conditions"]
    ready = next(one for one in told if one["type"] == "Ready")
    return {**ready, "type": "HelmReleaseReady"}


def _summary(view: View) -> Object:
    """CAPIClusterSummary: the bad conditions of the Cluster."""
    bad = cluster.problems(view)
    if not bad:
        return new_condition("CAPIClusterSummary", True, "InfoReported")
    return new_condition("CAPIClusterSummary", False, "IssuesReported", "\n".join(bad))


def _services(view: View) -> List[Object]:
    count = len(view.wish.services)
    if not count:
        return []
    ready = _ready_services(view)
    return [
        new_condition("SveltosClusterReady", view.lived or view.way.done("control-plane"), "Succeeded"),
        new_condition("ServicesReferencesValidation", True, "Succeeded"),
        new_condition(
            "ServicesInReadyState", ready == count, "Succeeded" if ready == count else "Failed", f"{ready}/{count}"
        ),
    ]


def _ready_services(view: View) -> int:
    count = len(view.wish.services)
    failure = view.fails_by("ClusterDeployment")
    if failure is not None and failure.condition == "ServicesInReadyState":
        return max(0, count - 3)
    if view.way.done("services"):
        return count
    return count if view.lived else 0


def _service_list(view: View) -> List[Object]:
    ready = _ready_services(view)
    found = []
    for place, name in enumerate(view.wish.services):
        fine = place < ready
        words = "Release " + (f"mke/{name}" if fine else f"mke/{name}: waiting for its pods")
        told = new_condition(f"mke.{name}/SveltosHelmReleaseReady", fine, "Managing" if fine else "Provisioning", words)
        found.append({"clusterName": view.wish.name, "clusterNamespace": view.wish.namespace, "conditions": [told]})
    return found


def _ready(view: View, conditions: List[Object]) -> Object:
    failure = view.fails_by("ClusterDeployment")
    if failure is not None and failure.condition == "Ready":
        return new_condition("Ready", False, failure.reason, view.text(failure))
    if is_ready(view):
        return new_condition("Ready", True, "Succeeded", "Object is ready")
    bad = [one for one in conditions if one["status"] != "True"]
    failed = any(one["reason"] in ("Failed", "InstallFailed", "UpgradeFailed") for one in bad)
    words = ". ".join(one["message"] or one["type"] for one in bad) or "Cluster is not ready"
    return new_condition("Ready", False, "Failed" if failed else "Progressing", words)


def _is_network_fine(view: View) -> bool:
    told = network.summary(view)
    return not told or told["status"] == "True"
