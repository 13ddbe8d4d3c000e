# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""k0s_chart: what a task says, what it does with it, and what comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.action import k0s_chart as plugin
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import values_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NoCluster
from ansible_collections.mke4k.core.plugins.modules import k0s_chart as module
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import API_OPTIONS, KubeAction
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.charts.clusters import (
    REFERENCE,
    Cluster,
    chart,
    deployed,
    failed,
    spec,
)

APP = {"name": "app", "chart": REFERENCE, "version": "1.0.0", "namespace": "apps"}
ROW = {
    "name": "app",
    "chart": REFERENCE,
    "release": "app",
    "namespace": "apps",
    "version": "1.0.0",
    "wanted": "1.0.0",
    "app_version": "7",
    "revision": 1,
    "state": "deployed",
    "error": "",
}


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    found = Cluster()
    monkeypatch.setattr(KubeAction, "_open", lambda _self: found)
    monkeypatch.setattr(KubeAction, "progress", property(lambda _self: lambda text: None))
    return found


def run(folder: Path, *charts: dict[str, Any], check_mode: bool = False, diff: bool = False, **options: Any) -> Any:
    arguments = {"charts": list(charts or (APP,)), **options}
    result = action(plugin.ActionModule, folder, arguments, check_mode=check_mode, diff=diff).run(task_vars={})
    assert json.loads(json.dumps(result)) == result
    return result


def test_a_chart_is_installed_and_then_left_alone(tmp_path: Path, cluster: Cluster) -> None:
    first = run(tmp_path)
    assert (first["changed"], first["charts"]) == (True, [ROW])
    assert "diff" not in first
    second = run(tmp_path)
    assert (second["changed"], second["charts"], second["api_requests"]) == (False, [ROW], 4)


def test_values_are_merged_over_the_default_ones(tmp_path: Path, cluster: Cluster) -> None:
    defaults = {"a": {"b": 1, "c": [1]}, "d": 1}
    run(tmp_path, {**APP, "default_values": defaults, "values": "a: {c: [2]}"})
    assert values_of(cluster.chart()) == {"a": {"b": 1, "c": [2]}, "d": 1}


@pytest.mark.parametrize("option", ["values", "default_values"])
def test_values_that_are_not_yaml_name_the_chart(tmp_path: Path, cluster: Cluster, option: str) -> None:
    result = run(tmp_path, {**APP, option: "a: ["})
    assert result["failed"]
    assert f"chart app: its {option} are not YAML" in result["msg"]
    assert cluster.asked == []


def test_a_failure_has_the_state_of_all_charts(tmp_path: Path, cluster: Cluster) -> None:
    result = run(tmp_path, {**APP, "values": {"error": "no such thing"}}, {**APP, "name": "two", "release": "two"})
    assert result["failed"]
    assert "no such thing" in result["msg"]
    assert [row["state"] for row in result["charts"]] == ["failed", "deployed"]
    assert result["causes"] == []
    assert result["api_requests"] == cluster.requests


def test_check_mode_predicts_and_writes_nothing(tmp_path: Path, cluster: Cluster) -> None:
    result = run(tmp_path, check_mode=True, diff=True)
    assert result["changed"]
    assert (result["charts"][0]["version"], result["charts"][0]["wanted"]) == ("", "1.0.0")
    assert result["charts"][0].keys() == ROW.keys()
    assert result["diff"][0]["after"]["version"] == "1.0.0"
    assert cluster.writes == []


@pytest.mark.parametrize(("state", "changed"), [("present", True), ("absent", False)])
def test_check_mode_predicts_before_there_is_a_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str, changed: bool
) -> None:
    def fail(_self: Any) -> None:
        raise NoCluster("There is no cluster yet.")

    monkeypatch.setattr(KubeAction, "_open", fail)
    result = run(tmp_path, check_mode=True, state=state)
    assert (result["changed"], result["charts"][0].keys()) == (changed, ROW.keys())
    assert run(tmp_path, state=state)["failed"]


def test_a_diff_has_no_secrets(tmp_path: Path, cluster: Cluster) -> None:
    result = run(tmp_path, {**APP, "values": {"password": "hunter2"}}, diff=True)
    assert result["changed"]
    assert "hunter2" not in json.dumps(result)


def test_a_name_is_enough_to_remove(tmp_path: Path, cluster: Cluster) -> None:
    for item in (deployed(chart()), failed(chart(spec("broken")), "no such thing")):
        cluster.objects.update(Cluster(item).objects)
    result = run(tmp_path, {"name": "app"}, {"name": "broken"}, {"name": "other"}, state="absent")
    assert result["changed"]
    assert [row["state"] for row in result["charts"]] == ["absent"] * 3
    assert cluster.objects == {}
    assert not run(tmp_path, {"name": "app"}, state="absent")["changed"]


def test_it_does_not_wait_where_it_need_not(tmp_path: Path, cluster: Cluster) -> None:
    cluster.k0s = lambda manifest: manifest
    assert run(tmp_path, wait=False)["charts"][0]["state"] == "working"
    assert run(tmp_path, wait=False)["changed"] is False


@pytest.mark.parametrize(("given", "words"), [({"version": ""}, "no version"), ({"chart": "app"}, "no reference")])
def test_what_is_needed_to_install_is_asked_for(
    tmp_path: Path, cluster: Cluster, given: dict[str, str], words: str
) -> None:
    result = run(tmp_path, {**APP, **given})
    assert result["failed"]
    assert words in result["msg"]


@pytest.mark.parametrize("arguments", [{}, {"charts": [{}]}, {"charts": [APP], "state": "there"}])
def test_mistakes_in_the_task_are_told(tmp_path: Path, cluster: Cluster, arguments: dict[str, Any]) -> None:
    with pytest.raises(AnsibleError):
        action(plugin.ActionModule, tmp_path, arguments).run(task_vars={})


def test_the_documentation_has_the_options_of_the_action() -> None:
    documented = yaml.safe_load(module.DOCUMENTATION)["options"]
    charts = documented["charts"]
    charts["options"] = charts.pop("suboptions")
    for option in (*documented.values(), *charts["options"].values()):
        assert option.pop("description")
    assert documented == plugin.ActionModule.options
    assert not set(documented) & set(API_OPTIONS)
    assert yaml.safe_load(module.EXAMPLES)
    results = yaml.safe_load(module.RETURN)
    assert set(results["charts"]["contains"]) == set(ROW)
