# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.action import k0s_chart_wait as plugin
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import settle
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotReachable, TimedOut
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.charts.clusters import (
    Cluster,
    chart,
    deployed,
    failed,
)


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    found = Cluster()
    monkeypatch.setattr(KubeAction, "_open", lambda _self: found)
    monkeypatch.setattr(KubeAction, "progress", property(lambda _self: lambda text: None))
    return found


def run(folder: Path, check_mode: bool = False) -> dict[str, Any]:
    result = action(plugin.ActionModule, folder, {"timeout": 1}, check_mode=check_mode).run(task_vars={})
    return dict(json.loads(json.dumps(result)))


def test_charts_that_are_deployed_or_have_failed_are_at_rest() -> None:
    assert settle._at_rest(deployed(chart())).state == "met"
    assert settle._at_rest(failed(chart(), "schema")).state == "met"
    assert settle._at_rest(None).state == "pending"


def test_a_chart_that_k0s_works_on_is_waited_for() -> None:
    verdict = settle._at_rest(chart())
    assert verdict.state == "pending"
    assert verdict.message.startswith("k0s works on")


def test_a_cluster_without_charts_is_at_rest(tmp_path: Path, cluster: Cluster) -> None:
    assert run(tmp_path)["charts"] == []


def test_a_chart_that_does_not_come_to_rest_says_why_no_controller_may_restart(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_all: Any) -> None:
        raise TimedOut("late")

    monkeypatch.setattr(settle, "wait_all", late)
    result = run(tmp_path)
    assert (result["failed"], result["msg"], result["charts"]) == (True, "late", [])


def test_an_api_that_does_not_answer_stops_nobody_from_bringing_it_back(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_all: Any) -> None:
        raise NotReachable("no answer")

    monkeypatch.setattr(plugin, "settle_charts", lost)
    assert run(tmp_path)["charts"] == []


def test_check_mode_waits_for_nothing(tmp_path: Path, cluster: Cluster) -> None:
    assert run(tmp_path, check_mode=True)["api_requests"] == 0
