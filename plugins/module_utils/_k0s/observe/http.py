# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request over a socket, with a time limit on the whole of it.

The standard library's client brings a mail parser with it, whose import takes longer than everything else that is
read on a host. An answer is complete when its own length says so: etcd sometimes closes the connection seconds later.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass
from typing import Any, Dict, Optional, Union

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import NoAnswer

LONGEST_ANSWER = 32 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self, asked: str) -> Any:
        """The answer as data; `asked` names the question in the error."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise NoAnswer(f"{asked} answered with something that is no JSON") from error


@dataclass(frozen=True)
class Request:
    """`where` names the server in messages. `method` is GET, or POST with a body, unless it says another."""

    where: str
    path: str
    host: str = "localhost"
    body: Optional[bytes] = None
    method: str = ""

    def encode(self) -> bytes:
        method = self.method or ("GET" if self.body is None else "POST")
        lines = [
            f"{method} {self.path} HTTP/1.1",
            f"Host: {self.host}",
            "Connection: close",
            "Accept: application/json",
        ]
        if self.body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode("ascii") + (self.body or b"")


def exchange(connection: Union[socket.socket, Any], request: Request, end: float) -> Answer:
    """Sends the request and reads the answer to its end; the time limit `end` is on the monotonic clock."""
    asked = f"{request.where}{request.path}"
    received = bytearray()
    try:
        connection.settimeout(_left(end, asked))
        connection.sendall(request.encode())
        while True:
            connection.settimeout(_left(end, asked))
            part = connection.recv(65536)
            received += part
            answer = _parse(bytes(received), asked, at_end=not part)
            if answer is not None:
                return answer
            if len(received) > LONGEST_ANSWER:
                raise NoAnswer(f"{asked} answered with more than {LONGEST_ANSWER} bytes")
    except OSError as error:
        raise NoAnswer(f"{asked} gave no answer: {reason_of(error)}") from error


def reason_of(error: OSError) -> str:
    """The error in words that do not change with the Python version."""
    if isinstance(error, socket.timeout):
        return "time-out"
    return (error.strerror or str(error) or type(error).__name__).lower()


def deadline(seconds: float) -> float:
    return time.monotonic() + seconds


def _left(end: float, asked: str) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise NoAnswer(f"{asked} gave no answer: time-out")
    return left


def _parse(received: bytes, asked: str, at_end: bool) -> Optional[Answer]:
    """The answer, None while it is not complete. `at_end`: the server has closed the connection."""
    head, separator, body = received.partition(b"\r\n\r\n")
    if not separator and not at_end:
        return None
    words = head.split(b"\r\n", 1)[0].split(b" ", 2)
    if not separator or len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
        raise NoAnswer(f"{asked} answered with something that is no HTTP")
    fields = _fields(head)
    if b"chunked" in fields.get(b"transfer-encoding", b"").lower():
        whole = _joined(body)
    elif fields.get(b"content-length", b"").isdigit():
        length = int(fields[b"content-length"])
        whole = body[:length] if len(body) >= length else None
    else:
        whole = body if at_end else None
    if whole is None and at_end:
        raise NoAnswer(f"{asked} ended in the middle of its answer, after {len(body)} bytes")
    return None if whole is None else Answer(int(words[1]), whole)


def _fields(head: bytes) -> Dict[bytes, bytes]:
    pairs = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.strip().lower(): value.strip() for name, _colon, value in pairs}


def _joined(body: bytes) -> Optional[bytes]:
    """A body that was sent in chunks, each with its size before it; None before the last one has come."""
    whole = b""
    while True:
        size, separator, rest = body.partition(b"\r\n")
        try:
            length = int(size.split(b";")[0], 16)
        except ValueError:
            return None
        if not separator or len(rest) < length + 2:
            return None
        if length == 0:
            return whole
        whole, body = whole + rest[:length], rest[length + 2 :]
