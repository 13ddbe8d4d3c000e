# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.autopilot import words
from ansible_collections.mke4k.core.plugins.module_utils._kube.autopilot.model import targets_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.autopilot.plan import plan_object
from ansible_collections.mke4k.core.plugins.module_utils._kube.autopilot.run import Limits, Upgraded, upgrade
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, TimedOut, WaitFailed
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.autopilot.pilots import (
    C1,
    C2,
    NEW,
    W1,
    W2,
    Cluster,
)

ALL = (C1, C2, W1, W2)


def run(cluster: Any, hosts: Any = ALL, told: Any = None, **options: Any) -> Upgraded:
    limits = Limits(options.pop("timeout", 7200), options.pop("stall", 900), options.pop("at_once", 2))
    version = options.pop("version", NEW)
    heard = [] if told is None else told
    return upgrade(cluster, version, hosts, limits, options.pop("stamp", "T1"), heard.append, lambda: None, **options)


def foreign(cluster: Cluster, state: str = "Completed", plan_id: str = "id1234") -> None:
    targets = targets_of(ALL, [*cluster.control_nodes.values()], [*cluster.nodes.values()])
    cluster.plan = plan_object("v1.33.9+k0s.0", targets, 1, "T0")
    cluster.plan["spec"]["id"] = plan_id
    cluster.plan["status"] = {"state": state, "commands": [{"k0supdate": {}}]}


def test_all_nodes_get_the_new_k0s_controllers_first_and_nothing_is_left() -> None:
    cluster = Cluster()
    told: list[str] = []
    done = run(cluster, told=told)
    assert done == Upgraded(True, dict.fromkeys(("c1", "c2", "w1", "w2"), "has the new k0s"))
    assert cluster.order[:2] == ["c1", "c2"]
    assert cluster.plan is None
    assert "c1 waits for its turn" in told[0]
    assert any("w1 moves its pods away" in line for line in told)


def test_a_controller_is_found_by_its_address_and_one_with_workloads_is_no_worker() -> None:
    cluster = Cluster()
    targets = targets_of(ALL, [*cluster.control_nodes.values()], [*cluster.nodes.values()])
    update = plan_object(NEW, targets, 3, "T1")["spec"]["commands"][0]["k0supdate"]
    assert update["targets"]["controllers"]["discovery"]["static"]["nodes"] == ["c1", "c2"]
    assert update["targets"]["workers"] == {
        "limits": {"concurrent": 3},
        "discovery": {"static": {"nodes": ["w1", "w2"]}},
    }
    assert update["platforms"] == {"linux-amd64": {"url": C1.url, "sha256": C1.sha256}}
    assert "workers" not in plan_object(NEW, targets[:2], 3, "T1")["spec"]["commands"][0]["k0supdate"]["targets"]


def test_a_host_that_the_autopilot_does_not_know_stops_the_upgrade_before_it_begins() -> None:
    cluster = Cluster()
    with pytest.raises(KubeError, match=r"does not know w9\.example; it knows c1, c2, w1, w2"):
        run(cluster, (C1, replace(W1, name="w9.example", node="w9", address="10.0.0.99")))
    assert cluster.plan is None


def test_two_binaries_for_one_platform_are_refused() -> None:
    with pytest.raises(KubeError, match=r"w1\.example is to get https://elsewhere"):
        run(Cluster(), (C1, replace(W1, url="https://elsewhere")))


def test_a_plan_of_somebody_else_is_left_alone() -> None:
    for state in ("Completed", "SchedulableWait"):
        cluster = Cluster()
        foreign(cluster, state)
        with pytest.raises(KubeError, match=r"did not make \(id id1234, k0s v1\.33\.9\+k0s\.0; it"):
            run(cluster)
        assert cluster.deleted == []


def test_a_plan_of_an_earlier_run_that_ended_makes_room() -> None:
    cluster = Cluster()
    foreign(cluster, "ApplyFailed", "mke4k.core-v1.33.9-T0")
    assert run(cluster).changed
    assert cluster.deleted == ["mke4k.core-v1.33.9-T0", f"mke4k.core-{NEW}-T1"]


def test_a_run_that_was_killed_is_gone_on_with() -> None:
    cluster = Cluster()
    told: list[str] = []
    with pytest.raises(TimedOut):
        run(cluster, timeout=10)
    assert run(cluster, (W1, W2), told=told, stamp="T2").changed
    assert told[0] == f"The Plan of an earlier run goes on with k0s {NEW}."
    assert cluster.deleted == [f"mke4k.core-{NEW}-T1"]


def test_an_unfinished_plan_for_another_version_is_not_replaced() -> None:
    cluster = Cluster()
    with pytest.raises(TimedOut):
        run(cluster, timeout=10)
    with pytest.raises(KubeError, match=r"still brings k0s v1\.33\.13"):
        run(cluster, version="v1.33.14+k0s.0")


def test_a_node_that_fails_is_named_with_its_cause() -> None:
    cluster = Cluster()
    cluster.failing = {"c2"}
    with pytest.raises(WaitFailed) as failed:
        run(cluster)
    message = str(failed.value)
    assert "ended because a node failed" in message
    assert "c1 has the new k0s; c2 could not download k0s, or got something with another sha256" in message
    assert "w1 waits for its turn" in message
    assert failed.value.details["state"] == "ApplyFailed"


def test_pods_that_do_not_leave_are_told_when_nothing_moves() -> None:
    cluster = Cluster()
    cluster.stuck = {"w1": "Cordoning"}
    with pytest.raises(TimedOut) as late:
        run(cluster, stall=60)
    assert "nothing moved for 6" in str(late.value)
    assert "Pods of w1 do not leave; a PodDisruptionBudget may forbid it" in str(late.value)
    assert late.value.details["nodes"]["w2"] == "has the new k0s"
    assert cluster.plan is not None


def test_a_plan_that_somebody_deletes_ends_the_wait() -> None:
    cluster = Cluster()

    def deleted() -> None:
        if cluster.seconds > 10:
            cluster.plan = None

    with pytest.raises(WaitFailed, match="Somebody deleted the Plan"):
        upgrade(cluster, NEW, ALL, Limits(7200, 900), "T1", lambda _text: None, deleted)  # type: ignore[arg-type]


def test_check_mode_and_nothing_to_do_make_no_plan() -> None:
    cluster = Cluster()
    assert run(cluster, dry_run=True).changed
    assert not run(cluster, ()).changed
    assert cluster.plan is None


@pytest.mark.parametrize(
    ("annotation", "step"),
    [
        (None, ""),
        ("no json", ""),
        ("[]", ""),
        ('{"planId": "other", "status": {"status": "Restart"}}', ""),
        ('{"planId": "p", "status": {"status": "Restart"}}', "Restart"),
        ('{"planId": "p"}', ""),
    ],
)
def test_marks_of_other_plans_and_of_nobody_say_nothing(annotation: str, step: str) -> None:
    node = {"metadata": {"name": "n", "annotations": {words.SIGNAL: annotation} if annotation else {}}}
    assert words.step_of(node, "p") == step


def test_states_of_a_later_k0s_are_told_as_they_are() -> None:
    plan = {
        "spec": {"id": "p"},
        "status": {
            "state": "Odd",
            "commands": [{"description": "because", "k0supdate": {"workers": [{"name": "n", "state": "Strange"}]}}],
        },
    }
    assert words.plan_in_words(plan) == "is in the state Odd (because)"
    assert words.nodes_in_words(plan, {}) == {"n": "is in the state Strange"}
