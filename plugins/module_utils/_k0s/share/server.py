# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small HTTP server by which a host gives large files to the other hosts of a run.

It is bound to the host's own address, knows its files only by their digests below a path that nobody can guess, and
ends by itself: when it is told to, when nobody has asked for a while, and at the latest after its lifetime.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import hmac
import http.server
import os
import socket
import socketserver
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Optional

AT_ONCE = 2
IDLE = 300.0
LIFETIME = 3600.0
STALL = 30.0
_PAUSE = 1.0


@dataclass(frozen=True)
class Share:
    """What is served: `files` are paths by their sha256. `token` is the first part of every URL."""

    address: str
    port: int
    token: str = field(repr=False)
    files: Mapping[str, str] = field(default_factory=dict)
    at_once: int = AT_ONCE
    idle: float = IDLE
    lifetime: float = LIFETIME


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """Listens from the moment it is made; `run` answers until the end."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, share: Share, now: Callable[[], float] = time.monotonic) -> None:
        if ":" in share.address:
            self.address_family = socket.AF_INET6
        self.share = share
        self.now = now
        self.turns = threading.BoundedSemaphore(share.at_once)
        self.busy = 0
        self.begun = self.last_asked = now()
        super().__init__((share.address, share.port), Handler)
        self.timeout = _PAUSE

    def server_bind(self) -> None:
        """Without the search for a name of the address, which may take long where no DNS answers."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.share.address, self.server_address[1]

    @property
    def is_over(self) -> bool:
        now = self.now()
        if self.busy and now - self.begun <= self.share.lifetime:
            return False
        return now - self.last_asked > self.share.idle or now - self.begun > self.share.lifetime

    def run(self) -> None:
        while not self.is_over:
            self.handle_request()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A receiver that went away takes the file from somebody else."""


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server
    timeout = STALL

    def do_GET(self) -> None:
        path = self._file()
        if path is None or not os.path.isfile(path):
            self.send_error(404)
        elif not self.server.turns.acquire(blocking=False):
            self.send_error(503)
        else:
            self.server.busy += 1
            try:
                self._send(path)
            finally:
                self.server.busy -= 1
                self.server.turns.release()
        self.server.last_asked = self.server.now()

    def _file(self) -> Optional[str]:
        token, _slash, digest = self.path.lstrip("/").partition("/")
        if not hmac.compare_digest(token.encode("utf-8"), self.server.share.token.encode("utf-8")):
            return None
        return self.server.share.files.get(digest)

    def _send(self, path: str) -> None:
        with open(path, "rb") as stream:
            self.send_response(200)
            self.send_header("Content-Length", str(os.fstat(stream.fileno()).st_size))
            self.end_headers()
            self.wfile.flush()
            self.connection.sendfile(stream)

    def log_message(self, *_args: Any) -> None:
        """Its paths are not for logs, and nobody reads one."""
