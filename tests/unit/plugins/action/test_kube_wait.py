# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""kube_wait: what a task says, what it waits for, and what comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.action.kube_wait import ActionModule
from ansible_collections.mke4k.core.plugins.modules import kube_wait as module
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.wait.fakes import Event, FakeApi, Listing

NODE = {"metadata": {"name": "n1"}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
BROKEN = {"type": "Ready", "status": "False", "reason": "Broken", "message": "no such chart"}


class Server(FakeApi):
    @property
    def requests(self) -> int:
        return len(self.asked)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    found = Server()
    monkeypatch.setattr(ActionModule, "_open", lambda _self: found)
    monkeypatch.setattr(ActionModule, "progress", property(lambda _self: lambda text: None))
    return found


def run(folder: Path, *objects: dict[str, Any], check_mode: bool = False, **options: Any) -> dict[str, Any]:
    arguments = {"objects": list(objects), **options}
    result = action(ActionModule, folder, arguments, check_mode=check_mode).run(task_vars={})
    assert json.loads(json.dumps(result)) == result
    return dict(result)


def test_what_is_as_it_should_be_is_returned(tmp_path: Path, server: Server) -> None:
    server.lists["Node"] = [Listing([NODE], "1")]
    result = run(tmp_path, {"kind": "Node"})
    node = {"api_version": "v1", "kind": "Node", "name": "n1", "namespace": "", "status": NODE["status"]}
    assert {key: result[key] for key in ("changed", "met", "lacking", "objects", "api_requests")} == {
        "changed": False,
        "met": True,
        "lacking": [],
        "objects": [node],
        "api_requests": 1,
    }


def test_a_change_is_waited_for(tmp_path: Path, server: Server) -> None:
    server.lists["Node"] = [Listing([], "1")]
    server.watches["Node"] = [([Event("ADDED", NODE)], False)]
    assert run(tmp_path, {"kind": "Node", "name": "n1"})["met"]


def test_a_failure_tells_what_is_missing_and_why(tmp_path: Path, server: Server) -> None:
    broken = {"metadata": {"name": "kcm"}, "status": {"conditions": [BROKEN]}}
    server.lists["Management"] = [Listing([broken], "1")]
    for kind in ("Pod", "Job", "Event"):
        server.lists[kind] = [Listing([], "1")]
    wish = {"api_version": "x/v1", "kind": "Management", "name": "kcm", "condition": "Ready", "fail_on": ["Broken"]}
    result = run(tmp_path, wish, explain_namespaces=["k0rdent"])
    assert result["failed"]
    assert result["lacking"] == ["Management kcm: Ready is False (Broken): no such chart"]
    assert result["causes"] == []
    assert "list Pod k0rdent" in server.asked


def test_in_check_mode_it_looks_once_and_never_fails(tmp_path: Path, server: Server) -> None:
    server.lists["Node"] = [Listing([], "1")]
    result = run(tmp_path, {"kind": "Node"}, check_mode=True)
    assert (result["met"], result["lacking"]) == (False, ["Node objects: there are none yet"])
    assert not result.get("failed")
    assert server.asked == ["list Node"]


def test_mistakes_in_a_task_are_told_before_anything_is_asked(tmp_path: Path, server: Server) -> None:
    result = run(tmp_path, {"kind": "Node", "value": 1})
    assert result["failed"]
    assert "value is that of field" in result["msg"]
    assert server.asked == []
    with pytest.raises(AnsibleError, match="missing required arguments: kind"):
        run(tmp_path, {"name": "x"})


def described(options: dict[str, Any]) -> dict[str, Any]:
    """Options of the documentation in the form of an argument spec."""
    found = {}
    for name, option in options.items():
        assert option.pop("description")
        if "suboptions" in option:
            option["options"] = described(option.pop("suboptions"))
        found[name] = option
    return found


def test_action_and_documentation_have_the_same_options() -> None:
    assert described(yaml.safe_load(module.DOCUMENTATION)["options"]) == ActionModule.options
    assert yaml.safe_load(module.RETURN)
    assert yaml.safe_load(module.EXAMPLES)
