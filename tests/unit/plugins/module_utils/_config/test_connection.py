# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From ssh to the variables with which Ansible connects."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.connection import connection_variables, jump_arguments
from ansible_collections.mke4k.core.plugins.module_utils._config.load import load

from .support import document


def test_every_part_of_ssh_becomes_a_variable() -> None:
    ssh = {"address": "10.0.0.11", "port": 2222, "user": "ubuntu", "keyPath": "~/.ssh/key"}
    assert connection_variables({"ssh": ssh}) == {
        "ansible_host": "10.0.0.11",
        "ansible_port": 2222,
        "ansible_user": "ubuntu",
        "ansible_ssh_private_key_file": "~/.ssh/key",
    }


@pytest.mark.parametrize("values", [{}, {"ssh": None}, {"ssh": "x"}, {"ssh": {"user": "", "bastion": {}}}])
def test_what_is_not_given_is_left_to_ansible(values: Any) -> None:
    assert connection_variables(values) == {}


@pytest.mark.parametrize(
    ("bastion", "jump"),
    [
        ({"address": "203.0.113.9"}, "203.0.113.9"),
        ({"address": "203.0.113.9", "user": "jump"}, "jump@203.0.113.9"),
        ({"address": "bastion.example.com", "user": "jump", "port": 2222}, "jump@bastion.example.com:2222"),
    ],
)
def test_a_bastion_is_a_jump_host(bastion: Any, jump: str) -> None:
    assert shlex.split(jump_arguments(bastion)) == ["-o", f"ProxyJump={jump}"]


@pytest.mark.parametrize("key", ["~/.ssh/jump", "/keys/my jump", "keys/$HOME`x`"])
def test_a_bastion_with_a_key_is_reached_by_a_command(key: str) -> None:
    bastion = {"address": "203.0.113.9", "user": "jump", "port": 2222, "keyPath": key}
    option, command = shlex.split(jump_arguments(bastion))
    assert option == "-o"
    name, _equals, text = command.partition("=")
    assert name == "ProxyCommand"
    assert shlex.split(text) == ["ssh", "-W", "%h:%p", "-i", key, "-p", "2222", "jump@203.0.113.9"]


def test_the_bastion_of_a_file_reaches_the_host() -> None:
    written = document(
        hosts=[
            {
                "role": "controller",
                "ssh": {
                    "address": "10.0.0.11",
                    "bastion": {"address": "203.0.113.9", "port": "2222", "keyPath": "k"},
                },
            }
        ]
    )
    (host,) = load(written).require().hosts
    assert host.connection["ansible_ssh_common_args"] == "-o ProxyCommand='ssh -W %h:%p -i k -p 2222 203.0.113.9'"


@pytest.mark.parametrize("user", ["-oProxyCommand=x", "a b", "$(x)", "a;b"])
def test_a_user_cannot_be_an_option_of_ssh(user: str) -> None:
    loaded = load(document(hosts=[{"role": "controller", "ssh": {"address": "10.0.0.11", "user": user}}]))
    assert [finding.path for finding in loaded.errors] == ["spec.hosts[0].ssh.user"]


@pytest.mark.parametrize("user", ["ubuntu", "DOMAIN\\user", "a.b@example.com", "machine$"])
def test_users_of_a_directory_are_users(user: str) -> None:
    assert load(document(hosts=[{"role": "controller", "ssh": {"address": "n1", "user": user}}])).errors == ()
