# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports that something listens on.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import ipaddress
import os
import re
from typing import Any, Dict, Iterator, List, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root

_TABLES = (("tcp", "tcp"), ("tcp", "tcp6"), ("udp", "udp"), ("udp", "udp6"))
_LISTENS = {"tcp": "0A", "udp": "07"}
_SOCKET = re.compile(r"socket:\[(\d+)\]")


def read_listening(root: Root = HOST, with_processes: bool = True) -> List[Dict[str, Any]]:
    """Protocol, port, address and process of everything that listens; finding the processes costs most."""
    found = [
        (inode, {"protocol": protocol, "port": port, "address": address, "process": ""})
        for protocol, table in _TABLES
        for address, port, inode in parse_sockets(root.text(f"/proc/net/{table}"), _LISTENS[protocol])
    ]
    if with_processes:
        owners = owners_of({inode for inode, _item in found}, root)
        for inode, item in found:
            item["process"] = owners.get(inode, "")
    return sorted((item for _inode, item in found), key=lambda item: (item["protocol"], item["port"], item["address"]))


def parse_sockets(text: str, state: str) -> Iterator[Tuple[str, int, str]]:
    """Address, port and inode of the sockets in that state."""
    for line in text.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 9 and fields[3] == state:
            address, _colon, port = fields[1].partition(":")
            yield _address(address), int(port, 16), fields[9]


def _address(text: str) -> str:
    """Addresses stand there as 32-bit words in the byte order of the machine."""
    raw = bytes.fromhex(text)
    words = (raw[place : place + 4][::-1] for place in range(0, len(raw), 4))
    return str(ipaddress.ip_address(b"".join(words)))


def owners_of(inodes: Set[str], root: Root = HOST) -> Dict[str, str]:
    """Names of the processes that hold these sockets. The search ends when all are found."""
    owners: Dict[str, str] = {}
    for pid in root.names("/proc"):
        if not pid.isdigit():
            continue
        for inode in _sockets_of(pid, root) & inodes:
            owners.setdefault(inode, root.text(f"/proc/{pid}/comm").strip())
        if len(owners) == len(inodes):
            break
    return owners


def _sockets_of(pid: str, root: Root) -> Set[str]:
    found = set()
    for name in root.names(f"/proc/{pid}/fd"):
        try:
            match = _SOCKET.match(os.readlink(root.at(f"/proc/{pid}/fd/{name}")))
        except OSError:  # it was closed while we looked
            continue
        if match:
            found.add(match.group(1))
    return found
