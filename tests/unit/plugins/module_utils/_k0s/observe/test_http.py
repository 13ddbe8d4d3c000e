# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Iterator, Tuple

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import NoAnswer
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.http import Request, deadline, exchange

Pair = Tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    here, there = socket.socketpair()
    with here, there:
        yield here, there


def answered(pair: Pair, answer: bytes, close: bool = True, seconds: float = 2.0) -> object:
    here, there = pair
    there.sendall(answer)
    if close:
        there.shutdown(socket.SHUT_WR)
    return exchange(here, Request(where="the server ", path="/x"), deadline(seconds))


def test_a_request_with_a_body_is_a_post_with_its_length(pair: Pair) -> None:
    here, there = pair
    there.sendall(b"HTTP/1.0 200 OK\r\n\r\n{}")
    there.shutdown(socket.SHUT_WR)
    exchange(here, Request(where="the server ", path="/x", body=b"{}"), deadline(2))
    sent = there.recv(4096)
    assert sent.startswith(b"POST /x HTTP/1.1\r\n")
    assert b"Content-Length: 2\r\n" in sent
    assert sent.endswith(b"\r\n\r\n{}")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"", "the server /x answered with something that is no HTTP"),
        (b"220 smtp.example ESMTP\r\n\r\n", "no HTTP"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nabc", "ended in the middle of its answer, after 3 bytes"),
    ],
)
def test_what_is_no_answer_is_said_to_be_none(pair: Pair, answer: bytes, message: str) -> None:
    with pytest.raises(NoAnswer, match=message):
        answered(pair, answer)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n",
    ],
)
def test_a_complete_answer_does_not_wait_for_the_connections_end(pair: Pair, answer: bytes) -> None:
    here, there = pair
    there.sendall(answer)
    assert exchange(here, Request(where="the server ", path="/x"), deadline(2)).body == b"{}"


@pytest.mark.parametrize("chunks", [b"", b"5\r\nab", b"2\r\nab\r\n", b"zz\r\n"])
def test_chunks_that_do_not_end_are_no_answer(pair: Pair, chunks: bytes) -> None:
    with pytest.raises(NoAnswer, match="ended in the middle"):
        answered(pair, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)


def test_a_server_that_says_nothing_ends_at_the_time_limit(pair: Pair) -> None:
    with pytest.raises(NoAnswer, match="gave no answer: time-out"):
        answered(pair, b"HTTP/1.0 200 OK\r\n\r\n", close=False, seconds=0.1)


def test_a_server_that_drips_does_not_stretch_the_time_limit(pair: Pair) -> None:
    here, there = pair
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.02):
            there.send(b"x")

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        with pytest.raises(NoAnswer, match="time-out"):
            exchange(here, Request(where="the server ", path="/x"), deadline(0.2))
    finally:
        stop.set()
        thread.join()


def test_a_closed_connection_is_no_answer(pair: Pair) -> None:
    here, _there = pair
    here.close()
    with pytest.raises(NoAnswer, match="the server /x gave no answer: bad file descriptor"):
        exchange(here, Request(where="the server ", path="/x"), deadline(1))


def test_an_answer_without_end_is_cut_off(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.http.LONGEST_ANSWER", 10)
    with pytest.raises(NoAnswer, match="more than 10 bytes"):
        answered(pair, b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 100)


def test_an_answer_that_is_no_json_names_the_question(tmp_path: Path, pair: Pair) -> None:
    answer = answered(pair, b"HTTP/1.0 200 OK\r\n\r\n<html>")
    with pytest.raises(NoAnswer, match="etcd answered with something that is no JSON"):
        answer.json("etcd")  # type: ignore[attr-defined]
