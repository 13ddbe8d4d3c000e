# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""k0s_reset_plan: from what k0s_reset foretells on each host to the order, the findings and the question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.mke4k.core.plugins.action import k0s_reset_plan
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import task_vars

CHANGE = {"kind": "folder", "target": "/etc/k0s", "detail": "is removed"}


def read(running: bool = True, **more: Any) -> dict[str, Any]:
    node = {"running": running, "version": "v1.33.13+k0s.0", "role": ""}
    return {"changed": False, "changes": [CHANGE], "remains": [], "node": node, **more}


AWAY = {"unreachable": True, "msg": "Failed to connect to the host via ssh: timed out"}


def run(folder: Path, **arguments: Any) -> dict[str, Any]:
    given = {
        "cluster": "berlin",
        "controllers": ["n1"],
        "hosts": ["n1", "n2"],
        "found": {"n1": read(), "n2": read()},
        "confirm": "berlin",
        **arguments,
    }
    found = action(k0s_reset_plan.ActionModule, folder, given).run(task_vars=task_vars(folder))
    return dict(json.loads(json.dumps(found)))


def test_hosts_are_put_in_order_and_confirmed(tmp_path: Path) -> None:
    found = run(tmp_path, kubeconfig="~/.mke/mke.kubeconf")
    assert (found["changed"], found["refusal"], found["findings"]) == (False, "", [])
    assert [wave["hosts"] for wave in found["plan"]["waves"]] == [["n2"], ["n1"]]
    assert (found["plan"]["leader"], found["plan"]["changing"]) == ("n1", ["n2", "n1"])
    assert "~/.mke/mke.kubeconf" in found["staying"]


def test_without_its_name_the_cluster_stays(tmp_path: Path) -> None:
    assert "mke4k_confirm=berlin" in run(tmp_path, confirm="")["refusal"]


@pytest.mark.parametrize(
    ("result", "name"),
    [
        (AWAY, "host-unreachable"),
        ({"failed": True, "msg": "no python"}, "host-unreadable"),
        ("", "host-unreadable"),
        ({}, "host-unreadable"),
    ],
)
def test_a_host_that_could_not_be_read_is_a_finding(tmp_path: Path, result: Any, name: str) -> None:
    found = run(tmp_path, found={"n1": read(), "n2": result})["findings"]
    assert [(item["name"], item["path"]) for item in found] in ([(name, "host n2")], [("host-unreachable", "host n2")])


def test_a_host_that_was_named_may_be_away(tmp_path: Path) -> None:
    found = run(tmp_path, found={"n1": read(), "n2": AWAY}, ignore_unreachable="n2, n7")["findings"]
    assert [item["severity"] for item in found] == ["warning"]


def test_hosts_outside_of_the_run_are_a_finding(tmp_path: Path) -> None:
    assert [item["name"] for item in run(tmp_path, found={"n1": read()})["findings"]] == ["reset-part"]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, (False, ())),
        (True, (True, ())),
        ("true", (True, ())),
        ("Yes", (True, ())),
        ("", (False, ())),
        ("no", (False, ())),
        ("n1,n2 n3", (False, ("n1", "n2", "n3"))),
        (["n1"], (False, ("n1",))),
    ],
)
def test_hosts_are_ignored_by_name_or_all(value: Any, wanted: tuple[bool, tuple[str, ...]]) -> None:
    assert k0s_reset_plan.ignored_hosts(value) == wanted


def test_something_else_is_refused() -> None:
    with pytest.raises(AnsibleActionFail, match="neither a boolean nor names"):
        k0s_reset_plan.ignored_hosts({"n1": True})
