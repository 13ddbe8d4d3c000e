# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an upgrade does not go past."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest
import yaml
from ansible.plugins.filter import core, mathstuff
from jinja2 import Environment

TASKS = Path(__file__).resolve().parents[3] / "roles" / "k0s" / "tasks"


def tasks(name: str) -> List[Dict[str, Any]]:
    found: List[Dict[str, Any]] = yaml.safe_load((TASKS / name).read_text())
    return found


def test_a_canary_that_failed_is_told_before_anybody_waits_for_it() -> None:
    order = [next(word for word in task if "." in word) for task in tasks("upgrade_canary.yml")]
    stop, pause, ready = map(order.index, ("ansible.builtin.fail", "ansible.builtin.pause", "mke4k.core.kube_wait"))
    assert order[0] == "ansible.builtin.include_tasks"
    assert stop < pause < ready


def test_the_nodes_of_all_canaries_are_waited_for() -> None:
    (task,) = [task for task in tasks("upgrade_canary.yml") if "mke4k.core.kube_wait" in task]
    hosts = {"10.0.0.4": {"node": "n4"}, "10.0.0.5": {"node": "n5"}, "10.0.0.6": {"node": "n6"}}
    jinja = Environment(autoescape=True)
    jinja.filters.update({**core.FilterModule().filters(), **mathstuff.FilterModule().filters()})
    jinja.globals["dict"] = dict
    plan = {"plan": {"upgrade": {"canary": ["10.0.0.4", "10.0.0.6"]}, "hosts": hosts}}
    nodes = jinja.compile_expression(task["vars"]["__k0s_nodes_of"].strip("{} "))(__k0s_plan=plan)
    wanted = jinja.compile_expression(task["mke4k.core.kube_wait"]["objects"].strip("{} "))(__k0s_nodes_of=nodes)
    assert wanted == [{"name": "n4", "kind": "Node"}, {"name": "n6", "kind": "Node"}]


@pytest.mark.parametrize(
    ("canary", "failures", "pause", "refused"),
    [
        ([], "0", 0, []),
        (["n4"], 1, "5", ["mke4k_canary", "mke4k_max_failures", "mke4k_pause_between"]),
        ([], 0, 3, ["mke4k_pause_between"]),
    ],
)
def test_the_autopilot_is_asked_for_nothing_that_it_does_not_know(
    canary: List[str], failures: Any, pause: Any, refused: List[str]
) -> None:
    (task,) = [task for task in tasks("upgrade_check.yml") if "__k0s_unheeded" in task.get("vars", {})]
    read = Environment(autoescape=True).compile_expression(task["vars"]["__k0s_unheeded"].strip("{}\n "))
    plan = {"plan": {"upgrade": {"canary": canary}}}
    assert read(__k0s_plan=plan, k0s_max_failures=failures, k0s_pause_between=pause) == refused
