# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""k0s' ClusterConfig for a controller.

Only what differs from k0s' defaults is written, as k0s refuses fields that its version does not know. Parts that hold
for the whole cluster are the same on every controller: with others, k0s would undo on one what another one did.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import hashlib
from typing import Any, Dict, List

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Host
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import K0S_CALICO
from ansible_collections.mke4k.core.plugins.module_utils._config.render.components import (
    api_arguments,
    controller_manager_arguments,
    etcd_arguments,
    scheduler_arguments,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.repositories import helm_repositories
from ansible_collections.mke4k.core.plugins.module_utils._config.render.profiles import worker_profiles
from ansible_collections.mke4k.core.plugins.module_utils._config.resolve import (
    control_plane_balancing,
    enabled_provider,
    k0s_calico,
    k0s_provider,
    node_local_balancing,
    provider_options,
    virtual_addresses,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.services import IMAGE_REGISTRY
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import Invalid
from ansible_collections.mke4k.core.plugins.module_utils._config.values.network import to_host

_PERIODS = {
    "iptables": ("minSyncPeriod", "syncPeriod"),
    "ipvs": ("minSyncPeriod", "syncPeriod", "tcpFinTimeout", "tcpTimeout", "udpTimeout"),
    "nftables": ("minSyncPeriod", "syncPeriod"),
}
_CALICO_ENVIRONMENT = ("CALICO_DISABLE_FILE_LOGGING", "CALICO_STARTUP_LOGLEVEL", "FELIX_LOGSEVERITYSCREEN")
_IMAGES = {
    "konnectivity": "apiserver-network-proxy-agent",
    "metricsserver": "metrics-server",
    "kubeproxy": "kube-proxy",
    "coredns": "coredns",
    "pause": "pause",
    "pushgateway": "pushgateway-ttl",
}


def cluster_config(cluster: Cluster, host: Host, node_address: str) -> Dict[str, Any]:
    """The whole document for one controller."""
    spec: Dict[str, Any] = {
        "api": _api(cluster, host, node_address),
        "storage": _storage(cluster, node_address),
        "network": _network(cluster),
    }
    for name, arguments in (
        ("controllerManager", controller_manager_arguments(cluster)),
        ("scheduler", scheduler_arguments(cluster)),
    ):
        if arguments:
            spec[name] = {"extraArgs": arguments}
    profiles = worker_profiles(cluster)
    if profiles:
        spec["workerProfiles"] = profiles
    images = _images(cluster)
    if images:
        spec["images"] = images
    repositories = helm_repositories(cluster)
    if repositories:
        spec["extensions"] = {"helm": {"repositories": repositories}}
    reachable = not cluster.value("airgap.enabled", False)
    spec["telemetry"] = {"enabled": bool(cluster.value("tracking.enabled", True)) and reachable}
    return {
        "apiVersion": "k0s.k0sproject.io/v1beta1",
        "kind": "ClusterConfig",
        "metadata": {"name": "k0s"},
        "spec": spec,
    }


def _api(cluster: Cluster, host: Host, node_address: str) -> Dict[str, Any]:
    api: Dict[str, Any] = {"address": node_address}
    if cluster.external_host:
        api["externalAddress"] = cluster.external_host
    api["sans"] = _names(cluster, host, node_address)
    arguments = api_arguments(cluster)
    if arguments:
        api["extraArgs"] = arguments
    return api


def _names(cluster: Cluster, host: Host, node_address: str) -> List[str]:
    """The names in the API server's certificate: those for all, and this host's own.

    The other controllers' addresses are left out, so that adding one does not change the others.
    """
    virtual = [address.partition("/")[0] for address in virtual_addresses(cluster.settings)]
    own = [cluster.external_host, *virtual, host.address, node_address]
    return list(dict.fromkeys([*cluster.sans, *(name for name in own if _is_host(name))]))


def _is_host(text: str) -> bool:
    """Whether k0s takes it for a name; a host without an address has that of the inventory, which may be anything."""
    try:
        return bool(text) and to_host(text) == text
    except Invalid:
        return False


def _storage(cluster: Cluster, node_address: str) -> Dict[str, Any]:
    etcd: Dict[str, Any] = {"peerAddress": node_address}
    arguments = etcd_arguments(cluster)
    if arguments:
        etcd["extraArgs"] = arguments
    return {"type": "etcd", "etcd": etcd}


def _network(cluster: Cluster) -> Dict[str, Any]:
    provider = k0s_provider(cluster.settings, cluster.release)
    network: Dict[str, Any] = {
        "provider": provider,
        "podCIDR": cluster.pod_cidr,
        "serviceCIDR": cluster.service_cidr,
        "kubeProxy": _kube_proxy(cluster),
    }
    if provider == "calico" and cluster.release.provider == K0S_CALICO:
        network["calico"] = _calico(cluster)
    if provider == "kuberouter":
        network.update(_kube_router(cluster))
    if node_local_balancing(cluster.settings):
        network["nodeLocalLoadBalancing"] = _node_local(cluster)
    if control_plane_balancing(cluster.settings):
        network["controlPlaneLoadBalancing"] = _control_plane(cluster)
    return network


def _kube_proxy(cluster: Cluster) -> Dict[str, Any]:
    """Field names of rc.1 have small letters only."""
    given: Dict[str, Any] = cluster.value("network.kubeProxy", {})
    proxy: Dict[str, Any] = {"mode": given.get("mode") or "iptables"}
    address = given.get("metricsBindAddress") or given.get("metricsbindaddress")
    if address:
        proxy["metricsBindAddress"] = address
    if given.get("disabled"):
        proxy["disabled"] = True
    for mode, names in _PERIODS.items():
        section = given.get(mode) or {}
        periods = {name: section.get(name) or section.get(name.lower()) for name in names}
        changed = {name: period for name, period in periods.items() if period not in (None, "0", "0s")}
        if changed:
            proxy[mode] = changed
    return proxy


def _calico(cluster: Cluster) -> Dict[str, Any]:
    options = k0s_calico(cluster.settings, cluster.release)
    calico: Dict[str, Any] = {
        "mode": options["mode"],
        "overlay": options["overlay"],
        "vxlanPort": options["vxlanPort"],
        "vxlanVNI": options["vxlanVNI"],
    }
    if options.get("enableWireguard"):
        calico["wireguard"] = True
    if options.get("ipAutodetectionMethod"):
        calico["ipAutodetectionMethod"] = options["ipAutodetectionMethod"]
    environment = {name: _text(options[name]) for name in _CALICO_ENVIRONMENT if options.get(name) is not None}
    if environment:
        calico["envVars"] = environment
    return calico


def _kube_router(cluster: Cluster) -> Dict[str, Any]:
    level = provider_options(enabled_provider(cluster.settings)).get("v")
    return {"kuberouter": {"extraArgs": {"v": _text(level)}}} if level else {}


def _node_local(cluster: Cluster) -> Dict[str, Any]:
    balancing: Dict[str, Any] = {"enabled": True, "type": "EnvoyProxy"}
    registry = _registry(cluster)
    if registry:
        balancing["envoyProxy"] = {"image": {"image": f"{registry}/k0sproject/envoy-distroless"}}
    return balancing


def _control_plane(cluster: Cluster) -> Dict[str, Any]:
    addresses = virtual_addresses(cluster.settings)
    router = cluster.value("network.controlPlaneLoadBalancing.virtualRouterID") or cluster.value(
        "network.cplb.virtualRouterID"
    )
    # keepalived tells clusters in one network apart by it; k0s asks for one and no more secrecy than that.
    password = hashlib.sha256(",".join(addresses).encode("utf-8")).hexdigest()[:8]
    instance: Dict[str, Any] = {"virtualIPs": addresses, "authPass": password}
    if router:
        instance["virtualRouterID"] = router
    return {"enabled": True, "type": "Keepalived", "keepalived": {"vrrpInstances": [instance]}}


def _registry(cluster: Cluster) -> str:
    """The registry for k0s' own images, empty where they come from where k0s takes them."""
    url = str(cluster.value("registries.imageRegistry.url", ""))
    return "" if url == IMAGE_REGISTRY else url


def _images(cluster: Cluster) -> Dict[str, Any]:
    """k0s' images below `<registry>/k0sproject`, where the bundle of a release puts them."""
    registry = _registry(cluster)
    return {name: {"image": f"{registry}/k0sproject/{image}"} for name, image in _IMAGES.items()} if registry else {}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
