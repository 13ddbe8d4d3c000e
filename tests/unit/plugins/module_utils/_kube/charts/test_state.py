# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A chart is judged by what its status proves, as k0s leaves old status in place while it works."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.state import (
    DEPLOYED,
    FAILED,
    WORKING,
    chart_state,
    deployed_check,
    in_progress,
    is_deployed,
    is_locked,
    is_weather,
)

from .clusters import chart, deployed, failed, spec

GOOD = deployed(chart())
HOOK = "failed pre-install: 1 error occurred: * job app-before failed: BackoffLimitExceeded"


def with_status(**changes: Any) -> dict[str, Any]:
    return {**GOOD, "status": {**GOOD["status"], **changes}}


def with_spec(**changes: Any) -> dict[str, Any]:
    return {**GOOD, "spec": {**GOOD["spec"], **changes}}


@pytest.mark.parametrize(
    ("manifest", "state"),
    [
        (GOOD, DEPLOYED),
        (chart(), WORKING),
        (with_status(error="x"), FAILED),
        # An older version, other values or another namespace than what is asked for: work goes on.
        (with_spec(version="1.0.1"), WORKING),
        (with_spec(values="a: 1\n"), WORKING),
        (with_spec(namespace="other"), WORKING),
        # An error of the values before these.
        ({**with_status(error="x"), "spec": {**GOOD["spec"], "values": "a: 1\n"}}, WORKING),
        # A first install that failed has a status without a release.
        (failed(chart(), HOOK), FAILED),
        ({}, WORKING),
    ],
)
def test_only_a_status_about_these_values_counts(manifest: dict[str, Any], state: str) -> None:
    assert chart_state(manifest).state == state
    assert is_deployed(manifest) == (state == DEPLOYED)


def test_a_state_tells_what_runs_and_what_is_wanted() -> None:
    found = chart_state(with_spec(version="2.0.0"))
    assert (found.version, found.wanted, found.app_version, found.revision) == ("1.0.0", "2.0.0", "7", 1)
    assert found.to_dict()["release"] == "app"


@pytest.mark.parametrize(
    ("manifest", "verdict"),
    [
        (None, ("pending", "it does not exist")),
        (GOOD, ("met", "")),
        (chart(), ("pending", "k0s works on oci://registry.test/mke/app 1.0.0")),
        (failed(chart(), HOOK), ("failed", HOOK)),
        (failed(chart(), "dial tcp: i/o timeout"), ("pending", "dial tcp: i/o timeout")),
    ],
)
def test_a_wait_ends_where_k0s_says_why_not(manifest: dict[str, Any] | None, verdict: tuple[str, str]) -> None:
    found = deployed_check()(manifest)
    assert (found.state, found.message) == verdict


@pytest.mark.parametrize(
    ("error", "weather"),
    [
        ("dial tcp 10.0.0.1:443: connect: connection refused", True),
        ("etcdserver: leader changed", True),
        ("unexpected status from HEAD request: 503 Service Unavailable", True),
        ("x509: certificate signed by unknown authority", False),
        ("basic credential not found", False),
        ("registry.test/mke/app:9.9.9: not found", False),
        ("values don't meet the specifications of the schema(s)", False),
        (HOOK, False),
        ("release app failed, and has been uninstalled due to atomic being set: context deadline exceeded", False),
    ],
)
def test_what_passes_by_itself_is_told_from_what_needs_a_person(error: str, weather: bool) -> None:
    assert is_weather(error) is weather


def test_a_lock_is_known_by_the_words_of_helm() -> None:
    assert is_locked("cannot re-use a name that is still in use")
    assert is_locked("another operation (install/upgrade/rollback) is in progress")
    assert not is_locked(HOOK)


def test_charts_in_work_are_named() -> None:
    states = [chart_state(item) for item in (GOOD, chart(spec("two")), failed(chart(spec("three")), HOOK))]
    assert in_progress(states) == ["two"]
