# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cluster pulls from its registries, as far as it is known before anything is installed.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Collection, Dict, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.layers import CALICO, K0RDENT, MKE_OPERATOR
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Host
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import (
    registries_of,
    registry_host,
    registry_url,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import TIGERA
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import calico_chart
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.charts import (
    k0rdent_chart,
    operator_chart,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.resolve import enabled_provider, node_local_balancing
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.services import CHART_REGISTRY, IMAGE_REGISTRY

# k0s' images that it takes from the registry of the file, and the component that each is for.
K0S_IMAGES: Mapping[str, str] = {
    "pause": "",
    "kube-proxy": "kube-proxy",
    "coredns": "coredns",
    "metrics-server": "metrics-server",
    "apiserver-network-proxy-agent": "konnectivity-server",
}
_ENVOY = "envoy-distroless"
_PUSH_GATEWAY = "pushgateway-ttl"


def is_own(cluster: Cluster) -> bool:
    """Whether the cluster pulls from registries of the user's own, or is cut off from others."""
    if cluster.value("airgap.enabled", False) or any(item.ca or item.username for item in registries_of(cluster)):
        return True
    charts = cluster.value("registries.chartRegistry.url", CHART_REGISTRY)
    return bool(cluster.value("registries.imageRegistry.url", IMAGE_REGISTRY) != IMAGE_REGISTRY) or bool(
        charts != CHART_REGISTRY
    )


def k0s_image_names(cluster: Cluster, disabled: Collection[str]) -> Tuple[str, ...]:
    """The short names of k0s' own images that the cluster runs and takes from the registry of the file."""
    names = [name for name, component in K0S_IMAGES.items() if component not in disabled]
    if cluster.value("network.kubeProxy.disabled", False) and "kube-proxy" in names:
        names.remove("kube-proxy")
    if cluster.release.between(since="v4.1.0"):
        names.append(_PUSH_GATEWAY)
    return (*names, _ENVOY) if node_local_balancing(cluster.settings) else tuple(names)


def platform_charts(
    cluster: Cluster, layers: Collection[str], references: Mapping[str, str]
) -> Tuple[Dict[str, Any], ...]:
    """The charts of the layers of a run. `references` are those that variables name in place of the release's."""
    found: List[Dict[str, Any]] = []
    tigera = cluster.release.provider == TIGERA and enabled_provider(cluster.settings).get("provider") == "calico"
    if CALICO in layers and tigera:
        found.append(calico_chart(cluster, references.get(CALICO, "")))
    if K0RDENT in layers:
        options = {"chart": references.get(K0RDENT, ""), "registry": references.get("k0rdent_registry", "")}
        found.append(k0rdent_chart(cluster, options))
    if MKE_OPERATOR in layers:
        found.append(operator_chart(cluster, references.get(MKE_OPERATOR, "")))
    return tuple({"chart": item["chart"], "version": item["version"]} for item in found)


def registry_probes(
    cluster: Cluster,
    host: Host,
    disabled: Collection[str],
    charts: Collection[Mapping[str, Any]],
) -> List[Dict[str, Any]]:
    """What a host has to find in each registry. Holds logins. Nothing where all registries are public ones."""
    if not is_own(cluster):
        return []
    probes: Dict[str, Dict[str, Any]] = {}
    for item in registries_of(cluster):
        probes[item.host] = {
            "host": item.host,
            "ca": item.ca,
            "username": item.username,
            "password": item.password,
            "images": [],
            "charts": [],
            "k0s_images": {},
        }
    images = registry_url(cluster, "imageRegistry")
    if host.runs_workloads and images and images != IMAGE_REGISTRY:
        folder = f"{images.partition('/')[2]}/k0sproject".lstrip("/")
        names = {name: f"{folder}/{name}" for name in k0s_image_names(cluster, disabled)}
        probes[registry_host(images)]["k0s_images"] = names
    for chart in charts if host.is_controller else ():
        probe = probes.get(registry_host(chart["chart"]))
        if probe is not None and chart["chart"].startswith("oci://"):
            path = chart["chart"].partition("://")[2].partition("/")[2]
            probe["charts"].append(f"{path}:{chart['version'].replace('+', '_')}")
    return list(probes.values())
