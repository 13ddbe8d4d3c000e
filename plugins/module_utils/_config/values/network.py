# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversion of addresses, ranges of addresses, ports and host names.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import Invalid, shown, wrong_type
from ansible_collections.mke4k.core.plugins.module_utils._config.values.scalars import to_whole, to_word

_LABEL = re.compile(r"^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$")
_NODE_LABEL = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")
_LOOKS_LIKE_IPV4 = re.compile(r"^[0-9.]+$")
_PREFIX = re.compile(r"^[0-9.]+/[0-9]{1,2}$")
_RANGE = re.compile(r"^([0-9]{1,5})\s*-\s*([0-9]{1,5})$")

CIDR_WORDS = "an IPv4 range such as 192.168.0.0/16"
HOST_WORDS = "an IPv4 address or a host name"
PORT_WORDS = "a port from 1 to 65535"
IPV4_ONLY = "MKE 4 supports IPv4 only"


def to_cidr(value: Any) -> str:
    text = to_word(value)
    if ":" in text:
        raise Invalid(f"is {shown(text)}", CIDR_WORDS, IPV4_ONLY)
    if not _PREFIX.match(text):
        raise Invalid(f"is {shown(text)}", CIDR_WORDS)
    try:
        network = ipaddress.IPv4Network(text, strict=False)
    except ValueError:
        raise Invalid(f"is {shown(text)}", CIDR_WORDS) from None
    if str(network) != text:
        raise Invalid(f"is {shown(text)}, which is an address within a range", CIDR_WORDS, f"write {network}")
    return text


def to_ipv4(value: Any) -> str:
    text = to_word(value)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise Invalid(f"is {shown(text)}", "an IPv4 address such as 10.0.0.11") from None
    if address.version != 4:
        raise Invalid(f"is {shown(text)}", "an IPv4 address such as 10.0.0.11", IPV4_ONLY)
    return str(address)


def to_cidr_address(value: Any) -> str:
    """An address with the length of its network's prefix, as virtual addresses have it."""
    text = to_word(value)
    words = "an IPv4 address with its prefix length, such as 10.0.0.100/24"
    slash = "/" in text
    if not slash:
        raise Invalid(f"is {shown(text)}, which has no prefix length", words, "add that of the nodes' network")
    if not _PREFIX.match(text):
        raise Invalid(f"is {shown(text)}", words)
    try:
        return str(ipaddress.IPv4Interface(text))
    except ValueError:
        raise Invalid(f"is {shown(text)}", words) from None


def to_host(value: Any) -> str:
    """An IPv4 address or a host name."""
    text = to_word(value)
    if "://" in text:
        bare = text.partition("://")[2].strip("/")
        raise Invalid(f"is {shown(text)}, which is a URL", HOST_WORDS, f"write {bare}" if bare else "")
    if _LOOKS_LIKE_IPV4.match(text):
        return to_ipv4(text)
    if ":" in text:
        raise Invalid(f"is {shown(text)}", HOST_WORDS, IPV4_ONLY if text.count(":") > 1 else "")
    if len(text) > 253 or not all(_LABEL.match(label) for label in text.rstrip(".").split(".")):
        raise Invalid(f"is {shown(text)}", HOST_WORDS)
    return text


def to_endpoint(value: Any) -> str:
    """A host, or a host and a port."""
    text = to_word(value)
    host, colon, port = text.partition(":")
    if not colon or "://" in text or text.count(":") > 1:
        return to_host(text)
    return f"{to_host(host)}:{to_port(port)}"


def to_bind(value: Any) -> str:
    """An address to listen on, with its port."""
    text = to_word(value)
    host, colon, port = text.rpartition(":")
    if not colon:
        raise Invalid(f"is {shown(text)}", "an IPv4 address with a port, such as 0.0.0.0:10249")
    return f"{to_ipv4(host)}:{to_port(port)}"


def to_port(value: Any) -> int:
    try:
        port = to_whole(value)
    except Invalid:
        raise wrong_type(value, PORT_WORDS) from None
    if not 1 <= port <= 65535:
        raise Invalid(f"is {shown(value)}", PORT_WORDS)
    return port


def to_port_range(value: Any) -> str:
    text = to_word(value)
    match = _RANGE.match(text)
    words = "a range of ports such as 32768-35535"
    if match is None:
        raise Invalid(f"is {shown(text)}", words)
    first, last = (int(part) for part in match.groups())
    if not 1 <= first <= last <= 65535:
        raise Invalid(f"is {shown(text)}", f"{words}, from the lower to the higher, from 1 to 65535")
    return f"{first}-{last}"


def ports_of(text: str) -> Tuple[int, int]:
    """First and last port of a range that `to_port_range` accepted."""
    first, _dash, last = text.partition("-")
    return int(first), int(last)


def to_node_name(value: Any) -> str:
    """A host name as Kubernetes wants that of a node: small letters, digits, `-` and dots."""
    text = to_word(value)
    words = "a host name of small letters, digits, '-' and '.', of at most 253 characters"
    if len(text) > 253 or not all(_NODE_LABEL.match(label) for label in text.split(".")):
        lower = text.lower()
        remedy = f"write {lower}" if all(_NODE_LABEL.match(label) for label in lower.split(".")) else ""
        raise Invalid(f"is {shown(text)}", words, remedy)
    return text
