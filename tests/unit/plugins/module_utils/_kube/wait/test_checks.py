# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import (
    FAILED,
    MET,
    PENDING,
    Check,
    Verdict,
    absent,
    all_of,
    condition,
    established_crd,
    exists,
    fails_when,
    field,
    observed,
)


def thing(generation: int = 1, **status: Any) -> Dict[str, Any]:
    return {"metadata": {"name": "x", "generation": generation}, "status": status}


def cond(status: str, kind: str = "Ready", **rest: Any) -> Dict[str, Any]:
    return {"type": kind, "status": status, **rest}


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (None, Verdict(PENDING, "it does not exist")),
        (thing(), Verdict(PENDING, "it has no condition Ready yet")),
        (thing(conditions=[cond("True")]), Verdict(MET)),
        (
            thing(conditions=[cond("False", reason="Waiting", message="for  a\n while")]),
            Verdict(PENDING, "Ready is False (Waiting): for a while"),
        ),
        (thing(conditions=[cond("Unknown")]), Verdict(PENDING, "Ready is Unknown")),
        (
            thing(conditions=[cond("False", reason="Broken", message="no such chart")]),
            Verdict(FAILED, "Ready is False (Broken): no such chart"),
        ),
        (
            thing(conditions=[cond("False", kind="Synced", message="no password")]),
            Verdict(PENDING, "it has no condition Ready yet (Synced is False: no password)"),
        ),
    ],
)
def test_a_condition_is_told_in_the_objects_own_words(found: Any, verdict: Verdict) -> None:
    assert condition("Ready", fails=("Broken",))(found) == verdict


STALE = Verdict(PENDING, "its controller has looked at generation 1 of it, not yet at 2")


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (thing(2, observedGeneration=1, conditions=[cond("True")]), STALE),
        (thing(2, conditions=[cond("True", observedGeneration=1)]), STALE),
        (thing(2, observedGeneration=2, conditions=[cond("True", observedGeneration=1)]), STALE),
        (thing(2, observedGeneration=1, conditions=[cond("True", observedGeneration=2)]), Verdict(MET)),
        (thing(2, observedGeneration=2, conditions=[cond("True")]), Verdict(MET)),
        (thing(2, conditions=[cond("True")]), Verdict(MET)),
        (thing(2, observedGeneration=1, conditions=[cond("False", reason="Broken")]), STALE),
    ],
)
def test_a_condition_of_an_older_form_of_the_object_does_not_count(found: Any, verdict: Verdict) -> None:
    assert condition("Ready", fails=("Broken",))(found) == verdict


def test_a_condition_counts_as_it_is_where_generations_mean_nothing() -> None:
    found = thing(2, observedGeneration=1, conditions=[cond("True")])
    assert condition("Ready", generation=False)(found) == Verdict(MET)


@pytest.mark.parametrize(
    ("reasons", "found", "state"),
    [
        ((), None, MET),
        ((), thing(conditions=[cond("False", kind="Failed")]), MET),
        ((), thing(conditions=[cond("True", kind="Failed")]), FAILED),
        (("Late",), thing(conditions=[cond("True", kind="Failed", reason="Other")]), MET),
        (("Late",), thing(conditions=[cond("True", kind="Failed", reason="Late")]), FAILED),
        ((), thing(2, observedGeneration=1, conditions=[cond("True", kind="Failed")]), MET),
    ],
)
def test_a_condition_may_end_a_wait(reasons: Any, found: Any, state: str) -> None:
    assert fails_when("Failed", reasons=reasons)(found).state == state


@pytest.mark.parametrize(
    ("check", "found", "verdict"),
    [
        (field("status.phase", "Running"), None, Verdict(PENDING, "it does not exist")),
        (field("status.phase", "Running"), thing(), Verdict(PENDING, "status.phase is not set yet")),
        (field("status.phase", "Running"), thing(phase="New"), Verdict(PENDING, "status.phase is New, not Running")),
        (field("status.phase", "Running"), thing(phase="Running"), Verdict(MET)),
        (field("status.phase", "Running", ["Dead"]), thing(phase="Dead"), Verdict(FAILED, "status.phase is Dead")),
        (field("status.ok", True), thing(ok=False), Verdict(PENDING, "status.ok is false, not true")),
        (field("status.url", set_is_enough=True), thing(url="x"), Verdict(MET)),
        (field("status.url", set_is_enough=True), thing(), Verdict(PENDING, "status.url is not set yet")),
        (exists(), None, Verdict(PENDING, "it does not exist")),
        (exists(), thing(), Verdict(MET)),
        (observed(), None, Verdict(PENDING, "it does not exist")),
        (observed(), thing(2, observedGeneration=1), STALE),
        (observed(), thing(2), Verdict(MET)),
        (absent(), None, Verdict(MET)),
        (absent(), thing(), Verdict(PENDING, "it is still there, and nobody has asked to delete it")),
    ],
)
def test_what_is_missing_is_said(check: Check, found: Any, verdict: Verdict) -> None:
    assert check(found) == verdict


def test_who_holds_an_object_that_is_being_deleted_is_said() -> None:
    found = {
        "metadata": {"deletionTimestamp": "2026-11-21T06:00:00Z", "finalizers": ["a/b", "c/d"]},
        "status": {"conditions": [cond("False", kind="Deleted", message="the VPC is in use")]},
    }
    text = (
        "it is being deleted since 2026-11-21T06:00:00Z, held by the finalizers a/b, c/d "
        "(Deleted is False: the VPC is in use)"
    )
    assert absent()(found) == Verdict(PENDING, text)


def test_all_checks_have_to_be_met_and_the_first_failure_ends_the_wait() -> None:
    check = all_of(exists(), field("status.a", 1), field("status.b", 1, [9]))
    assert check(thing(a=1, b=1)) == Verdict(MET)
    assert check(None) == Verdict(PENDING, "it does not exist")
    assert check(thing(a=2)) == Verdict(PENDING, "status.a is 2, not 1; status.b is not set yet")
    assert check(thing(a=2, b=9)) == Verdict(FAILED, "status.b is 9")


@pytest.mark.parametrize(
    ("conditions", "state"),
    [
        ([], PENDING),
        ([cond("True", kind="Established")], MET),
        ([cond("False", kind="NamesAccepted", reason="ListKindConflict")], FAILED),
    ],
)
def test_a_crd_whose_names_are_taken_is_not_waited_for(conditions: Any, state: str) -> None:
    assert established_crd()(thing(conditions=conditions)).state == state
