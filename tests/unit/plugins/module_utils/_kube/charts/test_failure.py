# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person is told of charts that were not deployed."""

from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.failure import told
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.state import ChartState, chart_state

from .clusters import REFERENCE, chart, deployed, failed, spec

CAUSE = "Pod apps/app-1: image registry.test/no-such:1 can't be pulled"


def tell(*states: ChartState) -> tuple[list[str], dict[str, Any], list[str]]:
    """The lines, the details, and the namespaces that were looked at."""
    looked: list[str] = []

    def explainer(_api: Any, namespace: str) -> list[str]:
        looked.append(namespace)
        return [CAUSE] if namespace == "apps" else []

    text, details = told("Not all went well:", states, None, explainer)  # type: ignore[arg-type]
    return text.splitlines(), details, looked


def test_each_chart_has_its_error_what_it_asks_for_and_its_cause() -> None:
    error = "release app failed, and has been uninstalled due to atomic being set: context deadline exceeded"
    lines, details, _looked = tell(chart_state(failed(chart(), error)))
    assert lines == [
        "Not all went well:",
        f"  chart app ({REFERENCE} 1.0.0, release app in apps): {error}",
        "    Not all objects of the chart became ready in its time; Helm has undone the install or upgrade.",
        f"    {CAUSE}",
    ]
    assert details["causes"] == [CAUSE]
    assert details["charts"][0]["error"] == error


def test_an_error_that_speaks_for_itself_gets_no_advice() -> None:
    lines, _details, _looked = tell(chart_state(failed(chart(spec(namespace="x")), "something new")))
    assert lines[1:] == [f"  chart app ({REFERENCE} 1.0.0, release app in x): something new"]


def test_what_runs_of_an_upgrade_that_failed_is_told() -> None:
    upgrade = chart(spec(version="2.0.0"))
    lines, _details, _looked = tell(chart_state(failed({**upgrade, "status": deployed(chart())["status"]}, "oh")))
    assert lines[1].endswith("release app in apps): oh; 1.0.0 goes on running")


def test_a_chart_that_waits_for_its_turn_is_told_from_one_that_failed() -> None:
    lines, _details, _looked = tell(chart_state(chart()))
    assert lines[1].endswith("release app in apps): k0s works on it, one chart after the other")


def test_charts_that_are_deployed_are_no_part_of_the_message() -> None:
    lines, details, looked = tell(chart_state(deployed(chart(spec(namespace="fine")))))
    assert lines == ["Not all went well:"]
    assert looked == []
    assert [row["state"] for row in details["charts"]] == ["deployed"]


def test_a_namespace_is_looked_at_once() -> None:
    states = [chart_state(failed(chart(spec(name)), "oh")) for name in ("one", "two")]
    lines, details, looked = tell(*states)
    assert looked == ["apps"]
    assert (lines.count(f"    {CAUSE}"), details["causes"]) == (1, [CAUSE])
