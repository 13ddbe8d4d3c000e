# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of causes: each is provoked, and says what it is and what to do."""

from __future__ import annotations

import re

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.diagnose import Diagnoser
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table import BY_NAME, CAUSES
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Cause, Diagnosis, Family
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.causes.cases import CASES
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.causes.provoked import Provoked
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.causes.test_chain import BROKEN
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.causes.test_refusal import REFUSALS

FORMS = [pytest.param(case, form, id=f"{case}-{form}") for case in CASES for form in case.forms]
# Their tests are in files of their own, since they take more than one look at the objects of a child.
ELSEWHERE = {"identity-unchecked", "deletion-cleanup"}


def first(family: Family) -> Diagnosis:
    return Diagnoser().diagnose(family, 0.0)[0]


@pytest.mark.parametrize(("case", "form"), FORMS)
def test_a_child_that_fails_tells_its_cause(case: Provoked, form: str) -> None:
    found = first(case.family(form))
    assert found.cause.name == case.cause
    assert case.evidence in found.evidence


@pytest.mark.parametrize(("case", "form"), FORMS)
def test_evidence_is_one_line_that_people_can_read(case: Provoked, form: str) -> None:
    found = first(case.family(form))
    assert len(found.evidence) <= 300
    for noise in ("\n", "request id", "RequestID", "status code", "StatusCode", "0xc", "&{", "Encoded authorization"):
        assert noise not in found.evidence


@pytest.mark.parametrize(("case", "form"), FORMS)
def test_where_it_was_said_is_named(case: Provoked, form: str) -> None:
    assert re.match(r"[A-Z]\w+ (k0rdent/)?prod[\w-]*, ", first(case.family(form)).where)


def test_every_cause_is_provoked_in_a_test() -> None:
    provoked = {case.cause for case in CASES} | {cause for cause, *_rest in REFUSALS} | set(BROKEN) | ELSEWHERE
    assert provoked == set(BY_NAME)


def test_there_are_more_than_twenty_five_causes() -> None:
    assert len(BY_NAME) == len(CAUSES) >= 25


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.name)
def test_a_cause_has_a_stable_name_a_title_and_a_remedy(cause: Cause) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", cause.name)
    assert cause.title[0].isupper() or cause.title.startswith("k0rdent ")
    assert not cause.title.endswith(".")
    assert len(cause.remedy) > 20
    assert cause.remedy.endswith(".")
    assert cause.heals.endswith(".")


def test_no_two_causes_have_the_same_words() -> None:
    assert len({cause.title for cause in CAUSES}) == len(CAUSES)
    assert len({cause.remedy for cause in CAUSES}) == len(CAUSES)


@pytest.mark.parametrize("cause", [one for one in CAUSES if one.name.endswith("-quota")], ids=lambda cause: cause.name)
def test_a_quota_says_how_to_ask_for_more(cause: Cause) -> None:
    assert "aws service-quotas request-service-quota-increase" in cause.remedy


@pytest.mark.parametrize("name", ["insufficient-capacity", "throttled", "dns-wait", "services-not-ready", "unknown"])
def test_what_passes_by_itself_needs_nobody(name: str) -> None:
    assert not BY_NAME[name].needs_person


def test_no_cause_is_a_mere_time_out() -> None:
    assert not [cause.name for cause in CAUSES if "timed out" in f"{cause.title} {cause.remedy}".lower()]
