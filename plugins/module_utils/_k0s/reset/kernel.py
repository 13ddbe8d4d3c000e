# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel keeps for the network of pods: links, routes, ipsets and tables of nf_tables.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import errno
import socket
import struct
from dataclasses import dataclass
from typing import Callable, List, Tuple, TypeVar

from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import netlink
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.netlink import Send, attribute, attributes, text

_LINK = struct.Struct("=BxHiII")
_ROUTE = struct.Struct("=BBBBBBBBI")
_NEWLINK, _DELLINK, _GETLINK = 16, 17, 18
_NEWROUTE, _DELROUTE, _GETROUTE = 24, 25, 26
_IFLA_IFNAME, _IFLA_MASTER = 3, 10
_RTA_DST, _RTA_OIF, _RTA_PRIORITY, _RTA_TABLE = 1, 4, 6, 15
_DUMP = 0x300
_IPSET, _NFT = 6 << 8, 10 << 8
_IPSET_DESTROY, _IPSET_LIST = 3, 7
_NFT_NEWTABLE, _NFT_GETTABLE, _NFT_DELTABLE = 0, 1, 2
# A kernel without the subsystem has none of its things.
_NONE = (errno.EINVAL, errno.EPROTONOSUPPORT, errno.EOPNOTSUPP, errno.ENOENT, errno.EPFNOSUPPORT, errno.EAFNOSUPPORT)
_FAMILIES = {0: "unspec", 1: "inet", 2: "ip", 3: "arp", 5: "netdev", 7: "bridge", 10: "ip6"}

Found = TypeVar("Found")


def have(ask: Callable[[], List[Found]]) -> List[Found]:
    """The answer to a question about a subsystem that the kernel need not have."""
    try:
        return ask()
    except OSError as error:
        if error.errno in _NONE:
            return []
        raise


@dataclass(frozen=True)
class Link:
    index: int
    name: str
    master: int = 0


@dataclass(frozen=True)
class Route:
    """One route; `raw` is what the kernel says of it, and what it wants back to remove it."""

    text: str
    protocol: int
    kind: int
    device: int = 0
    raw: bytes = b""


@dataclass(frozen=True)
class NftTable:
    family: int
    name: str

    def __str__(self) -> str:
        return f"{_FAMILIES.get(self.family, self.family)} {self.name}"


@dataclass(frozen=True)
class Kernel:
    """`send` is how it is asked, `send_tables` how nf_tables is told to change."""

    send: Send = netlink.ask
    send_tables: Callable[[List[Tuple[int, int, bytes]]], None] = netlink.ask_batch

    def links(self) -> List[Link]:
        answers = self.send(netlink.ROUTE, _GETLINK, _DUMP, _LINK.pack(0, 0, 0, 0, 0))
        return [_link(body) for kind, body in answers if kind == _NEWLINK]

    def remove_link(self, link: Link) -> None:
        self.send(netlink.ROUTE, _DELLINK, 0, _LINK.pack(0, 0, link.index, 0, 0))

    def routes(self) -> List[Route]:
        answers = self.send(netlink.ROUTE, _GETROUTE, _DUMP, _ROUTE.pack(0, 0, 0, 0, 0, 0, 0, 0, 0))
        return [_route(body) for kind, body in answers if kind == _NEWROUTE]

    def remove_route(self, route: Route) -> None:
        self.send(netlink.ROUTE, _DELROUTE, 0, route.raw)

    def ipsets(self) -> List[str]:
        body = _set_header() + attribute(1, struct.pack("B", 6)) + attribute(6, struct.pack(">I", 1))
        answers = self.send(netlink.NETFILTER, _IPSET | _IPSET_LIST, _DUMP, body)
        names = [attributes(part[4:]).get(2) for kind, part in answers if kind >> 8 == _IPSET >> 8]
        return sorted({text(name) for name in names if name})

    def remove_ipset(self, name: str) -> None:
        body = _set_header() + attribute(1, struct.pack("B", 6)) + attribute(2, name.encode("ascii") + b"\0")
        self.send(netlink.NETFILTER, _IPSET | _IPSET_DESTROY, 0, body)

    def nft_tables(self) -> List[NftTable]:
        answers = self.send(netlink.NETFILTER, _NFT | _NFT_GETTABLE, _DUMP, struct.pack("=BBH", 0, 0, 0))
        found = [(part[0], attributes(part[4:]).get(1)) for kind, part in answers if kind == _NFT | _NFT_NEWTABLE]
        return [NftTable(family, text(name)) for family, name in found if name]

    def remove_nft_table(self, table: NftTable) -> None:
        body = struct.pack("=BBH", table.family, 0, 0) + attribute(1, table.name.encode("ascii") + b"\0")
        self.send_tables([(_NFT | _NFT_DELTABLE, 0, body)])


def _set_header() -> bytes:
    return struct.pack("=BBH", socket.AF_INET, 0, 0)


def _link(body: bytes) -> Link:
    _family, _type, index, _flags, _change = _LINK.unpack_from(body)
    parts = attributes(body[_LINK.size :])
    master = struct.unpack("=I", parts[_IFLA_MASTER])[0] if len(parts.get(_IFLA_MASTER, b"")) == 4 else 0
    return Link(index, text(parts.get(_IFLA_IFNAME, b"")), master)


def _route(body: bytes) -> Route:
    family, length, _source, _tos, table, protocol, _scope, kind, _flags = _ROUTE.unpack_from(body)
    parts = attributes(body[_ROUTE.size :])
    device = struct.unpack("=I", parts[_RTA_OIF])[0] if len(parts.get(_RTA_OIF, b"")) == 4 else 0
    if len(parts.get(_RTA_TABLE, b"")) == 4:
        table = struct.unpack("=I", parts[_RTA_TABLE])[0]
    where = _prefix(family, parts.get(_RTA_DST, b""), length)
    return Route(f"{where} in table {table}", protocol, kind, device, body)


def _prefix(family: int, address: bytes, length: int) -> str:
    try:
        return f"{socket.inet_ntop(family, address)}/{length}"
    except (ValueError, OSError):  # a default route has no address
        return "default"
