# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order in which hosts leave a cluster, and what is not done to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest
import yaml
from jinja2 import Environment

TASKS = Path(__file__).resolve().parents[3] / "roles" / "k0s" / "tasks"
INCLUDES = ("ansible.builtin.include_tasks", "ansible.builtin.import_tasks")
BRINGS_FILES = {"mke4k.core.k0s_node", "mke4k.core.k0s_share", "mke4k.core.node_change", "ansible.builtin.copy"}


def tasks(name: str) -> Iterator[Dict[str, Any]]:
    """All tasks of an entry point with those that it includes, in their order."""
    yield from flat(yaml.safe_load((TASKS / name).read_text()))


def flat(items: List[Dict[str, Any]]) -> Iterator[Dict[str, Any]]:
    for task in items:
        inner = next((task[word] for word in INCLUDES if word in task), "")
        if inner:
            yield from tasks(inner)
        elif "block" in task:
            yield from flat([*task["block"], *task.get("rescue", []), *task.get("always", [])])
        else:
            yield task


def position(name: str) -> int:
    return [task["name"] for task in tasks("remove.yml")].index(name)


def test_etcd_is_left_while_k0s_still_runs_there() -> None:
    (left,) = [
        task["name"]
        for task in tasks("remove.yml")
        if task.get("mke4k.core.k0s_member", {}).get("state") == "absent" and "members" in task["mke4k.core.k0s_member"]
    ]
    (wiped,) = [task["name"] for task in tasks("remove.yml") if "mke4k.core.k0s_reset" in task]
    assert position(left) < position(wiped)


def test_what_the_cluster_keeps_of_a_controller_goes_when_it_cannot_come_back() -> None:
    (records,) = [task["name"] for task in tasks("remove.yml") if "records" in task.get("mke4k.core.k0s_member", {})]
    (wiped,) = [task["name"] for task in tasks("remove.yml") if "mke4k.core.k0s_reset" in task]
    assert position(wiped) < position(records)


def test_a_host_that_leaves_gets_nothing_and_one_that_stays_is_not_converged() -> None:
    used = {word for task in tasks("remove.yml") for word in task}
    assert "mke4k.core.k0s_reset" in used
    assert used & BRINGS_FILES == set()


def test_workers_get_another_api_server_in_a_window_and_nobody_leaves_where_one_did_not() -> None:
    (index,) = [number for number, task in enumerate(tasks("remove.yml")) if "mke4k.core.k0s_worker_api" in task]
    moved, stop, *_later = list(tasks("remove.yml"))[index:]
    assert moved["throttle"] == "{{ __k0s_removal.plan.at_once }}"
    assert "ansible.builtin.fail" in stop
    jinja = Environment(autoescape=True)
    jinja.filters["difference"] = lambda one, other: [item for item in one if item not in other]
    cut_off = jinja.compile_expression(stop["vars"]["__k0s_cut_off"].strip("{} "))
    removal = {"plan": {"repoint": {"n4": "https://10.0.0.2:6443", "n5": "https://10.0.0.2:6443"}}}
    assert cut_off(__k0s_removal=removal, ansible_play_hosts=["n4", "n5"]) == []
    assert cut_off(__k0s_removal=removal, ansible_play_hosts=["n4"]) == ["n5"]


@pytest.mark.parametrize(
    ("seen", "failed", "ended"),
    [
        ({"failed": True, "msg": "The API does not answer."}, True, False),
        ({"findings": [{"name": "volume-attached"}]}, False, False),
        ({"findings": [{"name": "local-volume"}]}, False, True),
    ],
)
def test_a_look_at_volumes_that_failed_takes_no_host(seen: Dict[str, Any], failed: bool, ended: bool) -> None:
    (wait,) = [task for task in tasks("remove.yml") if task.get("register") == "__k0s_attached"]
    read = Environment(autoescape=True).compile_expression
    evaluated = {word: read(wait[word])(__k0s_attached=seen) for word in ("failed_when", "until")}
    assert evaluated == {"failed_when": failed, "until": ended}
