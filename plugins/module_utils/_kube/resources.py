# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Under which path the server has the objects of a kind. Pure.

Kinds that this collection always needs are in a table, so that looking at them costs no discovery.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind

_NAMESPACED = {
    "v1": "ConfigMap Secret Service ServiceAccount Pod Event Endpoints PersistentVolumeClaim ReplicationController",
    "apps/v1": "Deployment DaemonSet StatefulSet ReplicaSet",
    "batch/v1": "Job CronJob",
    "coordination.k8s.io/v1": "Lease",
    "policy/v1": "PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1": "Role RoleBinding",
    "helm.k0sproject.io/v1beta1": "Chart",
    "mke.mirantis.com/v1alpha1": "MkeConfig MkeChildConfig",
    "dex.coreos.com/v1": "Password",
    "k0rdent.mirantis.com/v1beta1": "ClusterDeployment ClusterTemplate ServiceTemplate Credential",
    "helm.toolkit.fluxcd.io/v2": "HelmRelease",
    "cluster.x-k8s.io/v1beta1": "Cluster Machine MachineDeployment",
    "controlplane.cluster.x-k8s.io/v1beta1": "K0sControlPlane",
    "infrastructure.cluster.x-k8s.io/v1beta2": "AWSCluster AWSMachine",
}
_CLUSTER_WIDE = {
    "v1": "Namespace Node PersistentVolume",
    "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding",
    "storage.k8s.io/v1": "VolumeAttachment",
    "apiextensions.k8s.io/v1": "CustomResourceDefinition",
    "operator.tigera.io/v1": "Installation APIServer",
    "crd.projectcalico.org/v1": "IPPool FelixConfiguration",
    "k0rdent.mirantis.com/v1beta1": "Management Release ProviderTemplate MultiClusterService",
}
_PLURALS = {"Endpoints": "endpoints", "TigeraStatus": "tigerastatuses"}


@dataclass(frozen=True)
class Resource:
    """Where the objects of a kind are: the first part of their path, the name of their collection."""

    api_version: str
    plural: str
    namespaced: bool

    def path(self, namespace: str = "", name: str = "", subresource: str = "") -> str:
        root = "/apis/" if "/" in self.api_version else "/api/"
        place = f"/namespaces/{namespace}" if self.namespaced and namespace else ""
        tail = "".join(f"/{part}" for part in (name, subresource) if part)
        return f"{root}{self.api_version}{place}/{self.plural}{tail}"


def known(kind: Kind) -> Optional[Resource]:
    return _TABLE.get(kind)


def discovered(api_version: str, answer: Mapping[str, Any]) -> Dict[Kind, Resource]:
    """The kinds of one group and version, from the server's APIResourceList."""
    found = {}
    for item in answer.get("resources") or ():
        if "/" not in str(item.get("name", "/")):
            kind = Kind(api_version, str(item.get("kind", "")))
            found[kind] = Resource(api_version, str(item["name"]), bool(item.get("namespaced")))
    return found


def discovery_path(api_version: str) -> str:
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def _plural(kind: str) -> str:
    if kind in _PLURALS:
        return _PLURALS[kind]
    lower = kind.lower()
    return lower[:-1] + "ies" if lower.endswith("y") else lower + ("es" if lower.endswith("s") else "s")


def _table() -> Dict[Kind, Resource]:
    found: Dict[Kind, Resource] = {Kind("operator.tigera.io/v1", "TigeraStatus"): Resource(
        "operator.tigera.io/v1", "tigerastatuses", False)}  # fmt: skip
    for table, namespaced in ((_NAMESPACED, True), (_CLUSTER_WIDE, False)):
        for api_version, kinds in table.items():
            for kind in kinds.split():
                found[Kind(api_version, kind)] = Resource(api_version, _plural(kind), namespaced)
    return found


_TABLE = _table()
