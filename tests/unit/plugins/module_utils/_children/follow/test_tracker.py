# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.follow.tracker import Tracker
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    GONE,
    MKE_CHILD_CONFIG,
    READY,
    Cause,
    Child,
    Diagnosis,
    Family,
    Outcome,
)

from .objects import aws_cluster, cluster, condition, control_plane, deployment, root

QUOTA = Cause("eip-quota", "No Elastic IP is left", "Ask AWS for more.", heals="It goes on by itself then.")
PASSING = Cause("throttled", "AWS answers too many requests", "Wait.", needs_person=False)
UP = root(condition("Ready"), observedGeneration=1)
SETTLE = 20.0


def diagnosis(cause: Cause) -> Diagnosis:
    return Diagnosis(cause, "AWSCluster k0rdent/prod NatGatewaysReady", "AddressLimitExceeded")


def tracker(goal: str = READY, since: int = 0) -> Tracker:
    return Tracker(Child("prod", {}), goal, MKE_CHILD_CONFIG, since, SETTLE, start=0.0)


def judged(
    one: Tracker, family: Family, now: float = 0.0, *causes: Cause, unknown: Sequence[Any] = ()
) -> tuple[str, str]:
    one.judge(family, unknown, [diagnosis(cause) for cause in causes], now)
    return (one.outcome.state, one.outcome.message) if one.outcome else ("", "")


def ripens(one: Tracker) -> bool:
    return one.ripens


def outcome(one: Tracker) -> Outcome:
    assert one.outcome is not None
    return one.outcome


def test_a_child_that_is_ready_has_ended_well() -> None:
    one = tracker()
    assert judged(one, Family("prod", root())) == ("", "")
    assert judged(one, Family("prod", UP), 7.0) == (READY, "")
    assert outcome(one).seconds == 7.0
    assert outcome(one).progress.reached


def test_a_cause_that_needs_a_person_has_to_last() -> None:
    one = tracker()
    family = Family("prod", root())
    assert judged(one, family, 0.0, QUOTA) == ("", "")
    assert ripens(one)
    assert one.needs_person
    assert judged(one, family, 15.0) == ("", "")
    assert not ripens(one)
    assert judged(one, family, 16.0, QUOTA) == ("", "")
    assert judged(one, family, 35.0, QUOTA) == ("", "")
    state, message = judged(one, family, 36.0, PASSING, QUOTA)
    assert state == "failed"
    where = "AWSCluster k0rdent/prod NatGatewaysReady: AddressLimitExceeded"
    assert message == f"No Elastic IP is left ({where}). Ask AWS for more. It goes on by itself then."


def test_a_cause_that_passes_ends_nothing() -> None:
    one = tracker()
    for now in (0.0, 100.0, 10000.0):
        assert judged(one, Family("prod", root()), now, PASSING) == ("", "")
    assert outcome_after(one, 10000.0).message.startswith(
        "not ready after 166 min 40 s: AWS answers too many requests (AWSCluster"
    )
    assert outcome(one).diagnoses == (diagnosis(PASSING),)


def outcome_after(one: Tracker, now: float, *troubles: str, family: Family | None = None) -> Outcome:
    one.time_out(family or Family("prod", root()), troubles, now)
    return outcome(one)


def test_a_child_that_failed_and_heals_while_others_are_waited_for_is_ready() -> None:
    one = tracker()
    judged(one, Family("prod", root()), 0.0, QUOTA)
    assert judged(one, Family("prod", root()), 20.0, QUOTA)[0] == "failed"
    assert judged(one, Family("prod", root()), 30.0)[0] == "failed"
    assert judged(one, Family("prod", UP), 40.0) == (READY, "")
    assert outcome(one).diagnoses == ()


GONE_BY_OTHERS = "MkeChildConfig k0rdent/prod is not there any more: somebody else has deleted it during the wait"


def test_a_child_that_somebody_else_deletes_has_failed() -> None:
    one = tracker()
    judged(one, Family("prod", root()))
    assert judged(one, Family("prod")) == ("failed", GONE_BY_OTHERS)
    was_ready = tracker()
    assert judged(was_ready, Family("prod", UP))[0] == READY
    assert judged(was_ready, Family("prod")) == ("failed", GONE_BY_OTHERS)
    assert judged(was_ready, Family("prod")) == ("failed", GONE_BY_OTHERS)


def test_a_child_that_was_never_seen_is_missing_only_when_that_is_known() -> None:
    one = tracker()
    assert judged(one, Family("prod"), unknown=[MKE_CHILD_CONFIG]) == ("", "")
    assert judged(one, Family("prod")) == ("failed", GONE_BY_OTHERS)


def test_a_child_that_was_changed_has_to_stay_ready_for_a_moment() -> None:
    changed = root(condition("Ready"), generation=2, observedGeneration=2)
    one = tracker(since=2)
    assert judged(one, Family("prod", changed), 10.0) == ("", "")
    assert ripens(one)
    assert judged(one, Family("prod", changed, control_plane=control_plane(3, 1)), 11.0) == ("", "")
    assert not ripens(one)
    assert judged(one, Family("prod", changed), 11.5) == ("", "")
    assert judged(one, Family("prod", changed), 13.5) == (READY, "")
    late = tracker(since=2)
    judged(late, Family("prod", changed), 99.0)
    assert outcome_after(late, 100.0).state == READY


def test_a_child_that_is_to_go_is_gone_when_everybody_could_look() -> None:
    one = tracker(GONE)
    assert judged(one, Family("prod"), unknown=[MKE_CHILD_CONFIG]) == ("", "")
    assert judged(one, Family("prod")) == (GONE, "")


def test_a_time_out_says_what_is_deepest_and_what_decides() -> None:
    nat = condition("NatGatewaysReady", False, "3 of 8 completed", "Creating", severity="Warning")
    family = Family("prod", root(), aws_cluster=aws_cluster(nat))
    one = tracker()
    judged(one, family)
    told = outcome_after(one, 1800.0, "The API server could not be asked: 503", family=family).message
    assert told == (
        "not ready after 30 min 0 s: AWSCluster k0rdent/prod: NatGatewaysReady is False (Creating): 3 of 8 completed;"
        " MkeChildConfig k0rdent/prod: it names no kubeConfigSecret yet. The API server could not be asked: 503"
    )


def test_a_time_out_of_a_deletion_says_which_resource_blocks() -> None:
    blocked = condition("SubnetsReady", False, "DependencyViolation: eni-1", "DeletingFailed")
    dying = cluster(deletionTimestamp="2026-11-01T10:00:00Z")
    family = Family("prod", None, deployment(), cluster=dying, aws_cluster=aws_cluster(blocked))
    one = tracker(GONE)
    judged(one, family)
    message = outcome_after(one, 60.0, family=family).message
    assert message.startswith(
        "not gone after 1 min 0 s: at SubnetsDeleted (7 of 12 steps done); DependencyViolation: eni-1; Cluster"
    )


def test_a_time_out_never_ends_with_itself() -> None:
    one = tracker()
    judged(one, Family("prod"), unknown=[MKE_CHILD_CONFIG])
    told = outcome_after(one, 5.0, family=Family("prod")).message
    assert told == "not ready after 5 s: MkeChildConfig prod: it does not exist"
