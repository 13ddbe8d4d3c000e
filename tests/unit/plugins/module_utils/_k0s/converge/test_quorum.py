# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict, List, Optional

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.quorum import majority, restart_verdict


def etcd(size: int, silent: tuple[int, ...] = (), learner: int = 0, healthy: bool = True) -> Dict[str, Any]:
    members: List[Dict[str, Any]] = [
        {
            "id": str(number),
            "name": f"c{number}",
            "peer_url": f"https://10.0.0.{number}:2380",
            "learner": number == learner,
            "answers": number not in silent,
        }
        for number in range(1, size + 1)
    ]
    return {"member_id": "1", "healthy": healthy, "members": members, "error": "" if healthy else "timed out"}


PEERS = ("10.0.0.2", "10.0.0.3")


@pytest.mark.parametrize("size", [3, 4, 5])
def test_a_member_of_a_whole_cluster_restarts_without_a_word(size: int) -> None:
    verdict = restart_verdict("c1", etcd(size))
    assert (verdict.allowed, verdict.warning) == (True, "")


@pytest.mark.parametrize("size", [2, 3, 5])
def test_nothing_restarts_while_another_member_is_silent(size: int) -> None:
    verdict = restart_verdict("c1", etcd(size, silent=(2,)))
    assert not verdict.allowed
    assert f"c2 (10.0.0.2) does not answer, and stopping c1 would leave {size - 2} of {size} members" in verdict.reason
    assert f"({majority(size)} are needed" in verdict.reason


def test_a_silent_member_that_nobody_knows_is_told_apart() -> None:
    assert "c2 (10.0.0.2), which is not in the inventory" in restart_verdict("c1", etcd(3, (2,)), ("10.0.0.3",)).reason


def test_a_member_that_is_joining_is_waited_for() -> None:
    verdict = restart_verdict("c1", etcd(3, learner=3), PEERS)
    assert not verdict.allowed
    assert "c3 (10.0.0.3) is joining etcd" in verdict.reason


@pytest.mark.parametrize(("state", "seconds"), [(None, 5), (etcd(1), 5), (etcd(2), 15)])
def test_one_or_two_members_restart_with_a_warning(state: Optional[Dict[str, Any]], seconds: int) -> None:
    verdict = restart_verdict("c1", state)
    assert verdict.allowed
    assert f"away for about {seconds} s while c1" in verdict.warning


def test_controllers_with_an_outside_database_restart_without_a_word() -> None:
    assert restart_verdict("c1", None, PEERS).warning == ""


def test_a_member_that_does_not_serve_may_restart_when_the_others_answer() -> None:
    verdict = restart_verdict("c1", etcd(3, healthy=False), PEERS)
    assert verdict.allowed
    assert "etcd on c1 does not serve (timed out)" in verdict.warning


def test_a_sick_member_beside_a_silent_one_stays() -> None:
    verdict = restart_verdict("c1", etcd(3, silent=(3,), healthy=False), PEERS)
    assert "c3 (10.0.0.3) does not answer either" in verdict.reason


def test_a_sick_member_that_does_not_tell_its_peers_stays() -> None:
    verdict = restart_verdict("c1", {"healthy": False}, PEERS)
    assert not verdict.allowed
    assert "whether the others (10.0.0.2, 10.0.0.3) keep the cluster alive" in verdict.reason


def test_a_sick_single_member_may_restart() -> None:
    assert restart_verdict("c1", {"healthy": False}).allowed


def test_a_member_without_a_name_is_described() -> None:
    state = etcd(3, silent=(2,))
    state["members"][1].update(name="", peer_url="")
    assert "a member that has not started (no address)" in restart_verdict("c1", state).reason
