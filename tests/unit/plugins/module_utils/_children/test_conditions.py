# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._children.conditions import (
    condition_of,
    conditions_of,
    generation_of,
    is_true,
    observed_of,
)

from .follow.objects import aws_cluster, condition, root


def test_both_kinds_of_conditions_of_cluster_api_are_read() -> None:
    old = condition("Ready", False, "old words", "VpcReconciliationFailed", severity="Error")
    new = condition("Ready", False, "new words", "NotReady")
    only_new = condition("InfrastructureReady", True)
    up_to_1_10 = {"status": {"conditions": [old], "v1beta2": {"conditions": [new, only_new]}}}
    from_1_11 = {"status": {"conditions": [new, only_new], "deprecated": {"v1beta1": {"conditions": [old]}}}}
    for manifest in (up_to_1_10, from_1_11):
        assert {item.type: item.words() for item in conditions_of(manifest)} == {
            "Ready": "Ready is False (VpcReconciliationFailed): old words",
            "InfrastructureReady": "InfrastructureReady is True",
        }


def test_conditions_that_are_not_there_are_not_true() -> None:
    assert conditions_of(None) == []
    assert conditions_of({"status": {"conditions": "none"}}) == []
    assert condition_of({"status": None}, "Ready") is None
    assert not is_true(root(), "Ready")
    assert is_true(root(condition("Ready")), "Ready")


def test_what_is_not_paused_and_not_deleting_is_fine() -> None:
    fine = aws_cluster(condition("Paused", False, reason="NotPaused"), condition("Deleting", False))
    assert all(item.is_good for item in conditions_of(fine))
    bad = aws_cluster(condition("Paused", True), condition("VpcReady", "Unknown"))
    assert not any(item.is_good for item in conditions_of(bad))


def test_a_message_of_many_lines_becomes_one() -> None:
    found = condition_of(root(condition("Ready", False, "a\n\tstatus code: 400,  request id: 1")), "Ready")
    assert found is not None
    assert found.message == "a status code: 400, request id: 1"


def test_generations_are_numbers_where_they_are_told() -> None:
    assert (generation_of(None), observed_of(None)) == (0, None)
    assert observed_of(root(observedGeneration=3)) == 3
    assert condition_of(root(condition("Ready", observedGeneration=2)), "Ready").observed == 2  # type: ignore[union-attr]
