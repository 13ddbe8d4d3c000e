# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules on the cluster's networks: one provider, ranges that do not meet, load balancing that k0s accepts.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import ipaddress
from typing import Iterator, List, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.model import split_host_port
from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import nearest
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import TIGERA
from ansible_collections.mke4k.core.plugins.module_utils._config.resolve import (
    control_plane_balancing,
    enabled_provider,
    kubelet_root_dir,
    node_local_balancing,
    pod_cidr,
    provider_options,
    providers,
    service_cidr,
    virtual_addresses,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.draft import Draft, Rule, error, warning
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import shown

_NODE_PREFIX = 24

Place = Tuple[str, str, ipaddress.IPv4Network]


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


def ranges_do_not_meet(draft: Draft) -> Iterator[Finding]:
    places = _ranges(draft)
    for number, (left_path, left, left_net) in enumerate(places):
        for right_path, right, right_net in places[number + 1 :]:
            if left_net.prefixlen < 32 and left_net.overlaps(right_net):
                yield error(
                    "network-overlap",
                    right_path,
                    f"{right} {_written(right_net)} lies in {left} {_written(left_net)} ({left_path})"
                    if right_net.prefixlen == 32
                    else f"{right} {right_net} and {left} {left_net} ({left_path}) overlap",
                    "choose ranges that share no address, and none that your machines and their networks use",
                )


def _ranges(draft: Draft) -> List[Place]:
    """Ranges first, then single addresses, each with its path and what it is."""
    found: List[Place] = []
    provider_path = "network.providers" if providers(draft.spec) else "network"
    for path, what, text in (
        (draft.where(provider_path), "the pod CIDR", pod_cidr(draft.spec, draft.release)),
        (draft.where("network.serviceCIDR"), "the service CIDR", service_cidr(draft.spec, draft.release)),
    ):
        network = _network(text)
        if network is not None:
            found.append((path, what, network))
    virtual = [_address(address.partition("/")[0]) for address in virtual_addresses(draft.spec)]
    found += [(draft.where("network"), "the virtual address", address) for address in virtual]
    external = split_host_port(str(draft.value("apiServer.externalAddress") or ""))[0]
    if _is_ipv4(external):
        found.append((draft.where("apiServer.externalAddress"), "the external address", _address(external)))
    for host in draft.hosts:
        for name, text in (("ssh.address", host.address), ("privateAddress", host.values.get("privateAddress") or "")):
            if _is_ipv4(text):
                found.append((host.where(name), "the host's address", _address(text)))
    return found


def _network(text: str) -> Optional[ipaddress.IPv4Network]:
    try:
        return ipaddress.IPv4Network(text)
    except ValueError:
        return None


def _is_ipv4(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def _address(text: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(text)


def _written(network: ipaddress.IPv4Network) -> str:
    return str(network.network_address) if network.prefixlen == 32 else str(network)


def virtual_addresses_are_free(draft: Draft) -> Iterator[Finding]:
    """A virtual address that a host has of its own would never move."""
    own = {host.values.get("privateAddress") or host.address: host for host in draft.hosts}
    for text in virtual_addresses(draft.spec):
        host = own.get(text.partition("/")[0])
        if host is not None:
            yield error(
                "virtual-address-taken",
                draft.where("network"),
                f"the virtual address {text} is the address of {host.path}",
                "choose a free address of the controllers' network",
            )


def pod_range_has_room(draft: Draft) -> Iterator[Finding]:
    """kube-controller-manager gives every node a /24 and refuses to start where that cannot be."""
    network = _network(pod_cidr(draft.spec, draft.release))
    if network is None:
        return
    path = draft.where("network.providers")
    nodes = 2 ** (_NODE_PREFIX - network.prefixlen) if network.prefixlen <= _NODE_PREFIX else 0
    workloads = len([host for host in draft.hosts if host.role != "controller"])
    if nodes < max(workloads, 1):
        yield error(
            "pod-cidr-too-small",
            path,
            f"the pod CIDR {network} has room for {nodes} nodes with a /{_NODE_PREFIX} each, and there are {workloads}",
            "choose a larger range; it cannot be changed later",
        )
    elif network.prefixlen < 8:
        yield error(
            "pod-cidr-too-large",
            path,
            f"the pod CIDR {network} is larger than kube-controller-manager can divide into /{_NODE_PREFIX}",
            "choose a range from /8 to /24",
        )


def service_range_has_room(draft: Draft) -> Iterator[Finding]:
    network = _network(service_cidr(draft.spec, draft.release))
    if network is not None and not 12 <= network.prefixlen <= 28:
        yield error(
            "service-cidr-size",
            draft.where("network.serviceCIDR"),
            f"is {network}, of which kube-apiserver cannot use a /{network.prefixlen}",
            "choose another range; it cannot be changed later",
            "a range from /12 to /28",
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
    ranges_do_not_meet,
    virtual_addresses_are_free,
    pod_range_has_room,
    service_range_has_room,
    balancing_is_possible,
    calico_values_begin_right,
    other_provider_is_near,
)
