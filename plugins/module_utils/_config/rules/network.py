# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules on the cluster's network: one provider with options of its own, load balancing that k0s accepts.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Iterator, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import nearest
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import TIGERA
from ansible_collections.mke4k.core.plugins.module_utils._config.resolve import (
    control_plane_balancing,
    enabled_provider,
    kubelet_root_dir,
    node_local_balancing,
    provider_options,
    providers,
    virtual_addresses,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.draft import Draft, Rule, error, warning
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import shown


def one_provider_is_enabled(draft: Draft) -> Iterator[Finding]:
    listed = providers(draft.spec)
    enabled = [item for _place, item in listed if item.get("enabled")]
    if not listed or len(enabled) == 1:
        return
    names = ", ".join(str(item.get("provider", "?")) for item in enabled)
    yield error(
        "cni-provider-count",
        draft.where("network.providers"),
        f"has {len(enabled)} enabled providers{f' ({names})' if names else ''}",
        "set enabled: true for one and enabled: false for the others",
        "exactly one enabled provider",
    )


def provider_is_in_the_release(draft: Draft) -> Iterator[Finding]:
    for place, item in providers(draft.spec):
        name, path = item.get("provider"), draft.where(f"network.providers[{place}].provider")
        if not item.get("enabled"):
            continue
        if name == "cilium":
            yield error(
                "cni-provider-release",
                path,
                "is cilium, which MKE never documented and k0s does not have",
                "use calico, or custom and install Cilium yourself",
                "calico, custom",
            )
        elif name == "kuberouter" and draft.release.provider == TIGERA:
            yield error(
                "cni-provider-release",
                path,
                f"is kuberouter, which MKE {draft.release.name} does not support",
                "use calico, or custom and install kube-router yourself",
                "calico, custom",
            )


def balancing_is_possible(draft: Draft) -> Iterator[Finding]:
    external = draft.value("apiServer.externalAddress")
    if node_local_balancing(draft.spec):
        path = draft.where("network.nllb.disabled")
        if external:
            yield error(
                "nllb-external-address",
                path,
                f"is false, but k0s cannot use node-local load balancing beside externalAddress {shown(external)}",
                "set it to true, or remove apiServer.externalAddress",
            )
        if draft.is_single:
            yield error("nllb-single", path, "is false, but the cluster is a single node", "set it to true")
    if control_plane_balancing(draft.spec):
        path = draft.where(
            "network.controlPlaneLoadBalancing" if draft.release.between(since="v4.2.0") else "network.cplb"
        )
        if draft.is_single:
            yield error("cplb-single", path, "is enabled, but the cluster is a single node", "disable it")
        if not virtual_addresses(draft.spec):
            yield error(
                "cplb-addresses",
                f"{path}.virtualIPs",
                "is not set, but control plane load balancing is enabled",
                "set it to a free address of the controllers' network with its prefix length, such as 10.0.0.100/24",
            )


def calico_values_begin_right(draft: Draft) -> Iterator[Finding]:
    """MKE cuts the first line off and checks it; with another one the installation fails half-way."""
    for place, item in providers(draft.spec):
        text = provider_options(item).get("values.yaml")
        if not isinstance(text, str) or not item.get("enabled") or not text.strip():
            continue
        wanted = f"kubeletVolumePluginPath: {kubelet_root_dir(draft.spec)}"
        first = text.split("\n", 1)[0].rstrip()
        if first.replace('"', "").replace("'", "") != wanted:
            yield error(
                "calico-values-first-line",
                draft.where(f'network.providers[{place}].extraConfig["values.yaml"]'),
                f"begins with {shown(first)}",
                "put that line first; it must name the directory in kubelet.kubeletRootDir",
                wanted,
            )


def alpha_network_is_fixed(draft: Draft) -> Iterator[Finding]:
    if draft.release.name == "Alpha.1" and draft.value("network") is not None:
        yield error(
            "network-fixed",
            draft.where("network"),
            "cannot be set: Alpha.1 has Calico with pod CIDR 10.244.0.0/16 and VXLAN on port 4789 with VNI 4096",
            "remove the section, or choose a later release with mke4k_release",
        )


def other_provider_is_near(draft: Draft) -> Iterator[Finding]:
    """Settings of the enabled provider under a name that only another one has."""
    provider = enabled_provider(draft.spec)
    if provider.get("provider") == "custom":
        extra = [
            key for key in provider_options(provider) if key not in ("cidrV4", "clusterCIDRIPv4", "deployWithOperator")
        ]
        for key in extra:
            near = nearest(key, ("cidrV4",))
            yield warning(
                "cni-option-unused",
                draft.where("network.providers"),
                f"the provider custom has the option {key}, on which nothing acts",
                f"did you mean {near}?" if near else "remove it",
            )


NETWORK_RULES: Tuple[Rule, ...] = (
    alpha_network_is_fixed,
    one_provider_is_enabled,
    provider_is_in_the_release,
    balancing_is_possible,
    calico_values_begin_right,
    other_provider_is_near,
)
