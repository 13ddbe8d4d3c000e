# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calico as an MKE release runs it: who runs it, the chart of the Tigera operator, and what must come of it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, ConfigError, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.flags import split_flags
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import registry_url
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import K0S_CALICO, TIGERA
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.values import (
    BadValues,
    merged,
    parse_values,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.resolve import (
    enabled_provider,
    k0s_calico,
    k0s_provider,
    provider_options,
    providers,
)

KUBEROUTER = "kuberouter"
CUSTOM = "custom"

CHART = "mirrored-chart-tigera-operator"
NAMESPACE = "tigera-operator"
NAME = "tigera-operator"
SYSTEM_NAMESPACE = "calico-system"

# What MKE's documentation says; its file has 10000 since rc.1.
VXLAN_VNI = 4096
VXLAN_PORT = 4789
BLOCK_SIZE = 26

# A chart brings the operator that belongs to it; only of this one is known that MKE names it.
_OPERATORS = {"v3.29.3": "v1.36.7"}
# The CNI plugin knows fewer levels than Felix.
_CNI_LEVELS = {"Fatal": "Error", "Trace": "Debug"}
_POOL_MODES = {
    "VXLAN": ("Always", "Never"),
    "VXLANCrossSubnet": ("CrossSubnet", "Never"),
    "IPIP": ("Never", "Always"),
    "IPIPCrossSubnet": ("Never", "CrossSubnet"),
    "None": ("Never", "Never"),
}
_K0S_MODES = {"vxlan": "VXLAN", "ipip": "IPIP", "bird": "IPIP"}


@dataclass(frozen=True)
class Pool:
    """A range of pod addresses, as an IPPool has it."""

    cidr: str
    vxlan_mode: str
    ipip_mode: str
    block_size: int = BLOCK_SIZE

    @property
    def encapsulation(self) -> str:
        modes = (self.vxlan_mode, self.ipip_mode)
        return next((name for name, known in _POOL_MODES.items() if known == modes), "None")


@dataclass(frozen=True)
class Expectations:
    """What has to be true of a network that is set up as the file says.

    `engine` is who runs it: `tigera`, `k0s-calico`, `kuberouter` or `custom`. `installation` and `felix` are the fields
    of the operator's Installation and of the FelixConfiguration that the chart sets. `proxy_mode` is empty where the
    user has disabled kube-proxy.
    """

    engine: str
    version: str = ""
    installation: Mapping[str, Any] = field(default_factory=dict)
    felix: Mapping[str, Any] = field(default_factory=dict)
    pools: Tuple[Pool, ...] = ()
    proxy_mode: str = "iptables"


def network_engine(cluster: Cluster) -> str:
    """Who brings the pods' network."""
    name = str(enabled_provider(cluster.settings).get("provider", "calico"))
    if name == "calico":
        own = cluster.release.provider == K0S_CALICO and _is_disabled(cluster, "network-provider")
        return CUSTOM if own else cluster.release.provider
    by_k0s = k0s_provider(cluster.settings, cluster.release)
    return KUBEROUTER if by_k0s == KUBEROUTER and not _is_disabled(cluster, "network-provider") else CUSTOM


def calico_chart(cluster: Cluster, reference: str = "", vni: int = VXLAN_VNI) -> Dict[str, Any]:
    """The chart of the Tigera operator with its values. Only for clusters whose engine is `tigera`."""
    registry = registry_url(cluster, "chartRegistry")
    return {
        "name": NAME,
        "chart": reference or f"oci://{registry}/{CHART}",
        "version": cluster.release.calico,
        "release": NAME,
        "namespace": NAMESPACE,
        "values": _values(cluster, vni),
        "order": 1,
    }


def calico_expectations(cluster: Cluster, vni: int = VXLAN_VNI) -> Expectations:
    """To be held against the cluster afterwards."""
    engine, mode = network_engine(cluster), proxy_mode(cluster)
    if engine == TIGERA:
        values = _values(cluster, vni)
        installation, felix = (dict(values.get(name) or {}) for name in ("installation", "defaultFelixConfiguration"))
        installation.pop("enabled", None)
        settings = felix if felix.pop("enabled", False) else {}
        pools = tuple(_pool(item) for item in (installation.get("calicoNetwork") or {}).get("ipPools") or ())
        return Expectations(engine, cluster.release.calico, installation, settings, pools, mode)
    if engine == K0S_CALICO:
        options = k0s_calico(cluster.settings, cluster.release)
        felix = {"vxlanPort": options["vxlanPort"], "vxlanVNI": options["vxlanVNI"]}
        return Expectations(engine, "", {}, felix, (_k0s_pool(cluster, options),), mode)
    return Expectations(engine, proxy_mode=mode)


def proxy_mode(cluster: Cluster) -> str:
    """The mode of kube-proxy, empty where there is none."""
    proxy: Mapping[str, Any] = cluster.value("network.kubeProxy", {})
    if proxy.get("disabled") or _is_disabled(cluster, "kube-proxy"):
        return ""
    return str(proxy.get("mode") or "iptables")


def _is_disabled(cluster: Cluster, component: str) -> bool:
    """Whether the user tells k0s to leave it out, by the flags of a controller."""
    values = [
        value or ""
        for host in cluster.controllers
        for name, value in split_flags(host.install_flags)
        if name == "--disable-components"
    ]
    return any(component in value.split(",") for value in values)


def _values(cluster: Cluster, vni: int) -> Dict[str, Any]:
    options = provider_options(enabled_provider(cluster.settings))
    level = str(options.get("loglevel") or "Info")
    images = registry_url(cluster, "imageRegistry")
    operator = {"registry": images}
    if cluster.release.calico in _OPERATORS:
        operator["version"] = _OPERATORS[cluster.release.calico]
    values = {
        "kubeletVolumePluginPath": cluster.kubelet_root_dir,
        "installation": {
            # The operator puts names of images right behind it.
            "registry": f"{images}/",
            "logging": {"cni": {"logSeverity": _CNI_LEVELS.get(level, level)}},
            "cni": {"type": "Calico"},
            "calicoNetwork": {
                "bgp": "Disabled",
                "linuxDataplane": str(options.get("linuxDataplane") or "Iptables"),
                "ipPools": [{"cidr": cluster.pod_cidr, "encapsulation": "VXLAN", "blockSize": BLOCK_SIZE}],
            },
        },
        "resources": {"requests": {"cpu": "250m"}},
        "tigeraOperator": operator,
        "defaultFelixConfiguration": {
            "enabled": True,
            "logSeveritySys": level,
            "vxlanPort": VXLAN_PORT,
            "vxlanVNI": vni,
        },
    }
    return merged(values, _users_values(cluster, options))


def _users_values(cluster: Cluster, options: Mapping[str, Any]) -> Dict[str, Any]:
    try:
        return parse_values(str(options.get("values.yaml") or ""))
    except BadValues as error:
        remedy = "write the values of the chart of the Tigera operator as YAML"
        raise ConfigError([Finding(ERROR, "calico-values", _values_path(cluster), str(error), remedy)]) from error


def _values_path(cluster: Cluster) -> str:
    places: List[int] = [place for place, item in providers(cluster.settings) if item.get("enabled")]
    return f'spec.network.providers[{places[0] if places else 0}].extraConfig["values.yaml"]'


def _pool(item: Mapping[str, Any]) -> Pool:
    """A pool of the Installation; what it leaves out is the operator's default."""
    vxlan, ipip = _POOL_MODES.get(str(item.get("encapsulation") or "IPIP"), ("Never", "Never"))
    return Pool(str(item.get("cidr")), vxlan, ipip, int(item.get("blockSize") or BLOCK_SIZE))


def _k0s_pool(cluster: Cluster, options: Mapping[str, Any]) -> Pool:
    overlay = str(options.get("overlay") or "Always")
    is_vxlan = _K0S_MODES.get(str(options.get("mode")), "VXLAN") == "VXLAN"
    return Pool(cluster.pod_cidr, overlay if is_vxlan else "Never", "Never" if is_vxlan else overlay)
