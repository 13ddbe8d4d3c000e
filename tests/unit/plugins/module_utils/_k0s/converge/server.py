# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP server on loopback that can misbehave."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Callable, Dict, List, Optional, Type

Answer = Callable[[BaseHTTPRequestHandler], None]


class FileServer:
    def __init__(self) -> None:
        self.answers: Dict[str, Answer] = {}
        self.requests: List[str] = []
        self.released = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append(self.path)
                outer.answers.get(self.path, missing)(self)

            def log_message(self, *_args: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> FileServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def serve(self, path: str, body: bytes) -> str:
        self.answers[path] = lambda handler: send(handler, body)
        return self.url(path)

    def fail(self, path: str, code: int) -> str:
        self.answers[path] = lambda handler: handler.send_error(code)
        return self.url(path)

    def truncate(self, path: str, body: bytes, times: int = 99) -> str:
        """Ends the connection in the middle, the first `times` times."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            cut = body if self.requests.count(path) > times else body[: len(body) // 2]
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(cut)

        self.answers[path] = answer
        return self.url(path)

    def stall(self, path: str) -> str:
        """Sends the head of an answer and then nothing."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            self.released.wait(10)

        self.answers[path] = answer
        return self.url(path)


def send(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def missing(handler: BaseHTTPRequestHandler) -> None:
    handler.send_error(404)
