# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which proxy the environment names for a server, by the rules that kubectl follows. Pure.

The package kubernetes has other rules in each of its versions.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import ipaddress
from typing import Mapping, Union
from urllib.parse import urlsplit

Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address, None]


def proxy_for(server: str, environ: Mapping[str, str]) -> str:
    """The URL of the proxy; empty where the server is reached directly. A host's own addresses never have one."""
    url = urlsplit(server)
    name = "http_proxy" if url.scheme == "http" else "https_proxy"
    proxy = environ.get(name.upper()) or environ.get(name) or ""
    host = (url.hostname or "").lower()
    if not proxy or host == "localhost" or _is_loopback(host):
        return ""
    rules = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
    if any(_matches(rule, host, url.port or 443) for rule in rules.lower().split(",")):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def _matches(rule: str, host: str, port: int) -> bool:
    """One entry of NO_PROXY: `*`, a network, an address, a domain with all below it; a port may stand behind it."""
    rule = rule.strip()
    if rule in ("", "*"):
        return bool(rule)
    address = _address(host)
    if "/" in rule:
        return _is_in(address, rule)
    name, colon, number = rule.rpartition(":")
    if colon and number.isdecimal() and _address(rule) is None:
        rule = name
        if int(number) != port:
            return False
    if address is not None:
        return _address(rule.strip("[]")) == address
    domain = rule.lstrip("*").lstrip(".")
    return host.endswith(f".{domain}") or (host == domain and not rule.startswith((".", "*")))


def _is_in(address: Address, network: str) -> bool:
    try:
        return address is not None and address in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return address is not None and address.is_loopback


def _address(text: str) -> Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
