# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the kernel for the addresses of the host: no file has those of IPv4, and `ip` is not everywhere.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
from typing import Any, Callable, Dict, Iterator, List, Tuple

_HEADER = struct.Struct("=IHHII")
_ADDRESS = struct.Struct("=BBBBI")
_ATTRIBUTE = struct.Struct("=HH")
_RTM_NEWADDR, _RTM_GETADDR = 20, 22
_DUMP = 0x301  # NLM_F_REQUEST | NLM_F_DUMP
_ERROR, _DONE = 2, 3
_IFA_ADDRESS, _IFA_LOCAL = 1, 2
TIMEOUT = 2.0


def read_addresses() -> List[Dict[str, Any]]:
    """Interface, address and length of the network prefix of every address of the host."""
    try:
        return [_named(*item) for part in _dump() for item in parse(part)]
    except OSError:
        return []


def _named(index: int, address: str, prefix: int, name: Callable[[int], str] = socket.if_indextoname) -> Dict[str, Any]:
    try:
        interface = name(index)
    except OSError:  # it went while we looked
        interface = ""
    return {"interface": interface, "address": address, "prefix": prefix}


def _dump() -> Iterator[bytes]:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as connection:
        connection.settimeout(TIMEOUT)
        body = _ADDRESS.pack(socket.AF_UNSPEC, 0, 0, 0, 0)
        connection.send(_HEADER.pack(_HEADER.size + len(body), _RTM_GETADDR, _DUMP, 1, 0) + body)
        while True:
            part = connection.recv(65536)
            yield part
            if any(kind in (_DONE, _ERROR) for kind, _body in _messages(part)):
                return


def parse(part: bytes) -> Iterator[Tuple[int, str, int]]:
    """Interface number, address and prefix length of each address in an answer of the kernel."""
    for kind, body in _messages(part):
        if kind != _RTM_NEWADDR:
            continue
        _family, prefix, _flags, _scope, index = _ADDRESS.unpack_from(body)
        attributes = dict(_attributes(body[_ADDRESS.size :]))
        raw = attributes.get(_IFA_LOCAL) or attributes.get(_IFA_ADDRESS)
        if raw is not None and len(raw) in (4, 16):
            yield index, str(ipaddress.ip_address(raw)), prefix


def _messages(part: bytes) -> Iterator[Tuple[int, bytes]]:
    place = 0
    while place + _HEADER.size <= len(part):
        length, kind, _flags, _sequence, _sender = _HEADER.unpack_from(part, place)
        if length < _HEADER.size:
            return
        yield kind, part[place + _HEADER.size : place + length]
        place += (length + 3) & ~3


def _attributes(body: bytes) -> Iterator[Tuple[int, bytes]]:
    place = 0
    while place + _ATTRIBUTE.size <= len(body):
        length, kind = _ATTRIBUTE.unpack_from(body, place)
        if length < _ATTRIBUTE.size:
            return
        yield kind, body[place + _ATTRIBUTE.size : place + length]
        place += (length + 3) & ~3
