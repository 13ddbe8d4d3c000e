# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong between a client and an API server."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPResponse
from typing import TYPE_CHECKING

from tests.api.faults import chunks

if TYPE_CHECKING:
    from tests.api.faults import Exchange

JSON = "application/json"


class Fault(ABC):
    """Something that happens instead of, or to, an answer."""

    name: str

    @abstractmethod
    def play(self, exchange: Exchange) -> None:
        """Answers the request in its own way."""


@dataclass(frozen=True)
class Answers(Fault):
    """An answer that does not come from the API server."""

    name: str
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def play(self, exchange: Exchange) -> None:
        exchange.send(self.status, self.body, self.headers)


def status(code: int, reason: str, message: str, **headers: str) -> Fault:
    """An error as the API server words it."""
    body = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
        "code": code,
    }
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answers(f"{code} {reason}", code, json.dumps(body).encode(), {"Content-Type": JSON, **named})


def unavailable() -> Fault:
    """What a server says that is starting or ending."""
    return status(503, "ServiceUnavailable", "the server is currently unable to handle the request")


def busy(retry_after: int = 1) -> Fault:
    """Priority and fairness: come back later."""
    message = "too many requests, please try again later"
    return status(429, "TooManyRequests", message, Retry_After=str(retry_after))


def initializing() -> Fault:
    """Right after a CRD was established."""
    return status(429, "TooManyRequests", "storage is (re)initializing", Retry_After="1")


def leader_changed() -> Fault:
    """Etcd elects: the write may or may not be done."""
    return status(500, "InternalError", "etcdserver: leader changed")


def etcd_timeout() -> Fault:
    """Etcd has no quorum."""
    return status(500, "InternalError", "etcdserver: request timed out")


def unauthorized() -> Fault:
    """The token has expired."""
    return status(401, "Unauthorized", "Unauthorized")


def gone() -> Fault:
    """The resource version is too old, said with the status of the answer."""
    return status(410, "Expired", "The resourceVersion for the provided watch is too old.")


def bad_gateway() -> Fault:
    """A load balancer without a server behind it answers with a page for people."""
    return Answers(
        "502 page", 502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", {"Content-Type": "text/html"}
    )


def gone_in_watch() -> Fault:
    """The same within a watch, said by an event."""
    message = "too old resource version: 1 (2)"
    thing = {"kind": "Status", "apiVersion": "v1", "code": 410, "reason": "Expired", "message": message}
    event = json.dumps({"type": "ERROR", "object": {**thing, "metadata": {}, "status": "Failure"}}) + "\n"
    return Answers("410 event", 200, event.encode(), {"Content-Type": JSON})


class Reset(Fault):
    """The connection is reset before there is an answer; the API server never hears of the request."""

    name = "reset"

    def play(self, exchange: Exchange) -> None:
        exchange.reset()


class LostAnswer(Fault):
    """The API server does what it was asked for, but its answer never arrives."""

    name = "lost answer"

    def play(self, exchange: Exchange) -> None:
        exchange.ask().read()
        exchange.reset()


@dataclass(frozen=True)
class Slow(Fault):
    """The answer takes a while."""

    seconds: float
    name: str = "slow"

    def play(self, exchange: Exchange) -> None:
        exchange.proxy.stopped.wait(self.seconds)
        exchange.pass_on(exchange.ask())


class Silent(Fault):
    """The connection stays open and nothing comes: a router forgot it."""

    name = "silent"

    def play(self, exchange: Exchange) -> None:
        exchange.proxy.stopped.wait()
        exchange.close()


@dataclass(frozen=True)
class Truncated(Fault):
    """The answer ends in the middle of its body."""

    share: float = 0.5
    name: str = "truncated"

    def play(self, exchange: Exchange) -> None:
        answer = exchange.ask()
        exchange.head(answer)
        body = answer.read()
        exchange.write(answer, body[: int(len(body) * self.share)])
        exchange.close()


@dataclass(frozen=True)
class Cut(Fault):
    """A watch ends after some events: in good order, by a reset, or in the middle of an event."""

    events: int = 1
    how: str = "end"

    @property
    def name(self) -> str:  # type: ignore[override]
        return f"watch cut ({self.how})"

    def play(self, exchange: Exchange) -> None:
        answer = exchange.ask()
        exchange.head(answer)
        lines = _lines(answer)
        for _number in range(self.events):
            exchange.write(answer, next(lines, b""))
        if self.how == "end":
            exchange.end(answer)
            # What is left of the answer must not be taken for the next one.
            exchange.handler.close_connection = True
        elif self.how == "torn":
            line = next(lines, b"")
            exchange.write(answer, line[: len(line) // 2])
            exchange.close()
        else:
            exchange.reset()


def _lines(answer: HTTPResponse) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks(answer):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line + b"\n"
