# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""k0s_removal and k0s_recovery: from mke4.yaml and what was read to who leaves and who goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.action import k0s_recovery, k0s_removal
from ansible_collections.mke4k.core.plugins.plugin_utils._membership import names_of
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.member.fakes import etcd_of, member
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.configs import config, host
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import task_vars

THREE = config(*[host(f"10.0.0.{number}", "controller") for number in (1, 2, 3)], host("10.0.0.4", "worker"))
ETCD = etcd_of(member(1), member(2), member(3))
UNREACHABLE = {"unreachable": True, "msg": "no route to host"}


def read(number: int, private: str = "", **node: Any) -> dict[str, Any]:
    """What k0s_node_info tells of the host."""
    address = private or f"10.0.0.{number}"
    return {
        "host": {
            "addresses": [{"interface": "eth0", "address": address, "prefix": 24}],
            "default_address": address,
        },
        "node": {"hostname": f"n{number}", "joined": True, **node},
    }


NODES = {f"10.0.0.{number}": read(number) for number in (1, 2, 3, 4)}


def listed(etcd: dict[str, Any] = ETCD, **values: Any) -> dict[str, Any]:
    """What k0s_member tells."""
    return {"etcd": etcd, "nodes": [], "records": [], "api_error": "", **values}


def run(plugin: Any, folder: Path, **arguments: Any) -> dict[str, Any]:
    given = {"config": THREE, "nodes": NODES, "members": {"10.0.0.1": listed()}, **arguments}
    made = action(plugin.ActionModule, folder, given)
    found: dict[str, Any] = made.run(task_vars=task_vars(folder))
    return found


@pytest.mark.parametrize("value", [["n4", "n5"], "n4,n5", " n4 , n5,", ("n4", "n5")])
def test_names_come_as_a_list_or_as_the_text_of_a_survey(value: Any) -> None:
    assert names_of(value) == ["n4", "n5"]


@pytest.mark.parametrize("value", [None, "", [], [""]])
def test_an_unanswered_question_names_nobody(value: Any) -> None:
    assert names_of(value) == []


def test_a_removal_is_planned_from_what_was_read(tmp_path: Path) -> None:
    found = run(k0s_removal, tmp_path, remove="n3")
    assert not found["changed"]
    assert found["plan"]["leader"] == "10.0.0.1"
    assert found["plan"]["members"] == ["a3"]
    assert found["text"][0] == "Remove 10.0.0.3; 10.0.0.1 stays and leads."
    assert [item["name"] for item in found["findings"]] == ["removal-still-in-file"]


def test_a_window_that_is_no_number_is_told_before_anything_changes(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match="'some' is not a number of workers"):
        run(k0s_removal, tmp_path, remove="n3", disruption="some")


def test_results_of_hosts_that_could_not_be_asked_are_left_out(tmp_path: Path) -> None:
    members = {"10.0.0.1": listed(), "10.0.0.2": UNREACHABLE, "10.0.0.3": {"skipped": True}, "10.0.0.4": {}}
    found = run(k0s_removal, tmp_path, remove=["10.0.0.2"], nodes={**NODES, "10.0.0.2": UNREACHABLE}, members=members)
    assert found["plan"]["reset"] == []
    assert found["plan"]["members"] == ["a2"]  # mke4.yaml says where its etcd is


def test_a_host_that_mke4_yaml_has_not_is_known_by_what_was_read(tmp_path: Path) -> None:
    nodes = {**NODES, "old": read(9), "gone": UNREACHABLE}
    found = run(k0s_removal, tmp_path, remove="10.0.0.9,gone", nodes=nodes)
    assert found["plan"]["reset"] == ["old"]


def test_a_host_behind_another_address_is_known_by_both(tmp_path: Path) -> None:
    etcd = etcd_of(member(1), member(2), member(3, peer_url="https://192.168.0.3:2380"))
    nodes = {**NODES, "10.0.0.3": read(3, private="192.168.0.3")}
    found = run(k0s_removal, tmp_path, remove="10.0.0.3", nodes=nodes, members={"10.0.0.1": listed(etcd)})
    assert found["plan"]["members"] == ["a3"]


def test_a_host_whose_address_cannot_be_told_is_still_a_host(tmp_path: Path) -> None:
    strange = {"host": {"addresses": [], "default_address": ""}, "node": {"hostname": "n4", "joined": True}}
    found = run(k0s_removal, tmp_path, remove="n4", nodes={**NODES, "10.0.0.4": strange})
    assert found["plan"]["reset"] == ["10.0.0.4"]


@pytest.mark.parametrize(("plugin", "more"), [(k0s_removal, {"remove": "n4"}), (k0s_recovery, {"survivor": "n1"})])
def test_mistakes_in_mke4_yaml_are_told_all_at_once(tmp_path: Path, plugin: Any, more: dict[str, Any]) -> None:
    found = run(plugin, tmp_path, config=config(host("10.0.0.1", "boss"), host("10.0.0.2", "chief")), **more)
    assert found["failed"]
    assert len(found["findings"]) >= 2


def test_a_recovery_is_planned_from_what_was_read(tmp_path: Path) -> None:
    lost = etcd_of(member(1), member(2, answers=False), member(3, answers=False), healthy=False, error="no leader")
    nodes = {**NODES, "10.0.0.2": UNREACHABLE, "10.0.0.3": UNREACHABLE}
    members = {"10.0.0.1": listed(lost, api_error="no quorum")}
    found = run(k0s_recovery, tmp_path, survivor="10.0.0.1", nodes=nodes, members=members)
    assert found["plan"]["survivor"] == "10.0.0.1"
    assert found["plan"]["lost"] == ["10.0.0.2", "10.0.0.3"]
    assert [item["name"] for item in found["findings"]] == ["recover-loses"]


def test_a_recovery_without_a_name_says_which_controllers_there_are(tmp_path: Path) -> None:
    found = run(k0s_recovery, tmp_path)
    assert [item["name"] for item in found["findings"]] == ["recover-from"]
