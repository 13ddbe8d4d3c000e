# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.plugin_utils._tunnel import Tunnel, can_tunnel, open_tunnel, tunnel_command

# What ssh -W does: its input and output are the connection.
CAT = [sys.executable.encode(), b"-c", b"import os\nwhile d := os.read(0, 99):\n    os.write(1, d.upper())"]
COMPLAIN = [sys.executable.encode(), b"-c", b"import sys; sys.exit('Permission denied (publickey).')"]


class Ssh:
    """The part of Ansible's connection plugin that is used."""

    ansible_name = "ansible.builtin.ssh"
    host = "10.0.0.1"

    def __init__(self, *before: bytes, pipe: tuple[int, int] | None = None) -> None:
        self._before = before
        if pipe:
            self.sshpass_pipe = pipe

    def get_option(self, name: str) -> str:
        return {"ssh_executable": "ssh"}[name]

    def _build_command(self, binary: str, subsystem: str, *other: str) -> list[bytes]:
        assert subsystem == "ssh"
        options = [b"-vvv", b"-o", b"ProxyJump=bastion", b"-o", b"ControlPath=/cp"]
        return [*self._before, binary.encode(), *options, *[item.encode() for item in other]]


@pytest.fixture
def echoing() -> Iterator[Tunnel]:
    with Tunnel(CAT, "10.0.0.1", "localhost:6443") as tunnel:
        yield tunnel


def say(tunnel: Tunnel, text: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", tunnel.port), timeout=10) as connection:
        connection.sendall(text)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(99), b""))


def test_bytes_go_both_ways(echoing: Tunnel) -> None:
    assert say(echoing, b"hello") == b"HELLO"


def test_connections_side_by_side_do_not_mix(echoing: Tunnel) -> None:
    answers: dict[int, bytes] = {}
    threads = [
        threading.Thread(target=lambda number=number: answers.update({number: say(echoing, b"n%d" % number)}))
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: b"N%d" % number for number in range(4)}


def test_nothing_is_left_when_it_closes() -> None:
    with Tunnel(CAT, "h", "t:1") as tunnel:
        connection = socket.create_connection(("127.0.0.1", tunnel.port), timeout=10)
        connection.sendall(b"x")
        assert connection.recv(1) == b"X"
        (process,) = tunnel._processes
    assert process.poll() is not None
    connection.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("tunnel")]


def test_what_ssh_says_explains_why_nothing_answers() -> None:
    with Tunnel(COMPLAIN, "n1", "localhost:6443") as tunnel:
        # The end of ssh is seen as a clean one or as a reset, whichever is faster.
        with contextlib.suppress(ConnectionResetError):
            assert say(tunnel, b"x") == b""
        way = "through the SSH connection to n1, to localhost:6443 as that host sees it"
        assert tunnel.explain() == f"{way}; ssh said: Permission denied (publickey)."


def test_the_command_is_that_of_ansibles_own_connection() -> None:
    command = tunnel_command(Ssh(), "localhost:6443")
    assert command[:3] == [b"ssh", b"-o", b"ProxyJump=bastion"]
    assert command[-3:] == [b"-W", b"localhost:6443", b"10.0.0.1"]
    assert b"-vvv" not in command


def test_a_password_goes_to_the_connection_that_persists_and_not_to_the_tunnel() -> None:
    pipe = os.pipe()
    command = tunnel_command(Ssh(b"/usr/bin/sshpass", b"-d7", pipe=pipe), "localhost:6443")
    assert command[0] == b"ssh"
    for end in pipe:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(end)


@pytest.mark.parametrize(
    ("connection", "possible"),
    [
        (Ssh(), True),
        (SimpleNamespace(transport="ssh"), True),
        (SimpleNamespace(ansible_name="local", transport="local"), False),
        (SimpleNamespace(), False),
    ],
)
def test_only_ssh_can_carry_the_api(connection: Any, possible: bool) -> None:
    assert can_tunnel(connection) is possible


def test_another_connection_is_refused_with_the_way_out() -> None:
    with pytest.raises(AnsibleError, match=r"connection local: only ssh.*access: direct"):
        open_tunnel(SimpleNamespace(ansible_name="local"), "localhost:6443")
    assert open_tunnel(Ssh(), "localhost:6443") is not None
