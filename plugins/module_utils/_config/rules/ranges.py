# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules on ranges of addresses: those of pods, services, nodes and virtual addresses share nothing, and have room.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import ipaddress
from typing import Iterator, List, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.model import split_host_port
from ansible_collections.mke4k.core.plugins.module_utils._config.resolve import (
    pod_cidr,
    pod_cidr_path,
    service_cidr,
    virtual_addresses,
    virtual_addresses_path,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.draft import Draft, HostDraft, Rule, error

# kube-controller-manager gives every node a range of this size.
NODE_PREFIX = 24
MOST_NAMED = 5

Range = Tuple[str, str, ipaddress.IPv4Network]
Point = Tuple[str, ipaddress.IPv4Address]


def ranges_share_nothing(draft: Draft) -> Iterator[Finding]:
    ranges = _ranges(draft)
    if len(ranges) == 2 and ranges[0][2].overlaps(ranges[1][2]):
        (path, what, network), (_path, other, other_network) = ranges
        yield error(
            "network-overlap",
            path,
            f"{what} {network} and {other} {other_network} overlap",
            "choose ranges that share no address; they cannot be changed later",
        )


def addresses_are_outside(draft: Draft) -> Iterator[Finding]:
    """A node whose address lies in the pods' or services' range cannot be reached from pods."""
    points = _points(draft)
    for path, what, network in _ranges(draft):
        inside = [f"{place} {address}" for place, address in points if address in network]
        if inside:
            more = f" and {len(inside) - MOST_NAMED} more" if len(inside) > MOST_NAMED else ""
            yield error(
                "network-overlap",
                path,
                f"{what} {network} holds addresses outside of the cluster: {', '.join(inside[:MOST_NAMED])}{more}",
                "choose a range that no machine uses; it cannot be changed later",
            )


def virtual_addresses_are_free(draft: Draft) -> Iterator[Finding]:
    """A virtual address that a host has of its own would never move."""
    own = {_node_address(host): host for host in draft.hosts}
    for text in virtual_addresses(draft.spec):
        host = own.get(text.partition("/")[0])
        if host is not None:
            yield error(
                "virtual-address-taken",
                draft.where(virtual_addresses_path(draft.spec)),
                f"{text} is the address of {host.path}",
                "choose a free address of the controllers' network",
            )


def pod_range_has_room(draft: Draft) -> Iterator[Finding]:
    network = _network(pod_cidr(draft.spec, draft.release))
    path = draft.where(pod_cidr_path(draft.spec))
    if network is None or draft.is_broken(pod_cidr_path(draft.spec)):
        return
    room = 2 ** (NODE_PREFIX - network.prefixlen) if network.prefixlen <= NODE_PREFIX else 0
    nodes = len([host for host in draft.hosts if host.role != "controller"])
    if room < max(nodes, 1):
        yield error(
            "pod-cidr-small",
            path,
            f"the pod CIDR {network} has room for {room} nodes with a /{NODE_PREFIX} each, and there are {nodes}",
            "choose a larger range; it cannot be changed later",
        )
    elif network.prefixlen < NODE_PREFIX - 16:
        yield error(
            "pod-cidr-large",
            path,
            f"the pod CIDR {network} is larger than kube-controller-manager can divide into a /{NODE_PREFIX} per node",
            "choose a smaller range",
            "a range from /8 to /24",
        )


def service_range_has_room(draft: Draft) -> Iterator[Finding]:
    network = _network(service_cidr(draft.spec, draft.release))
    if network is not None and not 12 <= network.prefixlen <= 28:
        yield error(
            "service-cidr-size",
            draft.where("network.serviceCIDR"),
            f"is {network}, and kube-apiserver cannot use a /{network.prefixlen}",
            "choose another range; it cannot be changed later",
            "a range from /12 to /28",
        )


def _ranges(draft: Draft) -> List[Range]:
    found = []
    for path, what, text in (
        (pod_cidr_path(draft.spec), "the pod CIDR", pod_cidr(draft.spec, draft.release)),
        ("network.serviceCIDR", "the service CIDR", service_cidr(draft.spec, draft.release)),
    ):
        network = None if draft.is_broken(path) else _network(text)
        if network is not None:
            found.append((draft.where(path), what, network))
    return found


def _points(draft: Draft) -> List[Point]:
    texts = [(host.path, _node_address(host)) for host in draft.hosts]
    texts += [("virtual address", address.partition("/")[0]) for address in virtual_addresses(draft.spec)]
    external = split_host_port(str(draft.value("apiServer.externalAddress") or ""))[0]
    texts.append(("apiServer.externalAddress", external))
    found = ((place, _address(text)) for place, text in texts)
    return [(place, address) for place, address in found if address is not None]


def _node_address(host: HostDraft) -> str:
    """The address by which other nodes know a host, as far as the file tells."""
    private = host.values.get("privateAddress")
    return str(private or ("" if host.values.get("privateInterface") else host.address))


def _network(text: str) -> Optional[ipaddress.IPv4Network]:
    try:
        return ipaddress.IPv4Network(text)
    except ValueError:
        return None


def _address(text: str) -> Optional[ipaddress.IPv4Address]:
    try:
        return ipaddress.IPv4Address(text)
    except ValueError:
        return None


RANGE_RULES: Tuple[Rule, ...] = (
    ranges_share_nothing,
    addresses_are_outside,
    virtual_addresses_are_free,
    pod_range_has_room,
    service_range_has_room,
)
