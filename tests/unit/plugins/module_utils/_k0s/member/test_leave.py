# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.leave import Membership
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.verdict import (
    label,
    leave_verdict,
    meant,
    next_leader,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeTime
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.member.fakes import FakeEtcd, etcd_of, member

SILENT: Dict[str, Any] = {"answers": False}


def membership(etcd: FakeEtcd, time: FakeTime) -> Membership:
    return Membership("n1", etcd, time.clock, timeout=30)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("members", "leaving", "allowed"),
    [
        ([member(1), member(2), member(3)], 2, True),
        ([member(1), member(2)], 1, True),
        ([member(1), member(2), member(3, **SILENT)], 2, True),
        ([member(1), member(2), member(3, **SILENT)], 1, False),
        ([member(1), member(2, **SILENT), member(3, **SILENT)], 2, False),
        ([member(1), member(2), member(3, **SILENT), member(4, **SILENT)], 3, True),
        ([member(1), member(2), member(3, learner=True)], 2, True),
        ([member(1), member(2), member(3, learner=True)], 1, False),
        ([member(1), member(2)], 0, False),
    ],
)
def test_a_member_leaves_only_where_those_who_stay_can_decide(
    members: List[Dict[str, Any]], leaving: int, allowed: bool
) -> None:
    assert leave_verdict("n1", etcd_of(*members), members[leaving]).allowed is allowed


def test_the_refusal_says_who_is_silent_and_how_many_are_needed() -> None:
    members = [member(1), member(2), member(3, **SILENT)]
    reason = leave_verdict("n1", etcd_of(*members), members[1]).reason
    assert "n3 (10.0.0.3) of those who stay does not answer" in reason
    assert "1 of 2 members would be left and 2 are needed" in reason


def test_nobody_leaves_without_a_quorum() -> None:
    seen = etcd_of(member(1), member(2, **SILENT), healthy=False, error="no leader")
    verdict = leave_verdict("n1", seen, member(2))
    assert not verdict.allowed
    assert "no leader" in verdict.reason
    assert "recover_quorum" in verdict.reason


@pytest.mark.parametrize("wanted", ["n2", "N2", "10.0.0.2", "a2"])
def test_a_member_is_known_by_name_address_and_id(wanted: str) -> None:
    assert [item["id"] for item in meant([member(1), member(2)], [wanted])] == ["a2"]


def test_silent_members_go_first() -> None:
    found = meant([member(1), member(2), member(3, **SILENT)], ["n2", "n3"])
    assert [item["name"] for item in found] == ["n3", "n2"]


def test_a_member_that_never_started_is_named_by_its_address() -> None:
    assert label(member(2, name="")) == "a member that never started (10.0.0.2)"


def test_leaving_is_proven_by_the_list_that_the_quorum_gives() -> None:
    etcd = FakeEtcd(etcd_of(member(1), member(2), member(3)))
    gone = membership(etcd, FakeTime()).leave(["n3"])
    assert [item["name"] for item in gone] == ["n3"]
    assert etcd.calls == [
        ("list", {"linearizable": True}),
        ("remove", {"ID": str(0xA3)}),
        ("list", {"linearizable": True}),
    ]


def test_two_members_leave_one_after_another_and_the_dead_one_first() -> None:
    etcd = FakeEtcd(etcd_of(member(1), member(2), member(3, **SILENT)))
    gone = membership(etcd, FakeTime()).leave(["n2", "n3"])
    assert [item["name"] for item in gone] == ["n3", "n2"]
    assert [item["name"] for item in etcd.state["members"]] == ["n1"]


def test_a_member_that_is_not_there_is_no_error() -> None:
    etcd = FakeEtcd(etcd_of(member(1), member(2)))
    assert membership(etcd, FakeTime()).leave(["n9"]) == []
    assert etcd.calls == []


def test_check_mode_tells_and_asks_nothing_of_etcd() -> None:
    etcd = FakeEtcd(etcd_of(member(1), member(2), member(3)))
    gone = membership(etcd, FakeTime()).leave(["n2", "n3"], dry_run=True)
    assert sorted(item["name"] for item in gone) == ["n2", "n3"]
    assert etcd.calls == []


def test_an_election_that_is_going_on_is_waited_for() -> None:
    etcd, time = FakeEtcd(etcd_of(member(1), member(2), member(3))), FakeTime()
    etcd.seen = [etcd_of(member(1), member(2), member(3), healthy=False, error="no leader")] * 3
    assert membership(etcd, time).leave(["n3"])
    assert len(time.pauses) == 3


def test_a_refusal_that_stays_is_told_when_the_time_is_over() -> None:
    etcd, time = FakeEtcd(etcd_of(member(1), member(2), member(3, **SILENT))), FakeTime()
    with pytest.raises(K0sError, match=r"n2 .* was not taken out"):
        membership(etcd, time).leave(["n2"])
    assert sum(time.pauses) == pytest.approx(30)
    assert etcd.calls == []


def test_a_controller_does_not_take_itself_out() -> None:
    time = FakeTime()
    with pytest.raises(K0sError, match="take itself out"):
        membership(FakeEtcd(etcd_of(member(1), member(2))), time).leave(["n1"])
    assert time.pauses == []


def test_weather_while_it_leaves_is_waited_for() -> None:
    etcd, time = FakeEtcd(etcd_of(member(1), member(2), member(3))), FakeTime()
    etcd.weather = ["time-out", "leader changed"]
    assert membership(etcd, time).leave(["n3"])
    assert etcd.verbs == ["list", "list", "list", "remove", "list"]


def test_a_member_that_does_not_go_is_told_with_the_last_answer() -> None:
    etcd, time = FakeEtcd(etcd_of(member(1), member(2), member(3))), FakeTime()
    etcd.weather = ["unhealthy cluster"] * 1000
    with pytest.raises(K0sError, match=r"n3 .* is still a member of etcd after 30 s: unhealthy cluster"):
        membership(etcd, time).leave(["n3"])


def test_an_etcd_that_tells_nothing_is_an_error() -> None:
    etcd = FakeEtcd(etcd_of(healthy=False, error="connection refused"))
    with pytest.raises(K0sError, match="connection refused"):
        membership(etcd, FakeTime()).leave(["n3"])


@pytest.mark.parametrize(
    ("others", "heir"),
    [
        ([member(2, **SILENT), member(3)], "a3"),
        ([member(2, learner=True)], ""),
        ([], ""),
    ],
)
def test_leadership_goes_to_a_member_that_votes_and_answers(others: List[Dict[str, Any]], heir: str) -> None:
    assert next_leader(etcd_of(member(1), *others)) == heir


def test_a_leader_hands_over() -> None:
    etcd = FakeEtcd(etcd_of(member(1), member(2)))
    assert membership(etcd, FakeTime()).hand_over()
    assert etcd.calls == [("transfer-leadership", {"targetID": str(0xA2)})]


def test_a_leader_in_check_mode_only_tells_that_it_would() -> None:
    etcd = FakeEtcd(etcd_of(member(1), member(2)))
    assert membership(etcd, FakeTime()).hand_over(dry_run=True)
    assert etcd.calls == []


def test_who_does_not_lead_has_nothing_to_hand_over() -> None:
    etcd = FakeEtcd(etcd_of(member(1), member(2), leader=False))
    assert not membership(etcd, FakeTime()).hand_over()
    assert etcd.calls == []
