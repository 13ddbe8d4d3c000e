# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what the cluster says of its services.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._config.document import API_VERSION, KIND
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._kube import helm
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.mke.services import Seen, Service, services
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref

WORKLOADS = (Kind("apps/v1", "Deployment"), Kind("apps/v1", "DaemonSet"), Kind("apps/v1", "StatefulSet"))
MULTI_CLUSTER_SERVICE = Kind("k0rdent.mirantis.com/v1beta1", "MultiClusterService")
# Only revisions that count: Helm keeps ten of each release, and each holds the whole chart.
_CURRENT = f"{helm.SELECTOR},status notin (superseded)"


def read_services(api: Api, cluster: Cluster, config: Optional[Mapping[str, Any]] = None) -> List[Service]:
    """All services, in at most six requests. `config` is the MkeConfig where it was read already."""
    namespace = cluster.namespace
    if config is None:
        config = api.get(Ref(API_VERSION, KIND, cluster.name, namespace))
    secrets = api.list(Kind("v1", "Secret"), namespace=namespace, labels=_CURRENT).items
    seen = Seen(
        mke_config=config,
        releases=helm.releases(secrets),
        workloads=[with_kind(item, kind) for kind in WORKLOADS for item in api.list(kind, namespace=namespace).items],
    )
    found = services(seen, _user_services(cluster))
    if all(service.ready for service in found):
        return found
    # What k0rdent says matters only where something is not ready.
    told = replace(seen, multi_cluster_services=api.list(MULTI_CLUSTER_SERVICE).items)
    return services(told, _user_services(cluster))


def with_kind(item: Mapping[str, Any], kind: Kind) -> Mapping[str, Any]:
    """Items of a list do not say what they are."""
    return {**item, "apiVersion": kind.api_version, "kind": kind.kind}


def _user_services(cluster: Cluster) -> List[str]:
    return [str(item.get("name")) for item in cluster.value("services", [])]
