# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the kernel for network links, routes, ipsets and tables of rules, and has it remove some.

No file has them, and the programs that do are not on every host.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import socket
import struct
from typing import Callable, Dict, Iterator, List, Tuple

_HEADER = struct.Struct("=IHHII")
_ATTRIBUTE = struct.Struct("=HH")
_REQUEST, _ACK, _DUMP = 0x1, 0x4, 0x300
_ERROR, _DONE = 2, 3
TIMEOUT = 5.0
ROUTE, NETFILTER = 0, 12

Send = Callable[[int, int, int, bytes], List[Tuple[int, bytes]]]


def ask(family: int, kind: int, flags: int, body: bytes) -> List[Tuple[int, bytes]]:
    """Sends one message and returns the kernel's answers; OSError where it refuses."""
    return _exchange(family, _message(kind, flags | _REQUEST | _ACK, body, 1))


def ask_batch(messages: List[Tuple[int, int, bytes]]) -> None:
    """Sends messages to nf_tables, which takes all of them or none."""
    group = struct.pack("=BBH", 0, 0, socket.htons(10))  # the subsystem of nf_tables
    parts = [_message(0x10, _REQUEST, group, 0)]
    parts += [_message(kind, flags | _REQUEST | _ACK, body, 1) for kind, flags, body in messages]
    parts.append(_message(0x11, _REQUEST, group, 2))
    _exchange(NETFILTER, b"".join(parts))


def _message(kind: int, flags: int, body: bytes, sequence: int) -> bytes:
    return _HEADER.pack(_HEADER.size + len(body), kind, flags, sequence, 0) + body


def _exchange(family: int, data: bytes) -> List[Tuple[int, bytes]]:
    found: List[Tuple[int, bytes]] = []
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, family) as connection:
        connection.settimeout(TIMEOUT)
        connection.bind((0, 0))
        connection.send(data)
        while True:
            for kind, body in messages(connection.recv(1 << 18)):
                if kind == _ERROR:
                    code = -struct.unpack_from("=i", body)[0]
                    if code:
                        raise OSError(code, os.strerror(code))
                    return found
                if kind == _DONE:
                    return found
                found.append((kind, body))


def messages(part: bytes) -> Iterator[Tuple[int, bytes]]:
    place = 0
    while place + _HEADER.size <= len(part):
        length, kind, _flags, _sequence, _sender = _HEADER.unpack_from(part, place)
        if length < _HEADER.size:
            return
        yield kind, part[place + _HEADER.size : place + length]
        place += (length + 3) & ~3


def attributes(body: bytes) -> Dict[int, bytes]:
    """The attributes of a message by their number."""
    found: Dict[int, bytes] = {}
    place = 0
    while place + _ATTRIBUTE.size <= len(body):
        length, kind = _ATTRIBUTE.unpack_from(body, place)
        if length < _ATTRIBUTE.size:
            break
        found[kind & 0x3FFF] = body[place + _ATTRIBUTE.size : place + length]
        place += (length + 3) & ~3
    return found


def attribute(kind: int, value: bytes) -> bytes:
    length = _ATTRIBUTE.size + len(value)
    return _ATTRIBUTE.pack(length, kind) + value + b"\0" * (-length % 4)


def text(value: bytes) -> str:
    return value.rstrip(b"\0").decode("ascii", "replace")
