# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes, the default address, name servers and hardware addresses.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.netlink import read_addresses
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root

_UP, _GATEWAY = 0x1, 0x2


def read_network(root: Root = HOST) -> Dict[str, Any]:
    addresses = read_addresses()
    routes = parse_routes(root.text("/proc/net/route"))
    default = default_route(routes)
    return {
        "addresses": addresses,
        "routes": routes,
        "default_interface": default["interface"] if default else "",
        "default_address": default_address(default, addresses),
        "macs": macs(root),
        "nameservers": nameservers(root.text("/etc/resolv.conf")),
        "resolves_localhost": resolves("localhost"),
    }


def parse_routes(text: str) -> List[Dict[str, Any]]:
    """The IPv4 routes of the main table: /proc/net/route has its numbers in the byte order of the machine."""
    routes = []
    for line in text.splitlines()[1:]:
        fields = line.split()
        if len(fields) < 8 or not int(fields[3], 16) & _UP:
            continue
        network = ipaddress.ip_network(f"{_address(fields[1])}/{_address(fields[7])}", strict=False)
        gateway = _address(fields[2]) if int(fields[3], 16) & _GATEWAY else ""
        routes.append(
            {"destination": str(network), "gateway": gateway, "interface": fields[0], "metric": int(fields[6])}
        )
    return routes


def _address(number: str) -> str:
    return str(ipaddress.ip_address(int.from_bytes(bytes.fromhex(number), "little")))


def default_route(routes: Sequence[Mapping[str, Any]]) -> Optional[Mapping[str, Any]]:
    found = [route for route in routes if route["destination"] == "0.0.0.0/0"]
    return min(found, key=lambda route: int(route["metric"])) if found else None


def default_address(route: Optional[Mapping[str, Any]], addresses: Sequence[Mapping[str, Any]]) -> str:
    """The host's IPv4 address on its way out: the one in the gateway's network, else the interface's first."""
    if route is None:
        return ""
    own = [item for item in addresses if item["interface"] == route["interface"] and ":" not in item["address"]]
    for item in own:
        network = ipaddress.ip_network((item["address"], item["prefix"]), strict=False)
        if route["gateway"] and ipaddress.ip_address(route["gateway"]) in network:
            return str(item["address"])
    return str(own[0]["address"]) if own else ""


def macs(root: Root = HOST) -> List[str]:
    """Hardware addresses of the devices that are no bridges or tunnels of this host's own making."""
    found = set()
    for name in root.names("/sys/class/net"):
        # 0: permanent. Random ones (1) belong to what containers and bridges are made of.
        if root.text(f"/sys/class/net/{name}/addr_assign_type").strip() in ("0", "3"):
            found.add(root.text(f"/sys/class/net/{name}/address").strip().lower())
    return sorted(found - {"", "00:00:00:00:00:00"})


def nameservers(text: str) -> List[str]:
    lines = (line.split() for line in text.splitlines())
    return [words[1] for words in lines if len(words) > 1 and words[0] == "nameserver"]


def resolves(name: str) -> bool:
    try:
        return bool(socket.getaddrinfo(name, None))
    except OSError:
        return False
