# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions that flip, and events that stay: what is told is what fails now."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.diagnose import Diagnoser
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Family
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.causes.provoked import (
    AT,
    LATER,
    NEW,
    OLD,
    event,
    going,
    keys_revoked_midway,
    nat_quota,
    told,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.follow.objects import (
    aws_cluster,
    condition,
)

BLOCKED = told(OLD, "DependencyViolation", "The subnet 'subnet-0123456789abcdef0' has dependencies")
NO_ADDRESS = told(NEW, "AddressLimitExceeded", "The maximum number of addresses has been reached.")
MUCH_LATER = "2026-11-01T12:30:00Z"


def subnets(text: str = "", reason: str = "Deleting", at: str = AT, **more: Any) -> dict[str, Any]:
    severity = "Warning" if text else "Info"
    return condition("SubnetsReady", False, text, reason, severity=severity, lastTransitionTime=at, **more)


def gateways(text: str = "", reason: str = "NatGatewaysCreationStarted", at: str = AT, generation: int = 1) -> Family:
    severity = "Warning" if text else "Info"
    told_now = condition("NatGatewaysReady", False, text, reason, severity=severity, lastTransitionTime=at)
    return Family("prod", aws_cluster=aws_cluster(told_now, generation=generation))


def names(diagnoser: Diagnoser, family: Family, now: float) -> list[str]:
    return [item.cause.name for item in diagnoser.diagnose(family, now)]


def test_a_deletion_that_flips_keeps_the_last_words_that_were_said() -> None:
    diagnoser = Diagnoser()
    seen = [
        names(diagnoser, going(subnets(BLOCKED, "DeletingFailed") if now % 4 == 0 else subnets()), float(now))
        for now in range(0, 600, 2)
    ]
    assert seen == [["deletion-blocked"]] * 300


def test_a_deletion_that_was_never_given_a_reason_has_no_cause() -> None:
    assert names(Diagnoser(), going(subnets()), 0.0) == []


def test_words_are_forgotten_when_the_condition_turns_good() -> None:
    diagnoser = Diagnoser()
    assert names(diagnoser, going(subnets(BLOCKED, "DeletingFailed")), 0.0) == ["deletion-blocked"]
    assert names(diagnoser, going(condition("SubnetsReady")), 2.0) == []
    assert names(diagnoser, going(subnets()), 4.0) == []


def test_words_are_forgotten_when_the_resource_is_gone() -> None:
    diagnoser = Diagnoser()
    assert names(diagnoser, going(subnets(BLOCKED, "DeletingFailed")), 0.0) == ["deletion-blocked"]
    assert names(diagnoser, going(subnets(reason="Deleted")), 2.0) == []


def test_words_about_another_generation_are_forgotten() -> None:
    diagnoser = Diagnoser()
    assert names(diagnoser, gateways(NO_ADDRESS, "NatGatewaysReconciliationFailed"), 0.0) == ["eip-quota"]
    assert names(diagnoser, gateways(generation=2), 2.0) == []


def test_a_child_that_comes_up_and_tries_again_keeps_its_words_for_a_moment() -> None:
    diagnoser = Diagnoser()
    assert names(diagnoser, gateways(NO_ADDRESS, "NatGatewaysReconciliationFailed"), 0.0) == ["eip-quota"]
    assert names(diagnoser, gateways(), 3.0) == ["eip-quota"]


def test_a_child_that_heals_is_not_held_to_what_it_said() -> None:
    diagnoser = Diagnoser()
    assert names(diagnoser, gateways(NO_ADDRESS, "NatGatewaysReconciliationFailed"), 0.0) == ["eip-quota"]
    assert [names(diagnoser, gateways(), now) for now in (2.0, 11.0, 60.0)] == [["eip-quota"], [], []]


def test_children_do_not_mix_their_words() -> None:
    diagnoser = Diagnoser()
    assert names(diagnoser, gateways(NO_ADDRESS, "NatGatewaysReconciliationFailed"), 0.0) == ["eip-quota"]
    other = gateways()
    other.name = "other"
    assert names(diagnoser, other, 1.0) == []


def test_the_quota_of_gateways_wins_over_what_follows_from_it() -> None:
    found = Diagnoser().diagnose(nat_quota(OLD), 0.0)
    assert [item.cause.name for item in found] == ["nat-gateway-quota"]
    assert found[0].where == "AWSCluster k0rdent/prod, event FailedCreateNATGateway"


def test_an_event_from_before_the_condition_is_about_something_that_is_over() -> None:
    old = event("FailedAllocateAddress", NO_ADDRESS, at=AT)
    failed = condition("SubnetsReady", False, "it broke", "SubnetsReconciliationFailed", severity="Warning",
                       lastTransitionTime=MUCH_LATER)  # fmt: skip
    assert names(Diagnoser(), Family("prod", aws_cluster=aws_cluster(failed), events=[old]), 0.0) == ["unknown"]


@pytest.mark.parametrize("family", [gateways(), Family("prod", aws_cluster=aws_cluster(condition("VpcReady")))])
def test_an_event_about_an_object_that_does_not_fail_is_no_cause(family: Family) -> None:
    family.events = [event("AuthFailure", told(OLD, "AuthFailure", "AWS was not able to validate"))]
    assert names(Diagnoser(), family, 0.0) == []


def test_an_event_does_not_repeat_what_the_condition_says_itself() -> None:
    family = gateways(NO_ADDRESS, "NatGatewaysReconciliationFailed")
    family.events = [event("AuthFailure", told(OLD, "AuthFailure", "AWS was not able to validate"))]
    assert names(Diagnoser(), family, 0.0) == ["eip-quota"]


def test_events_about_other_children_do_not_count() -> None:
    family = nat_quota(OLD)
    family.events[0]["involvedObject"]["name"] = "other"
    assert names(Diagnoser(), family, 0.0) == ["unknown"]


def test_events_of_the_newer_kind_are_read_too() -> None:
    family = nat_quota(OLD)
    old = family.events[0]
    family.events = [
        {"metadata": old["metadata"], "regarding": old["involvedObject"], "reason": old["reason"],
         "note": old["message"], "eventTime": "2026-11-01T12:00:11.123456Z"}
    ]  # fmt: skip
    assert names(Diagnoser(), family, 0.0) == ["nat-gateway-quota"]


def test_what_is_said_on_every_deletion_is_no_cause() -> None:
    noise = "Failed to revoke security group ingress rules: " + told(OLD, "InvalidGroup.NotFound", "AuthFailure")
    family = going(subnets(), events=[event("FailedRevokeSecurityGroupIngressRules", noise, at=LATER)])
    assert names(Diagnoser(), family, 0.0) == []


def test_keys_that_are_revoked_during_a_deletion_show_by_an_event_only() -> None:
    found = Diagnoser().diagnose(keys_revoked_midway(OLD), 0.0)
    assert [item.cause.name for item in found] == ["deletion-without-credentials"]
    assert "AuthFailure" in found[0].evidence


def test_an_event_from_before_the_deletion_says_nothing_about_it() -> None:
    family = keys_revoked_midway(OLD)
    family.events[0]["lastTimestamp"] = "2026-11-01T11:00:00Z"
    assert names(Diagnoser(), family, 0.0) == []


def test_a_deletion_that_gets_on_after_an_event_has_left_it_behind() -> None:
    family = keys_revoked_midway(OLD)
    assert family.aws_cluster is not None
    family.aws_cluster["status"]["conditions"].append(subnets(reason="Deleted", at=MUCH_LATER))
    assert names(Diagnoser(), family, 0.0) == []


def test_an_event_is_heard_where_all_conditions_of_a_deletion_stay_good() -> None:
    text = told(OLD, "AuthFailure", "AWS was not able to validate the provided access credentials")
    family = going(condition("VpcReady"), events=[event("AuthFailure", text, at=LATER)])
    assert names(Diagnoser(), family, 0.0) == ["deletion-without-credentials"]
