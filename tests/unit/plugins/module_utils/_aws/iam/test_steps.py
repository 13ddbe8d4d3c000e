# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that are repeated while IAM does not know yet what was made, and what is told when one fails."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import (
    AlreadyThere,
    AwsError,
    Missing,
    NotAllowed,
    Unsettled,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.steps import Patience, Step, run, run_removal

MAKE = Step("role", "r", "created", "create_role", {"RoleName": "r"})
ATTACH = Step("role", "r", "policy p attached", "attach_role_policy", {"RoleName": "r", "PolicyArn": "p"})


class Iam:
    """Fails as often as the test says."""

    def __init__(self, **failures: List[AwsError]) -> None:
        self.failures = failures
        self.calls: List[str] = []

    def __getattr__(self, name: str) -> Any:
        def call(**_arguments: Any) -> Dict[str, Any]:
            self.calls.append(name)
            left = self.failures.get(name) or []
            if left:
                raise left.pop(0)
            return {}

        return call


class Time:
    """Passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0

    def patience(self, seconds: float = 60.0) -> Patience:
        return Patience(seconds, clock=lambda: self.now, sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize("error", [Missing("not yet"), Unsettled("busy", "ConcurrentModification")])
def test_what_was_just_made_may_not_be_known_yet(error: AwsError) -> None:
    iam, time = Iam(attach_role_policy=[error, error]), Time()
    told: List[str] = []
    patience = time.patience()
    patience.progress = told.append
    assert run(iam, [MAKE, ATTACH], patience) == [MAKE.text, ATTACH.text] == told  # type: ignore[arg-type]
    assert (iam.calls.count("attach_role_policy"), time.now) == (3, 4.0)


def test_patience_ends() -> None:
    iam, time = Iam(attach_role_policy=[Missing("never")] * 100), Time()
    with pytest.raises(Missing) as caught:
        run(iam, [MAKE, ATTACH], time.patience(10))  # type: ignore[arg-type]
    assert caught.value.details == {"changed": True, "changes": ["role r: created"]}
    assert time.now == 10.0


def test_where_nothing_was_made_what_is_missing_is_missing() -> None:
    iam, time = Iam(attach_role_policy=[Missing("gone")]), Time()
    with pytest.raises(Missing) as caught:
        run(iam, [ATTACH], time.patience())  # type: ignore[arg-type]
    assert (time.now, caught.value.details["changed"]) == (0.0, False)


@pytest.mark.parametrize("error", [NotAllowed("no", "AccessDenied"), AlreadyThere("there", "EntityAlreadyExists")])
def test_other_errors_are_told_at_once(error: AwsError) -> None:
    iam, time = Iam(attach_role_policy=[error]), Time()
    with pytest.raises(type(error)):
        run(iam, [MAKE, ATTACH], time.patience())  # type: ignore[arg-type]
    assert time.now == 0.0


def test_what_is_gone_already_need_not_be_removed() -> None:
    iam = Iam(create_role=[Missing("gone")])
    assert run_removal(iam, [MAKE, ATTACH], Time().patience()) == [ATTACH.text]  # type: ignore[arg-type]


def test_a_removal_that_stops_says_what_was_done() -> None:
    iam = Iam(attach_role_policy=[NotAllowed("no")])
    with pytest.raises(NotAllowed) as caught:
        run_removal(iam, [MAKE, ATTACH], Time().patience())  # type: ignore[arg-type]
    assert caught.value.details["changes"] == [MAKE.text]
