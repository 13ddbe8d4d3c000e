# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""k0s_kubeconfig on the control node, with the answers that its module part gives."""

from __future__ import annotations

import datetime as dt
import json
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.action import k0s_kubeconfig as plugin
from ansible_collections.mke4k.core.plugins.action.k0s_kubeconfig import ActionModule
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.kubeconfigs import (
    NOW,
    SERVER,
    admin,
    authority,
    secrets_of,
)


class Clock:
    """The module datetime with a fixed now."""

    timezone = dt.timezone

    class datetime:  # noqa: N801
        @staticmethod
        def now(tz: Any) -> Any:
            return NOW


@pytest.fixture(autouse=True)
def _at_a_fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugin, "datetime", Clock)


class ControlNode:
    """A folder for the kubeconfig, and a controller that answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "home" / "mke.kubeconf"
        self.answer: dict[str, Any] = {"changed": False, "kubeconfig": admin()}
        self.asked: list[dict[str, Any]] = []
        self.no_log: list[bool] = []

    def run(self, check_mode: bool = False, diff: bool = False, **options: Any) -> dict[str, Any]:
        arguments = {"dest": str(self.path), **options}
        task = action(ActionModule, self.folder, arguments, check_mode=check_mode, diff=diff)

        def answers(module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
            self.asked.append({"module": module_name, **module_args})
            self.no_log.append(task._connection._play_context.no_log)
            return self.answer

        task._execute_module = answers
        result = dict(task.run(task_vars={}))
        assert not task._connection._play_context.no_log
        assert not [secret for secret in secrets_of(admin()) if secret in json.dumps(result)]
        return result


@pytest.fixture
def node(tmp_path: Path) -> ControlNode:
    return ControlNode(tmp_path)


def test_it_is_written_once(node: ControlNode) -> None:
    first = node.run()
    assert first == {"changed": True, "path": str(node.path), "context": "mke", "server": SERVER, "read": True}
    assert stat.S_IMODE(node.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(node.path.parent.stat().st_mode) == 0o700
    second = node.run()
    assert (second["changed"], second["read"]) == (False, True)
    third = node.run(ca_sha256=authority().sha256.upper(), server=SERVER)
    assert (third["changed"], third["read"], third["server"]) == (False, False, SERVER)
    assert len(node.asked) == 2


def test_a_server_that_is_as_good_stays_and_one_that_is_gone_does_not(node: ControlNode) -> None:
    first, second, gone = (f"https://10.0.0.{number}:6443" for number in (1, 2, 3))
    node.run(server=second)
    kept = node.run(server=first, servers=[first, second], ca_sha256=authority().sha256)
    assert (kept["changed"], kept["server"], kept["read"]) == (False, second, False)
    moved = node.run(server=first, servers=[first, gone])
    assert (moved["changed"], moved["server"]) == (True, first)


def test_connections_are_told_not_to_show_the_answer(node: ControlNode) -> None:
    node.run(data_dir="/d", binary_path="/b")
    assert node.no_log == [True]
    assert node.asked == [{"module": "mke4k.core.k0s_kubeconfig", "data_dir": "/d", "binary_path": "/b"}]


def test_the_diff_has_no_keys(node: ControlNode) -> None:
    result = node.run(diff=True)
    (difference,) = result["diff"]
    assert difference["before"] == ""
    assert "sha256:" in difference["after"]
    assert "diff" not in node.run(diff=True)


def test_check_mode_predicts_and_writes_nothing(node: ControlNode) -> None:
    assert node.run(check_mode=True)["changed"]
    assert not node.path.parent.exists()
    node.answer = {"kubeconfig": ""}
    bare = node.run(check_mode=True, diff=True, server="https://api:6443")
    assert (bare["changed"], bare["server"]) == (True, "https://api:6443")
    assert bare["diff"][0]["after"] == "a new context mke\n"


def test_the_file_of_another_cluster_stays_also_for_a_cluster_to_come(node: ControlNode) -> None:
    node.run()
    before = node.path.read_text()
    for answer in (admin("two"), ""):
        node.answer = {"kubeconfig": answer}
        with pytest.raises(AnsibleError, match="of another cluster"):
            node.run(check_mode=not answer)
    assert node.path.read_text() == before
    node.answer = {"kubeconfig": admin("two")}
    assert node.run(merge=True, context="two")["changed"]
    assert [item["name"] for item in yaml.safe_load(node.path.read_text())["contexts"]] == ["mke", "two"]


def test_a_mode_is_put_right_without_a_look_at_the_host(node: ControlNode) -> None:
    node.run()
    node.path.chmod(0o640)
    result = node.run(ca_sha256=authority().sha256)
    assert (result["changed"], result["read"]) == (True, False)
    assert stat.S_IMODE(node.path.stat().st_mode) == 0o600


def test_an_empty_dest_writes_nothing(node: ControlNode) -> None:
    assert node.run(dest="")["changed"] is False
    assert node.asked == []


def test_one_for_the_run_goes_where_it_is_gone_when_the_run_ends(
    node: ControlNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(node.folder / "run"))
    found = node.run(for_run=True)
    path = node.folder / "run" / "mke4k-admin.kubeconf"
    assert found["path"] == str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not node.path.exists()


def test_what_is_no_kubeconfig_is_not_overwritten(node: ControlNode) -> None:
    node.path.parent.mkdir()
    node.path.write_text("notes")
    with pytest.raises(AnsibleError, match="was not overwritten: it is not a kubeconfig"):
        node.run()
    node.path.write_bytes(b"\xff")
    with pytest.raises(AnsibleError, match="could not be read"):
        node.run()


def test_an_empty_file_is_no_hindrance(node: ControlNode) -> None:
    node.path.parent.mkdir()
    node.path.touch()
    assert node.run()["changed"]


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_place_that_cannot_be_written_names_the_option(node: ControlNode, check_mode: bool) -> None:
    (node.folder / "file").touch()
    with pytest.raises(AnsibleError, match="is not a folder") as error:
        node.run(dest=str(node.folder / "file" / "x"), check_mode=check_mode)
    assert "mke4k_kubeconfig" in str(error.value)


def test_a_full_disk_is_told_as_such(node: ControlNode, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(plugin, "write_private", full)
    with pytest.raises(AnsibleError, match="No space left on device"):
        node.run()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"failed": True, "msg": "There is no k0s"}, "There is no k0s"),
        ({"failed": True}, "without a message"),
        ({"kubeconfig": "hello"}, "is of no use: it is not a kubeconfig"),
    ],
)
def test_a_controller_that_cannot_tell_is_quoted(node: ControlNode, answer: dict[str, Any], message: str) -> None:
    node.answer = answer
    with pytest.raises(AnsibleError, match=message):
        node.run()
