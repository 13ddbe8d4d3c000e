# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that several parts of a spec give together: the network provider, the pods' range, paths, names of hosts.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.paths import lookup
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import FLAT, K0S_CALICO, Release
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.kubelet import DATA_DIR

# What Calico run by k0s is set to: Alpha.1 has no other setting, later releases have these defaults.
ALPHA_CALICO: Mapping[str, Any] = {
    "mode": "vxlan",
    "overlay": "Always",
    "vxlanPort": 4789,
    "vxlanVNI": 4096,
    "enableWireguard": False,
}
K0S_CALICO_DEFAULTS: Mapping[str, Any] = {
    "mode": "vxlan",
    "overlay": "Always",
    "vxlanPort": 4789,
    "vxlanVNI": 10000,
    "enableWireguard": False,
    "CALICO_DISABLE_FILE_LOGGING": True,
    "CALICO_STARTUP_LOGLEVEL": "DEBUG",
    "FELIX_LOGSEVERITYSCREEN": "DEBUG",
}
_CIDR_OPTIONS = ("cidrV4", "clusterCIDRIPv4", "ipam.operator.clusterPoolIPv4PodCIDRList")


def providers(spec: Mapping[str, Any]) -> List[Tuple[int, Mapping[str, Any]]]:
    """The network providers with their place in the list."""
    found = lookup(spec, "network.providers")
    return [(place, item) for place, item in enumerate(found or ()) if isinstance(item, Mapping)]


def enabled_provider(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """The provider that is enabled; Calico without settings where none is named."""
    for _place, item in providers(spec):
        if item.get("enabled"):
            return item
    return {"provider": "calico", "enabled": True}


def provider_options(provider: Mapping[str, Any]) -> Dict[str, Any]:
    """The settings of a provider: those of `extraConfig`, and beside them as rc.1 has it."""
    own = {key: value for key, value in provider.items() if key not in ("provider", "enabled", "extraConfig")}
    extra = provider.get("extraConfig")
    return {**own, **(extra if isinstance(extra, Mapping) else {})}


def pod_cidr(spec: Mapping[str, Any], release: Release) -> str:
    options = provider_options(enabled_provider(spec))
    for name in _CIDR_OPTIONS:
        if options.get(name):
            return str(options[name])
    return release.pod_cidr


def pod_cidr_path(spec: Mapping[str, Any]) -> str:
    """Where the file says, or would say, which addresses pods get."""
    for place, item in providers(spec):
        if not item.get("enabled"):
            continue
        for name in _CIDR_OPTIONS:
            for path in (f"network.providers[{place}].extraConfig", f"network.providers[{place}]"):
                holder = item.get("extraConfig") if path.endswith("extraConfig") else item
                if isinstance(holder, Mapping) and holder.get(name):
                    return f"{path}.{name}" if "." not in name else f'{path}["{name}"]'
    return "network.providers"


def service_cidr(spec: Mapping[str, Any], release: Release) -> str:
    return str(lookup(spec, "network.serviceCIDR") or release.service_cidr)


def k0s_calico(spec: Mapping[str, Any], release: Release) -> Dict[str, Any]:
    """The settings of Calico where k0s runs it."""
    if release.name == "Alpha.1":
        return dict(ALPHA_CALICO)
    return {**K0S_CALICO_DEFAULTS, **provider_options(enabled_provider(spec))}


def k0s_provider(spec: Mapping[str, Any], release: Release) -> str:
    """`spec.network.provider` of k0s."""
    name = str(enabled_provider(spec).get("provider", "calico"))
    if name == "calico":
        return name if release.provider == K0S_CALICO else "custom"
    return name if name == "kuberouter" and has_kuberouter(release) else "custom"


def has_kuberouter(release: Release) -> bool:
    """Whether MKE lets k0s run kube-router; the last release to do so is 4.1.0."""
    return release.between(until="v4.1.0")


def data_dir(spec: Mapping[str, Any]) -> str:
    return str(lookup(spec, "k8sProviderSpecs.dataDir") or DATA_DIR)


def kubelet_root_dir(spec: Mapping[str, Any]) -> str:
    """Where kubelet keeps its data. Until 4.1.0 that was below k0s' own directory."""
    return str(lookup(spec, "kubelet.kubeletRootDir") or f"{data_dir(spec)}/kubelet")


def encryption_file(spec: Mapping[str, Any], release: Release) -> str:
    """The file with the key for Secrets in etcd; empty for releases without one."""
    if release.form == FLAT:
        return ""
    return str(lookup(spec, "apiServer.encryptionProvider") or f"{data_dir(spec)}/encryption.cfg")


def host_name(host: Mapping[str, Any]) -> str:
    """The name of an entry of `spec.hosts` where the inventory gives none."""
    return str(host.get("hostname") or lookup(host, "ssh.address") or "")


def virtual_addresses(spec: Mapping[str, Any]) -> List[str]:
    """The addresses with prefix length that the controllers share."""
    return list(lookup(spec, virtual_addresses_path(spec)) or ()) if control_plane_balancing(spec) else []


def virtual_addresses_path(spec: Mapping[str, Any]) -> str:
    newer = bool(lookup(spec, "network.controlPlaneLoadBalancing.enabled"))
    return f"network.{'controlPlaneLoadBalancing' if newer else 'cplb'}.virtualIPs"


def control_plane_balancing(spec: Mapping[str, Any]) -> bool:
    newer = lookup(spec, "network.controlPlaneLoadBalancing.enabled")
    return bool(newer) or lookup(spec, "network.cplb.disabled") is False


def node_local_balancing(spec: Mapping[str, Any]) -> bool:
    return lookup(spec, "network.nllb.disabled") is False
