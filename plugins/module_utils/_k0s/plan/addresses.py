# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The address by which the other nodes know a host.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import ipaddress
from typing import Any, List, Mapping, Optional


class AddressError(Exception):
    """No node address could be told from what was read on the host."""


def node_address(host: Any, facts: Mapping[str, Any]) -> str:
    """The node address of a host of mke4.yaml, in this order:

    `privateAddress`; the first IPv4 address of `privateInterface`; the SSH address if it is one of the host's own;
    the address of the interface with the default route.
    """
    own = _ipv4_addresses(facts)
    if host.private_address:
        return str(host.private_address)
    if host.private_interface:
        return _address_of_interface(host, own)
    if host.address in [item["address"] for item in own]:
        return str(host.address)
    default = facts.get("default_address")
    if default:
        return str(default)
    raise AddressError(
        f"the node address of {host.name} is unknown: {host.address} is not on one of its interfaces"
        f" ({_listing(own)}) and it has no default route; set privateAddress or privateInterface for it"
    )


def _address_of_interface(host: Any, own: List[Mapping[str, Any]]) -> str:
    for item in own:
        if item["interface"] == host.private_interface:
            return str(item["address"])
    raise AddressError(
        f"{host.name} has no IPv4 address on privateInterface {host.private_interface}; it has {_listing(own)}"
    )


def _ipv4_addresses(facts: Mapping[str, Any]) -> List[Mapping[str, Any]]:
    return [item for item in facts.get("addresses", ()) if _is_usable_ipv4(item.get("address"))]


def _is_usable_ipv4(text: Optional[str]) -> bool:
    try:
        address = ipaddress.ip_address(text or "")
    except ValueError:
        return False
    return address.version == 4 and not address.is_loopback and not address.is_link_local


def _listing(own: List[Mapping[str, Any]]) -> str:
    return ", ".join(f"{item['interface']} {item['address']}" for item in own) or "no IPv4 address"
