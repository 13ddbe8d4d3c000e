# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a Chart, and what is to be done with it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import in_progress, restart_warning
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.decide import (
    CREATED,
    UNCHANGED,
    UPDATED,
    decide,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.failure import advice
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import FINALIZER, attempt_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.state import (
    DEPLOYED,
    FAILED,
    WORKING,
    chart_state,
    deployed_check,
    is_locked,
)

from .k0s import deployed, failed, live, spec


def changed(chart: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The Chart as somebody has just written it, with the status of before."""
    return {**chart, "spec": {**chart["spec"], **fields}}


STATUS: list[tuple[dict[str, Any], str]] = [
    (live(spec()), DEPLOYED),
    (live(spec(), failed), FAILED),
    ({**live(spec()), "status": {}}, WORKING),
    ({"metadata": {"name": "app"}, "spec": live(spec())["spec"]}, WORKING),
    (changed(live(spec()), version="2.0.0"), WORKING),
    (changed(live(spec()), values="a: 1\n"), WORKING),
    (changed(live(spec()), namespace="other"), WORKING),
    (changed(live(spec(), failed), values="a: 1\n"), WORKING),
    (changed(live(spec()), version="v1.2.3"), WORKING),
    ({**live(spec()), "status": {**deployed(live(spec())), "error": "old trouble"}}, FAILED),
]


@pytest.mark.parametrize(("chart", "state"), STATUS)
def test_a_status_is_believed_only_where_it_is_about_this_chart(chart: dict[str, Any], state: str) -> None:
    assert chart_state(chart).state == state


def test_a_wait_ends_at_a_failure_but_not_at_bad_weather() -> None:
    check = deployed_check()
    verdicts = [
        check(None),
        check(live(spec())),
        check({**live(spec()), "status": {}}),
        check(live(spec(), failed)),
        check(live(spec(), lambda chart: failed(chart, "dial tcp: connection refused"))),
    ]
    assert [verdict.state for verdict in verdicts] == ["pending", "met", "pending", "failed", "pending"]
    assert verdicts[3].message == "no such thing"
    assert "oci://registry.test/app 1.2.3" in verdicts[2].message


@pytest.mark.parametrize(
    ("error", "locked"),
    [
        ("another operation (install/upgrade/rollback) is in progress", True),
        ("cannot re-use a name that is still in use", True),
        ("context deadline exceeded", False),
    ],
)
def test_a_locked_release_is_known_by_helms_words(error: str, locked: bool) -> None:
    assert is_locked(error) is locked


def test_controllers_wait_for_charts_that_k0s_works_on() -> None:
    working = chart_state({**live(spec("slow")), "status": {}})
    states = [chart_state(live(spec())), working, chart_state(live(spec("bad"), failed))]
    assert in_progress(states) == ["slow"]
    assert "slow" in restart_warning(states)
    assert restart_warning(states[:1]) == ""


def test_a_chart_that_is_not_there_is_created() -> None:
    found = decide(spec(), None)
    assert (found.action, found.refusal) == (CREATED, "")
    assert found.manifest is not None
    assert attempt_of(found.manifest) == 0


@pytest.mark.parametrize(
    "chart",
    [
        live(spec()),
        live(spec(), attempt=3),
        changed(live(spec()), timeout="10m0s"),
        changed(live(spec()), order=None),
        {**live(spec()), "status": {}},
    ],
)
def test_a_chart_that_is_as_it_should_be_or_on_its_way_is_left_alone(chart: dict[str, Any]) -> None:
    assert decide(spec(), chart).action == UNCHANGED


@pytest.mark.parametrize(
    "wanted",
    [
        spec(version="2.0.0"),
        spec(values={"a": 1}),
        spec(timeout_seconds=90),
        spec(order=1),
        spec(repository={"a": "b"}),
    ],
)
def test_a_difference_is_an_update(wanted: Any) -> None:
    found = decide(wanted, live(spec()))
    assert found.action == UPDATED
    assert found.manifest is not None
    assert attempt_of(found.manifest) == 0


def test_broken_values_of_somebody_else_are_replaced() -> None:
    assert decide(spec(), changed(live(spec()), values="a: [")).action == UPDATED


def test_a_missing_finalizer_is_set() -> None:
    chart = live(spec())
    chart["metadata"]["finalizers"] = []
    found = decide(spec(), chart)
    assert found.action == UPDATED
    assert found.manifest is not None
    assert found.manifest["metadata"]["finalizers"] == [FINALIZER]


@pytest.mark.parametrize("attempt", [0, 1, 7])
def test_a_failed_chart_is_tried_again_by_another_text_of_the_same_values(attempt: int) -> None:
    found = decide(spec(), live(spec(), failed, attempt))
    assert found.action == UPDATED
    assert found.manifest is not None
    assert attempt_of(found.manifest) == attempt + 1


def test_a_change_in_the_middle_of_work_is_told_from_that_work() -> None:
    found = decide(spec(version="2.0.0"), {**live(spec()), "status": {}})
    assert found.manifest is not None
    assert attempt_of(found.manifest) == 1


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (spec(namespace="other"), "namespace from apps to other"),
        (spec(release="web"), "release from app to web"),
        (spec(chart="oci://else.test/app"), "chart from oci://registry.test/app to oci://else.test/app"),
    ],
)
def test_changes_that_k0s_ignores_are_refused_with_the_way_out(wanted: Any, words: str) -> None:
    found = decide(wanted, live(spec()))
    assert (found.action, found.manifest) == (UNCHANGED, None)
    assert words in found.refusal
    assert "state: absent" in found.refusal


def test_a_chart_that_is_being_deleted_is_not_written() -> None:
    chart = live(spec())
    chart["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert "is being deleted" in decide(spec(), chart).refusal


def test_a_decision_does_not_show_values() -> None:
    assert "hunter2" not in repr(decide(spec(values={"password": "hunter2"}), None))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("x509: certificate signed by unknown authority", "registries.chartRegistry.caData"),
        ("basic credential not found", "mke4k_registry_username"),
        ("response status code 401: unauthorized", "refuses the login"),
        ("registry.test/app:9.9.9: not found", "letter by letter"),
        ("values don't meet the specifications of the schema(s)", "do not fit the chart"),
        ("failed pre-install: 1 error: job failed: BackoffLimitExceeded", "A hook of the chart failed before"),
        ("failed post-upgrade: timed out", "A hook of the chart failed after"),
        ("release app failed, and has been uninstalled: context deadline exceeded", "became ready in its time"),
        ("something new", ""),
    ],
)
def test_helms_words_are_followed_by_what_they_ask_for(error: str, words: str) -> None:
    assert words in advice(error)
    assert bool(words) == bool(advice(error))


def test_values_that_are_taken_away_are_not_kept_by_helm() -> None:
    """An upgrade without any values keeps those of the release."""
    found = decide(spec(), live(spec(values={"a": 1})))
    assert found.manifest is not None
    assert found.manifest["spec"]["values"] == "global: {}\n"
    after = {**found.manifest, "status": deployed(found.manifest)}
    assert decide(spec(), after).action == UNCHANGED
    upgrade = decide(spec(version="2.0.0"), after)
    assert upgrade.manifest is not None
    assert upgrade.manifest["spec"]["values"] == "global: {}\n"
    assert decide(spec(values={"a": 1}), after).action == UPDATED


def test_a_version_may_end_like_a_duration() -> None:
    assert decide(spec(version="1.2.3-patches"), live(spec())).action == UPDATED
    assert decide(spec(version="1.2.3-patches"), live(spec(version="1.2.3-patches"))).action == UNCHANGED


def test_back_to_what_runs_while_k0s_works_on_another_version_cannot_be_taken_for_done() -> None:
    found = decide(spec(), changed(live(spec()), version="2.0.0"))
    assert found.manifest is not None
    assert attempt_of(found.manifest) == 1
