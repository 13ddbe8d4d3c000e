# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children that are on their way out, and what keeps the last of their objects."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.diagnose import Diagnoser
from ansible_collections.mke4k.core.plugins.module_utils._children.model import AWS_MACHINE, Family
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.causes.provoked import going, told
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.follow.objects import (
    DELETED_AT,
    aws_cluster,
    condition,
    conditions,
    deployment,
    made,
    root,
)

CLEANUP = "k0rdent.mirantis.com/cleanup"


def names(diagnoser: Diagnoser, family: Family, now: float) -> list[str]:
    return [item.cause.name for item in diagnoser.diagnose(family, now)]


def left(**metadata: Any) -> Family:
    family = going(condition("VpcReady", False, "", "Deleted", severity="Info"))
    assert family.aws_cluster is not None
    family.aws_cluster["metadata"].update(metadata)
    return family


def test_a_finalizer_that_nobody_takes_away_is_named_after_a_while() -> None:
    diagnoser, family = Diagnoser(), left(finalizers=[CLEANUP])
    assert [names(diagnoser, family, now) for now in (0.0, 30.0)] == [[], []]
    found = diagnoser.diagnose(family, 60.0)
    assert [item.cause.name for item in found] == ["deletion-cleanup"]
    assert CLEANUP in found[0].evidence
    assert found[0].where == "AWSCluster k0rdent/prod"


def test_a_finalizer_that_is_taken_away_in_time_is_no_cause() -> None:
    diagnoser = Diagnoser()
    assert names(diagnoser, left(finalizers=[CLEANUP]), 0.0) == []
    assert names(diagnoser, left(), 50.0) == []
    assert names(diagnoser, left(finalizers=[CLEANUP]), 100.0) == []


def test_machines_that_still_go_are_waited_for() -> None:
    diagnoser, family = Diagnoser(), left(finalizers=[CLEANUP])
    family.aws_machines = {"prod-cp-0": made(AWS_MACHINE, "prod-cp-0", deletionTimestamp=DELETED_AT)}
    assert [names(diagnoser, family, now) for now in (0.0, 100.0)] == [[], []]


def test_an_object_beneath_that_nobody_deletes_is_not_a_finalizer_too_many() -> None:
    diagnoser = Diagnoser()
    family = Family("prod", deployment=deployment(), root=root(spec={}))
    assert family.root is not None
    family.root["metadata"].update(deletionTimestamp=DELETED_AT, finalizers=["mke.mirantis.com/child"])
    assert [names(diagnoser, family, now) for now in (0.0, 100.0)] == [[], []]


def test_the_clean_up_inside_the_child_may_fail() -> None:
    failed = condition("CloudResourcesDeletedCondition", False, "no kubeconfig of the child", "Failed")
    family = Family("prod", deployment=deployment(failed))
    assert family.deployment is not None
    family.deployment["metadata"]["deletionTimestamp"] = DELETED_AT
    assert names(Diagnoser(), family, 0.0) == ["deletion-cleanup"]


@pytest.mark.parametrize("code", ["AuthFailure", "ExpiredToken", "InvalidClientTokenId", "RequestExpired"])
def test_keys_that_do_not_work_are_another_cause_during_a_deletion(code: str) -> None:
    text = told("2.11", code, "no")
    failed = condition("VpcReady", False, text, "DeletingFailed", severity="Warning")
    assert names(Diagnoser(), going(failed), 0.0) == ["deletion-without-credentials"]


def test_what_only_matters_on_the_way_up_is_not_told_on_the_way_down() -> None:
    family = going(condition("LoadBalancerReady", False, "", "WaitForDNSName", severity="Info"))
    family.deployment = deployment(condition("ServicesInReadyState", False, "9/10", "Failed"), spec={"dryRun": True})
    gone = condition("InstanceReady", False, "", "InstanceTerminated", severity="Error")
    family.aws_machines = {"prod-cp-0": made(AWS_MACHINE, "prod-cp-0", status=conditions(gone))}
    assert names(Diagnoser(), family, 0.0) == []


def test_a_child_that_has_ended_is_not_remembered_as_silent() -> None:
    diagnoser = Diagnoser()
    assert names(diagnoser, Family("prod"), 0.0) == []
    assert names(diagnoser, Family("prod", aws_cluster=aws_cluster()), 100.0) == []
