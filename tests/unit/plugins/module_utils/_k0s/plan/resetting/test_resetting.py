# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.resetting.build import (
    DELETE,
    LEAVE,
    Choice,
    Seen,
    plan_reset,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.resetting.text import (
    reset_text,
    staying_text,
    steps,
)

CHANGES = (Change("stop", "k0sworker", "is stopped, disabled and removed"), Change("folder", "/etc/k0s", "is removed"))
CONFIRMED = Choice("berlin", "berlin")


def controller(name: str, running: bool = True, changes: tuple[Change, ...] = CHANGES) -> Seen:
    return Seen(name, controller=True, running=running, version="v1.33.13+k0s.0", changes=changes)


def worker(name: str, changes: tuple[Change, ...] = CHANGES) -> Seen:
    return Seen(name, running=True, changes=changes)


def away(name: str) -> Seen:
    return Seen(name, reached=False, problem="connection timed out")


def test_workers_go_first_and_the_leader_last() -> None:
    seen = [controller("n1", running=False), controller("n2"), controller("n3"), worker("n4"), worker("n5")]
    plan = plan_reset(seen, (), CONFIRMED)
    assert [wave.hosts for wave in plan.waves] == [("n4", "n5"), ("n1", "n3"), ("n2",)]
    assert [wave.needs for wave in plan.waves] == [(), ("n4", "n5"), ("n4", "n5", "n1", "n3")]
    assert (plan.leader, plan.refusal, plan.findings) == ("n2", "", ())


def test_without_a_running_controller_the_first_one_goes_last() -> None:
    plan = plan_reset([controller("n1", running=False), controller("n2", running=False)], (), CONFIRMED)
    assert [wave.hosts for wave in plan.waves] == [("n2",), ("n1",)]
    assert plan.leader == ""


def test_hosts_without_k0s_are_in_no_wave_and_need_no_confirmation() -> None:
    plan = plan_reset([controller("n1", False, ()), worker("n2", ())], (), Choice("berlin"))
    assert (plan.waves, plan.refusal, plan.changing) == ((), "", [])
    assert reset_text("berlin", [], plan) == ["Nothing to reset: no host has anything of the cluster berlin."]


@pytest.mark.parametrize(
    ("confirm", "told"),
    [
        ("", "off 1 of 1 hosts, with all its data. If that is wanted, say its name: -e mke4k_confirm=berlin"),
        ("lisbon", "mke4k_confirm is 'lisbon', which is another name."),
        ("Berlin", "which is another name"),
    ],
)
def test_only_the_name_of_the_cluster_confirms(confirm: str, told: str) -> None:
    assert told in plan_reset([worker("n1")], (), Choice("berlin", confirm)).refusal


@pytest.mark.parametrize(
    ("everybody", "ignored", "severity"),
    [(False, (), "error"), (False, ("n9",), "error"), (False, ("n2",), "warning"), (True, (), "warning")],
)
def test_a_host_out_of_reach_stops_the_reset_unless_it_is_named(
    everybody: bool, ignored: tuple[str, ...], severity: str
) -> None:
    choice = Choice("berlin", "berlin", everybody, ignored)
    [finding] = plan_reset([controller("n1"), away("n2")], (), choice).findings
    assert (finding.name, finding.severity, finding.path) == ("host-unreachable", severity, "host n2")
    assert ("mke4k_ignore_unreachable=n2" in finding.remedy) == (severity == "error")


def test_a_host_that_answers_and_cannot_be_read_is_never_ignored() -> None:
    broken = Seen("n2", problem="no python")
    [finding] = plan_reset([controller("n1"), broken], (), Choice("berlin", "berlin", everybody=True)).findings
    assert (finding.name, finding.severity) == ("host-unreadable", "error")


def test_a_part_of_a_cluster_is_not_reset() -> None:
    [finding] = plan_reset([controller("n1")], ("n2",), CONFIRMED).findings
    assert (finding.name, finding.path) == ("reset-part", "host n2")
    assert "mke4k.core.remove_nodes" in finding.remedy


@pytest.mark.parametrize(
    ("running", "children", "possible", "asked"),
    [
        (False, "refuse", True, True),
        (False, DELETE, True, True),
        (False, LEAVE, True, False),
        (False, "refuse", False, False),
        (True, "refuse", True, False),
    ],
)
def test_children_that_nobody_can_tell_of_stop_the_reset(
    running: bool, children: str, possible: bool, asked: bool
) -> None:
    choice = Choice("berlin", "berlin", children=children, may_have_children=possible)
    found = plan_reset([controller("n1", running)], (), choice).findings
    assert [finding.name for finding in found] == (["children-unknown"] if asked else [])


def test_a_second_run_is_not_asked_about_children() -> None:
    choice = Choice("berlin", "berlin", may_have_children=True)
    assert plan_reset([controller("n1", False, ())], (), choice).findings == ()


def test_the_text_tells_the_order_and_what_goes_where() -> None:
    seen = [controller("n1"), worker("n2"), away("n3"), Seen("n4", problem="no python"), worker("n5", ())]
    plan = plan_reset(seen, (), CONFIRMED)
    assert reset_text("berlin", seen, plan) == [
        "Take the cluster berlin off 2 hosts: n2, then n1.",
        "n1 (controller, k0s v1.33.13+k0s.0 runs)",
        "  the service k0sworker",
        "  folder /etc/k0s",
        "n2 (worker, k0s runs)",
        "  the service k0sworker",
        "  folder /etc/k0s",
        "n3: stays as it is, as it is out of reach",
        "n4: stays as it is, as it could not be read",
        "n5: has nothing of k0s",
    ]


def test_what_there_is_much_of_is_counted() -> None:
    changes = [
        Change("process", "pod", "processes of pods are ended: 3"),
        Change("mount", "/a", ""),
        Change("odd", "x", ""),
    ]
    changes += [Change("link", f"cali{number}", "") for number in range(8)] + [Change("mount", "/b", "")]
    assert steps(changes) == [
        "processes of pods are ended: 3",
        "2 mounts",
        "1 odd",
        "network links cali0, cali1, cali2, cali3, cali4, cali5 and 2 more",
    ]


def test_what_a_reset_does_not_reach_is_told() -> None:
    assert "~/.mke/mke.kubeconf" in staying_text("~/.mke/mke.kubeconf")
