# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy before the API server that misbehaves as it is told, and counts what it is asked.

    proxy = bed.proxy()
    proxy.expect(busy(retry_after=1), times=3)                            # the next three requests, whatever they are
    proxy.expect(Cut(events=1), times=2, path="/configmaps", watch=True)  # two watches end after their first event
    ...
    assert proxy.played                                                   # all of it has happened

The kinds of faults are in tests/api/fault_kinds.py.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.api.pki import LOOPBACK, Pki

if TYPE_CHECKING:
    from tests.api.fault_kinds import Fault

HOP_BY_HOP = frozenset(("connection", "transfer-encoding", "keep-alive", "te", "upgrade", "host"))
ALWAYS = 1 << 30
CHUNK = 65536


@dataclass(frozen=True)
class Request:
    """What somebody asked."""

    method: str
    path: str
    query: str
    body: bytes = field(repr=False, default=b"")
    fault: str = ""

    @property
    def is_watch(self) -> bool:
        return parse_qs(self.query).get("watch", [""])[0] in ("1", "true", "True")

    def __str__(self) -> str:
        text = f"{self.method} {self.path}" + (f"?{self.query}" if self.query else "")
        return f"{text} ({self.fault})" if self.fault else text


@dataclass
class Rule:
    """A fault, for which requests it is meant, and how often."""

    fault: Fault
    method: str
    path: re.Pattern[str]
    watch: bool | None
    times: int
    skip: int

    def takes(self, request: Request) -> bool:
        """Whether it is this one's turn; being asked counts."""
        fits = self.method in ("", request.method) and self.path.search(request.path)
        if not fits or self.times == 0 or self.watch not in (None, request.is_watch):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


class FaultProxy:
    """TLS on both sides; the token of a request goes through, so the API server knows who asks."""

    def __init__(self, port: int, pki: Pki) -> None:
        self._upstream = port
        self._upstream_tls = ssl.create_default_context(cafile=str(pki.ca))
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(pki.certificate, pki.key)
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._requests: list[Request] = []
        self._connections: set[http.client.HTTPSConnection] = set()
        self.stopped = threading.Event()
        self._server = _Server((LOOPBACK, 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"https://{LOOPBACK}:{self._server.server_address[1]}"

    def expect(
        self,
        fault: Fault,
        *,
        times: int = 1,
        method: str = "",
        path: str = "",
        watch: bool | None = None,
        skip: int = 0,
    ) -> None:
        """Let requests that fit meet the fault; of several rules that fit the first one that is left is taken."""
        with self._lock:
            self._rules.append(Rule(fault, method, re.compile(path), watch, times, skip))

    @property
    def played(self) -> bool:
        """Whether every fault with a number has happened as often as it should."""
        with self._lock:
            return all(rule.times == 0 or rule.times > ALWAYS // 2 for rule in self._rules)

    def forget(self) -> None:
        """No more faults, and no memory of requests."""
        with self._lock:
            self._rules.clear()
            self._requests.clear()

    def requests(self, method: str = "", path: str = "", watch: bool | None = None) -> list[Request]:
        """What was asked so far."""
        with self._lock:
            found = list(self._requests)
        return [
            request
            for request in found
            if method in ("", request.method) and re.search(path, request.path) and watch in (None, request.is_watch)
        ]

    def stop(self) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            _hang_up(connection)

    def fault_for(self, request: Request) -> Fault | None:
        """Note the request, and say what shall happen to it."""
        with self._lock:
            rule = next((rule for rule in self._rules if rule.takes(request)), None)
            name = rule.fault.name if rule else ""
            self._requests.append(Request(request.method, request.path, request.query, request.body, name))
        return rule.fault if rule else None

    def connect(self) -> http.client.HTTPSConnection:
        connection = http.client.HTTPSConnection(LOOPBACK, self._upstream, context=self._upstream_tls)
        with self._lock:
            self._connections.add(connection)
        return connection

    def release(self, connection: http.client.HTTPSConnection) -> None:
        connection.close()
        with self._lock:
            self._connections.discard(connection)

    def secure(self, raw: socket.socket) -> ssl.SSLSocket:
        return self._tls.wrap_socket(raw, server_side=True)


class _Server(ThreadingHTTPServer):
    proxy: FaultProxy
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of the game."""


class _Handler(BaseHTTPRequestHandler):
    """One connection of a client, and its own one to the API server."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        self.request = self.server.proxy.secure(self.request)
        self.upstream = self.server.proxy.connect()
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.server.proxy.release(self.upstream)
        self.request.close()

    def log_message(self, *args: Any) -> None:
        """The proxy's own record says more."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(self.command, parts.path, parts.query, self.rfile.read(length))
        exchange = Exchange(self, request)
        fault = self.server.proxy.fault_for(request)
        if fault is None:
            exchange.pass_on(exchange.ask())
        else:
            fault.play(exchange)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - the base class asks for these names


@dataclass
class Exchange:
    """One request and the ways to answer it; a fault plays with them."""

    handler: _Handler
    request: Request

    @property
    def proxy(self) -> FaultProxy:
        return self.handler.server.proxy

    def ask(self) -> http.client.HTTPResponse:
        """Ask the API server."""
        headers = {name: value for name, value in self.handler.headers.items() if name.lower() not in HOP_BY_HOP}
        self.handler.upstream.request(self.request.method, self.handler.path, self.request.body or None, headers)
        return self.handler.upstream.getresponse()

    def pass_on(self, answer: http.client.HTTPResponse) -> None:
        """Hand its answer over as it comes."""
        self.head(answer)
        for chunk in chunks(answer):
            self.write(answer, chunk)
        self.end(answer)

    def head(self, answer: http.client.HTTPResponse) -> None:
        self.handler.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.handler.send_header(name, value)
        if _is_chunked(answer):
            self.handler.send_header("Transfer-Encoding", "chunked")
        self.handler.end_headers()

    def write(self, answer: http.client.HTTPResponse, data: bytes) -> None:
        framed = b"%x\r\n%s\r\n" % (len(data), data) if _is_chunked(answer) else data
        self.handler.wfile.write(framed)

    def end(self, answer: http.client.HTTPResponse) -> None:
        if _is_chunked(answer):
            self.handler.wfile.write(b"0\r\n\r\n")

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """An answer that the API server knows nothing of."""
        self.handler.send_response_only(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def close(self) -> None:
        """End the connection in the middle of whatever there is."""
        self.handler.close_connection = True
        self.handler.request.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """End it with a TCP reset: `connection reset by peer`."""
        self.handler.close_connection = True
        raw = socket.socket(fileno=self.handler.request.detach())
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.close()


def chunks(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    """The body as it arrives."""
    while True:
        data = answer.read1(CHUNK)
        if not data:
            # Only read() notices that the answer is complete; else its connection would not take another request.
            answer.read()
            return
        yield data


def _is_chunked(answer: http.client.HTTPResponse) -> bool:
    return answer.getheader("Content-Length") is None and answer.status not in (204, 304)


def _hang_up(connection: http.client.HTTPSConnection) -> None:
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # its thread was faster
