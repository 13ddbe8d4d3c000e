# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.leader import choose_leader
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member, Wave
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.waves import waves_for

from .nodes import bare, converged, member, spec, stopped


def fresh(controllers: int, workers: int) -> List[Member]:
    roles = ["controller+worker"] * controllers + ["worker"] * workers
    return [member(f"n{number}", spec(role), bare(f"n{number}")) for number, role in enumerate(roles, 1)]


def hosts(waves: tuple[Wave, ...]) -> List[List[str]]:
    return [list(wave.hosts) for wave in waves]


@pytest.mark.parametrize(
    ("controllers", "workers", "expected"),
    [
        (1, 0, []),
        (1, 2, [["n2", "n3"]]),
        (2, 1, [["n3"], ["n2"]]),
        (3, 0, [["n2"], ["n3"]]),
        (3, 2, [["n4", "n5"], ["n2"], ["n3"]]),
    ],
)
def test_workers_join_together_before_the_second_etcd_member_takes_the_api_away(
    controllers: int, workers: int, expected: List[List[str]]
) -> None:
    members = fresh(controllers, workers)
    waves = waves_for(members, choose_leader(members), 1)
    assert hosts(waves.join) == expected
    assert waves.before == ()


def test_the_next_controller_waits_only_for_etcd_and_readiness_is_proven_at_the_end() -> None:
    members = fresh(4, 0)
    waves = waves_for(members, members[0], 1)
    assert [wave.wait_for for wave in waves.join] == ["etcd", "etcd", "serving"]
    assert hosts(waves.after) == [["n2", "n3"]]
    assert waves.after[0].wait_for == "serving"


def test_a_controller_needs_the_leader_and_every_controller_that_joins_before_it() -> None:
    members = fresh(4, 1)
    waves = waves_for(members, members[0], 1)
    assert [wave.needs for wave in waves.join] == [("n1",), ("n1",), ("n1", "n2"), ("n1", "n2", "n3")]


def test_growing_leaves_the_running_controllers_alone() -> None:
    wanted = spec()
    members = [member("n1", wanted, converged("n1", wanted))] + fresh(3, 1)[1:]
    waves = waves_for(members, choose_leader(members), 1)
    assert hosts(waves.join) == [["n4"], ["n2"], ["n3"]]
    assert waves.before == ()


def test_running_controllers_change_one_after_another_and_each_needs_those_before_it() -> None:
    old, new = spec(), spec(config="spec: {api: {}}\n")
    members = [member(f"n{number}", new, converged(f"n{number}", old)) for number in (1, 2, 3)]
    waves = waves_for(members, choose_leader(members), 1)
    assert hosts(waves.before) == [["n1"], ["n2"], ["n3"]]
    assert [wave.needs for wave in waves.before] == [(), ("n1",), ("n1", "n2")]


def test_controllers_that_were_stopped_start_together_because_one_alone_has_no_quorum() -> None:
    wanted = spec()
    members = [member(f"n{number}", wanted, stopped(f"n{number}", wanted)) for number in (1, 2, 3)]
    waves = waves_for(members, choose_leader(members), 1)
    assert hosts(waves.before) == [["n1", "n2", "n3"]]
    assert waves.join == ()


def test_running_workers_change_in_a_window() -> None:
    controller, old, new = spec(), spec("worker"), spec("worker", arguments=("--kubelet-extra-args=--v=2",))
    members = [member("n1", controller, converged("n1", controller))]
    members += [member(f"n{number}", new, converged(f"n{number}", old)) for number in range(2, 6)]
    waves = waves_for(members, choose_leader(members), 2)
    assert hosts(waves.after) == [["n2", "n3", "n4", "n5"]]
    assert waves.after[0].at_once == 2


def test_nothing_to_change_is_no_wave() -> None:
    wanted = spec()
    members = [member(f"n{number}", wanted, converged(f"n{number}", wanted)) for number in (1, 2, 3)]
    waves = waves_for(members, choose_leader(members), 1)
    assert (waves.before, waves.join, waves.after) == ((), (), ())


def test_the_leader_is_the_first_controller_that_serves() -> None:
    wanted = spec()
    members = [
        member("n1", wanted, bare("n1")),
        member("n2", wanted, replace(converged("n2", wanted), ready=False)),
        member("n3", wanted, converged("n3", wanted)),
    ]
    assert choose_leader(members).name == "n3"
    assert choose_leader(members[:2]).name == "n2"
    assert choose_leader(members[:1]).name == "n1"


def test_a_stopped_member_leads_before_a_host_that_never_joined() -> None:
    wanted = spec()
    members = [member("n1", wanted, bare("n1")), member("n2", wanted, stopped("n2", wanted))]
    assert choose_leader(members).name == "n2"
