# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is upgraded, and in which step."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.build import make_plan
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.model import Choice
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.select import plan_upgrade, restricted
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.plan.nodes import VERSION, converged, spec

from .clusters import OLD, OLDER, cluster


def test_controllers_come_first_then_the_canary_then_the_other_workers() -> None:
    found = plan_upgrade(cluster("cccwww", "oooooo"), Choice(canary=1), 2)
    assert (found.controllers, found.canary, found.workers) == (("n1", "n2", "n3"), ("n4",), ("n5", "n6"))
    assert (found.target, found.versions, found.at_once, found.left) == (VERSION, (OLD,), 2, ())


def test_hosts_with_pods_are_drained_whatever_else_they_are() -> None:
    assert plan_upgrade(cluster("cbw", "ooo"), Choice(), 1).drained == ("n2", "n3")


def test_an_upgrade_that_was_ended_goes_on_with_those_that_are_left() -> None:
    found = plan_upgrade(cluster("cccww", "nnono"), Choice(), 1)
    assert found.hosts == ("n3", "n5")
    assert found.versions == (OLD, VERSION)


def test_a_node_that_an_ended_upgrade_may_have_left_cordoned_is_seen() -> None:
    specs = {"n1": spec("controller"), "n2": spec("worker")}
    states = {name: converged(name, wanted) for name, wanted in specs.items()}
    states["n2"] = converged("n2", specs["n2"], node={"name": "n2", "ready": True, "unschedulable": True})
    plan = make_plan(specs, states, {"n1": "10.0.0.1", "n2": "10.0.0.2"})
    found = plan_upgrade(plan, Choice(), 1)
    assert (found.hosts, found.cordoned) == ((), ("n2",))
    assert plan_upgrade(plan, Choice(only=("n1",)), 1).cordoned == ()


def test_a_member_whose_k0s_is_stopped_is_upgraded_and_a_bare_host_is_not() -> None:
    found = plan_upgrade(cluster("cccw", "oo-."), Choice(), 1)
    assert found.hosts == ("n1", "n2", "n3")
    assert found.drained == ()


def test_hosts_outside_of_the_choice_stay_and_are_told() -> None:
    found = plan_upgrade(cluster("cccww", "ooooo"), Choice(in_play=("n1", "n2", "n3", "n4"), only=("n1", "n4")), 1)
    assert (found.hosts, found.left) == (("n1", "n4"), ("n2", "n3", "n5"))


def test_the_plan_of_the_other_hosts_is_empty() -> None:
    plan = cluster("cccww", "ooooo")
    rest = restricted(plan, plan_upgrade(plan, Choice(only=("n1",)), 1))
    assert [name for name, member in rest.members.items() if member.changes] == ["n1"]
    assert rest.waves.to_dict() == {"before": [], "join": [], "after": []}


@pytest.mark.parametrize(
    ("canary", "first"), [(0, ()), (2, ("n4", "n5")), (("n6", "n1"), ("n6",)), (9, ("n4", "n5", "n6"))]
)
def test_a_canary_is_a_number_of_workers_or_their_names(canary: int | tuple[str, ...], first: tuple[str, ...]) -> None:
    assert plan_upgrade(cluster("cccwww", "oooooo"), Choice(canary=canary), 1).canary == first


def test_what_runs_is_told_from_the_oldest_on() -> None:
    assert plan_upgrade(cluster("ccw", "nox"), Choice(), 1).versions == (OLDER, OLD, VERSION)


@given(
    roles=st.text("cbw", min_size=1, max_size=7).map(lambda text: "c" + text),
    versions=st.text("on-.", min_size=8, max_size=8).map(lambda text: "o" + text),
    canary=st.integers(0, 4),
)
def test_every_member_that_differs_is_in_exactly_one_step(roles: str, versions: str, canary: int) -> None:
    plan = cluster(roles, versions)
    found = plan_upgrade(plan, Choice(canary=canary), 1)
    differ = [name for name, member in plan.members.items() if member.changes and not member.joins]
    assert sorted(found.hosts) == sorted(differ)
    assert len(set(found.hosts)) == len(found.hosts)
    assert all(plan.members[name].is_controller for name in found.controllers)
    assert not any(plan.members[name].is_controller for name in found.canary + found.workers)
