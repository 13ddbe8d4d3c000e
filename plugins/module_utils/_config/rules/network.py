# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules on the cluster's network: one provider with options of its own, load balancing that k0s accepts.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Iterator, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.values import BadValues, parse_values
from ansible_collections.mke4k.core.plugins.module_utils._config.resolve import (
    control_plane_balancing,
    enabled_provider,
    has_kuberouter,
    kubelet_root_dir,
    node_local_balancing,
    provider_options,
    providers,
    virtual_addresses_path,
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
        elif name == "kuberouter" and not has_kuberouter(draft.release):
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
        addresses = virtual_addresses_path(draft.spec)
        path = draft.where(addresses).rpartition(".")[0]
        if draft.is_single:
            yield error("cplb-single", path, "is enabled, but the cluster is a single node", "disable it")
        if draft.unset(addresses):
            yield error(
                "cplb-addresses",
                draft.where(addresses),
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


def calico_values_are_values(draft: Draft) -> Iterator[Finding]:
    """k0s installs a chart with its defaults, and says nothing, where its values cannot be read."""
    for place, item in providers(draft.spec):
        text = provider_options(item).get("values.yaml")
        if not isinstance(text, str) or not item.get("enabled"):
            continue
        try:
            parse_values(text)
        except BadValues as problem:
            yield error(
                "calico-values",
                draft.where(f'network.providers[{place}].extraConfig["values.yaml"]'),
                str(problem),
                "write the values of the chart of the Tigera operator as YAML",
            )


def custom_provider_has_only_a_range(draft: Draft) -> Iterator[Finding]:
    """With a network plugin of the user's own, only the pods' range is of use."""
    provider = enabled_provider(draft.spec)
    if provider.get("provider") != "custom":
        return
    for name in provider_options(provider):
        if name not in ("cidrV4", "clusterCIDRIPv4", "deployWithOperator"):
            yield warning(
                "cni-option-unused",
                draft.where("network.providers"),
                f"the provider custom has the option {name}, on which nothing acts",
                "remove it, and give it to your network plugin",
            )


NETWORK_RULES: Tuple[Rule, ...] = (
    one_provider_is_enabled,
    provider_is_in_the_release,
    balancing_is_possible,
    calico_values_begin_right,
    calico_values_are_values,
    custom_provider_has_only_a_range,
)
