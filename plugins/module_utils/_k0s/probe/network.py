# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether other hosts can be reached, and names resolved.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Dict, Iterator, List, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.http import reason_of
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.request import Peer, Request

_AT_ONCE = 32


def peer_findings(request: Request) -> Iterator[Finding]:
    """One finding for each host that does not let us through.

    A refused connection is an answer: nothing listens there yet, and nothing on the way keeps us from it.
    """
    if not request.peers:
        return
    with ThreadPoolExecutor(max_workers=min(_AT_ONCE, len(request.peers))) as pool:
        reasons = list(pool.map(lambda peer: blocked(peer, request.timeout), request.peers))
    by_host: Dict[str, List[Tuple[Peer, str]]] = {}
    for peer, reason in zip(request.peers, reasons):
        if reason:
            by_host.setdefault(peer.host, []).append((peer, reason))
    for host, silent in by_host.items():
        ports = ", ".join(f"{peer.port} ({peer.why or 'k0s'}: {reason})" for peer, reason in silent)
        yield Finding(
            ERROR,
            "peer-unreachable",
            request.place,
            f"does not reach {host} on port {ports}",
            "let these ports through every firewall between the two hosts; a port that is only not in use yet would "
            "refuse the connection",
        )


def blocked(peer: Peer, timeout: float) -> str:
    """Why the peer cannot be reached; empty where it can."""
    try:
        socket.create_connection((peer.host, peer.port), timeout).close()
    except ConnectionRefusedError:
        return ""
    except OSError as error:
        return reason_of(error)
    return ""


def name_findings(request: Request) -> Iterator[Finding]:
    for name, reason in _unresolved(request.names):
        yield Finding(
            ERROR,
            "name-unresolved",
            request.place,
            f"does not find an address for the name {name}: {reason}",
            "add it to the DNS that this host asks, or to /etc/hosts",
        )


def _unresolved(names: Sequence[str]) -> List[Tuple[str, str]]:
    if not names:
        return []
    with ThreadPoolExecutor(max_workers=min(_AT_ONCE, len(names))) as pool:
        return [(name, reason) for name, reason in zip(names, pool.map(_resolve, names)) if reason]


def _resolve(name: str) -> str:
    try:
        socket.getaddrinfo(name, None)
    except (OSError, UnicodeError) as error:
        return getattr(error, "strerror", None) or str(error)
    return ""
