# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection variables: the inventory and credentials win, and only keys that are there are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible import context
from ansible.utils.context_objects import CLIArgs

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Host
from ansible_collections.mke4k.core.plugins.plugin_utils._keys import Connections, Credentials, connections
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import variables_of

HOST = Host(
    name="n1",
    address="10.0.0.1",
    role="worker",
    connection={"ansible_host": "10.0.0.1", "ansible_port": 22, "ansible_user": "ubuntu"},
)
AGENT = Credentials(serving="the SSH agent")


def entry(**ssh: Any) -> dict[str, Any]:
    return {"name": "n1", "path": "spec.hosts[0]", "ssh": {"address": "10.0.0.1", "user": "ubuntu", "port": 22, **ssh}}


def found(folder: Path, item: dict[str, Any], credentials: Credentials, inventory: str = "") -> Connections:
    return connections([item], [HOST], str(folder), variables_of(folder, inventory), credentials)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.touch()
    return path


def test_the_file_says_how_to_reach_a_new_host(tmp_path: Path, key: Path) -> None:
    bastion = {"address": "192.0.2.9", "user": "jump", "keyPath": "key"}
    result = found(tmp_path, entry(keyPath="key", bastion=bastion), Credentials())
    variables = dict(result.of_host["n1"])
    jump = variables.pop("ansible_ssh_common_args")
    assert variables == {
        "ansible_host": "10.0.0.1",
        "ansible_port": 22,
        "ansible_user": "ubuntu",
        "ansible_ssh_private_key_file": str(key),
    }
    assert "jump@192.0.2.9" in jump
    assert str(key) in jump
    assert result.findings == []


def test_what_the_inventory_says_of_a_host_is_not_said_again(tmp_path: Path) -> None:
    inventory = "[any]\nn1 ansible_host=h ansible_ssh_user=me ansible_private_key_file=/k ansible_ssh_common_args=-v\n"
    result = found(tmp_path, entry(keyPath="/none", bastion={"address": "b", "keyPath": "/none"}), AGENT, inventory)
    assert result == Connections({"n1": {"ansible_port": 22}}, [])


def test_credentials_of_the_command_line_win(tmp_path: Path, key: Path) -> None:
    result = found(tmp_path, entry(keyPath=str(key)), Credentials(user=True, key=True))
    assert result.of_host["n1"] == {"ansible_host": "10.0.0.1", "ansible_port": 22}


def test_a_missing_key_is_left_out_with_a_warning_where_something_else_serves(tmp_path: Path) -> None:
    item = entry(keyPath="/none/key", bastion={"address": "b", "keyPath": "/none/jump"})
    result = found(tmp_path, item, AGENT)
    assert "ansible_ssh_private_key_file" not in result.of_host["n1"]
    assert "/none/jump" not in result.of_host["n1"]["ansible_ssh_common_args"]
    assert [(finding.severity, finding.path) for finding in result.findings] == [
        ("warning", "spec.hosts[0].ssh.keyPath"),
        ("warning", "spec.hosts[0].ssh.bastion.keyPath"),
    ]
    assert "the SSH agent is used instead" in result.findings[0].message
    assert item["ssh"]["keyPath"] == "/none/key"


@pytest.mark.parametrize(
    ("variables", "words"),
    [("ansible_password=x", "password in its variables"), ("ansible_connection=local", "its own kind of connection")],
)
def test_variables_of_the_host_can_serve_too(tmp_path: Path, variables: str, words: str) -> None:
    result = found(tmp_path, entry(keyPath="/none"), Credentials(), f"[any]\nn1 {variables}\n")
    assert [finding.severity for finding in result.findings] == ["warning"]
    assert words in result.findings[0].message


def test_a_missing_key_is_an_error_where_nothing_serves(tmp_path: Path) -> None:
    result = found(tmp_path, entry(keyPath="/none"), Credentials())
    assert [(finding.severity, finding.name) for finding in result.findings] == [("error", "ssh-key-missing")]
    assert "--private-key" in result.findings[0].remedy


def test_hosts_without_ssh_have_nothing_to_say(tmp_path: Path) -> None:
    result = connections([{"name": "n1"}], [], "", variables_of(tmp_path), Credentials())
    assert result == Connections({"n1": {}}, [])


@pytest.mark.parametrize(
    ("options", "environment", "expected"),
    [
        ({}, {}, Credentials()),
        ({"remote_user": "me"}, {}, Credentials(user=True)),
        ({"private_key_file": "/k"}, {}, Credentials(key=True, serving="the key of the command line")),
        ({"ask_pass": True}, {}, Credentials(serving="the password of the command line")),
        ({}, {"SSH_AUTH_SOCK": "/agent"}, AGENT),
    ],
)
def test_credentials_of_a_run(
    options: dict[str, Any],
    environment: dict[str, str],
    expected: Credentials,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(context, "CLIARGS", CLIArgs(options))
    assert Credentials.of_run() == expected


def test_keys_that_ssh_finds_itself_serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(context, "CLIARGS", CLIArgs({}))
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "id_ed25519").touch()
    assert Credentials.of_run().serving == "what ssh itself uses (~/.ssh)"
