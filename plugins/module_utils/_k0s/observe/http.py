# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One GET or POST over a socket, with a time limit on the whole of it.

The standard library's client brings a mail parser with it, whose import takes longer than everything else that is
read on a host. HTTP/1.0 has no chunks and ends with its connection, so little is needed.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass
from typing import Any, Optional, Union

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
    """`where` names the server in messages."""

    where: str
    path: str
    host: str = "localhost"
    body: Optional[bytes] = None

    def encode(self) -> bytes:
        method = "GET" if self.body is None else "POST"
        lines = [f"{method} {self.path} HTTP/1.0", f"Host: {self.host}", "Accept: application/json"]
        if self.body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode("ascii") + (self.body or b"")


def exchange(connection: Union[socket.socket, Any], request: Request, end: float) -> Answer:
    """Sends the request and reads the answer until the server closes; `end` is on the monotonic clock."""
    asked = f"{request.where}{request.path}"
    try:
        connection.settimeout(_left(end, asked))
        connection.sendall(request.encode())
        received = bytearray()
        while True:
            connection.settimeout(_left(end, asked))
            part = connection.recv(65536)
            if not part:
                break
            received += part
            if len(received) > LONGEST_ANSWER:
                raise NoAnswer(f"{asked} answered with more than {LONGEST_ANSWER} bytes")
    except OSError as error:
        raise NoAnswer(f"{asked} gave no answer: {reason_of(error)}") from error
    return _parse(bytes(received), asked)


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


def _parse(received: bytes, asked: str) -> Answer:
    head, separator, body = received.partition(b"\r\n\r\n")
    words = head.split(b"\r\n", 1)[0].split(b" ", 2)
    if not separator or len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
        raise NoAnswer(f"{asked} answered with something that is no HTTP")
    length = _content_length(head)
    if length is not None and len(body) < length:
        raise NoAnswer(f"{asked} ended its answer after {len(body)} of {length} bytes")
    return Answer(int(words[1]), body)


def _content_length(head: bytes) -> Optional[int]:
    for line in head.split(b"\r\n")[1:]:
        name, _colon, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return int(value)
    return None
