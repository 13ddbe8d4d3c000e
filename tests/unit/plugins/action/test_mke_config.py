# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""mke_config: everything about a file at once, and what later tasks need of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.action.mke_config import ActionModule
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.configs import config, host
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import task_vars

HA = [host(f"10.0.0.{number}") for number in (1, 2, 3)]


@pytest.fixture(autouse=True)
def warnings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What is shown as a warning. Nothing serves beside the keys of a file."""
    shown: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _self, text, *_rest, **_more: shown.append(text))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return shown


def run(folder: Path, arguments: dict[str, Any], extra: Any = None, inventory: str = "") -> dict[str, Any]:
    found = action(ActionModule, folder, arguments).run(task_vars=task_vars(folder, inventory, extra))
    assert json.loads(json.dumps(found)) == found
    return dict(found)


def test_the_result_has_what_later_tasks_need(tmp_path: Path, warnings: list[str]) -> None:
    result = run(tmp_path, {"config": config(*HA, host("10.0.0.4", "worker"))})
    assert not result["changed"]
    assert not result.get("failed")
    assert (result["name"], result["namespace"]) == ("mke", "mke")
    assert (result["release"], result["form"]) == ("v4.1.2", "envelope")
    assert result["controllers"] == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
    assert result["workers"] == ["10.0.0.4"]
    assert result["hosts"][0]["groups"] == ["mke4k_cluster", "mke4k_controllers", "mke4k_workers"]
    assert result["hosts"][3]["groups"] == ["mke4k_cluster", "mke4k_workers"]
    assert result["hosts"][3]["connection"] == {
        "ansible_host": "10.0.0.4",
        "ansible_port": 22,
        "ansible_user": "ubuntu",
    }
    assert result["cluster"]["pod_cidr"] == "192.168.0.0/16"
    assert result["cluster"]["versions"]["k0s"] == result["k0s_version"]
    assert result["paths"] == sorted({path for item in result["hosts"] for path in item["paths"]})
    assert warnings == []


def test_controllers_alone_are_in_no_group_of_workers(tmp_path: Path) -> None:
    result = run(tmp_path, {"config": config(host("10.0.0.1", "controller"), host("10.0.0.2", "worker"))})
    assert result["hosts"][0]["groups"] == ["mke4k_cluster", "mke4k_controllers"]


def test_all_errors_come_in_one_numbered_message(tmp_path: Path) -> None:
    document = config(host("10.0.0.1", "boss"), host("10.0.0.2"), host("10.0.0.2"), network={"serviceCIDR": "x"})
    result = run(tmp_path, {"config": document})
    assert result["failed"]
    errors = [finding for finding in result["findings"] if finding["severity"] == "error"]
    assert len(errors) >= 3
    assert result["msg"].startswith(f"{len(errors)} mistakes in the MkeConfig of the option config:")
    for number, finding in enumerate(errors, start=1):
        assert f"{number}. {finding['path']}" in result["msg"]


def test_warnings_are_shown_and_fail_only_a_strict_run(tmp_path: Path, warnings: list[str]) -> None:
    document = config(*HA[:2])
    assert not run(tmp_path, {"config": document}).get("failed")
    assert len(warnings) == 1
    assert "controllers-even" in warnings[0]
    strict = run(tmp_path, {"config": document, "strict": "yes"})
    assert strict["failed"]
    assert "[controllers-even]" in strict["msg"]
    waived = run(tmp_path, {"config": document, "strict": True, "waive": ["controllers-even"]})
    assert not waived.get("failed")
    assert [finding["name"] for finding in waived["findings"]] == ["controllers-even"]
    assert len(warnings) == 1


def test_a_missing_key_stops_where_nothing_else_serves_and_can_be_waived(tmp_path: Path) -> None:
    document = config(host("10.0.0.1"))
    document["spec"]["hosts"][0]["ssh"]["keyPath"] = "/none/key"
    assert "ssh-key-missing" in run(tmp_path, {"config": document})["msg"]
    waived = run(tmp_path, {"config": document, "waive": "ssh-key-missing"})
    assert "ansible_ssh_private_key_file" not in waived["hosts"][0]["connection"]


def test_hosts_of_the_inventory_keep_what_it_says_of_them(tmp_path: Path) -> None:
    inventory = "[mke4k_controllers]\nn1 ansible_host=10.0.0.1 ansible_user=me\n"
    result = run(tmp_path, {"config": config(host("10.0.0.1", "controller"))}, inventory=inventory)
    assert [(item["name"], item["connection"]) for item in result["hosts"]] == [("n1", {"ansible_port": 22})]


def test_unknown_options_and_wrong_types_are_told_together(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError) as error:
        run(tmp_path, {"strict": "perhaps", "configuration": {}})
    assert "strict" in str(error.value)
    assert "configuration" in str(error.value)


def test_without_any_input_the_ways_to_give_it_are_shown(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match="No MkeConfig was given"):
        run(tmp_path, {})
