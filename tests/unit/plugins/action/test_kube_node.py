# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""kube_node and node_change as tasks: what they are told, what they say of themselves, what comes back."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.action import kube_node, node_change
from ansible_collections.mke4k.core.plugins.doc_fragments._drain import ModuleDocFragment
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NoCluster
from ansible_collections.mke4k.core.plugins.modules import kube_node as node_module, node_change as change_module
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.nodes.cluster import Cluster

RESTART = {"changed": True, "changes": [{"kind": "restart"}], "node": {"running": True}}
CHANGE = {"role": "worker", "version": "v1.33.13+k0s.0", "wait_for": "connected"}


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cluster:
    found = Cluster()
    found.node("w1")
    found.pod("web-1", "w1")
    for plugin in (kube_node, node_change):
        monkeypatch.setattr(plugin.ActionModule, "_open", lambda _self: found.api())
        monkeypatch.setattr(plugin.ActionModule, "progress", property(lambda _self: lambda text: None))
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path), raising=False)
    return found


def run(folder: Path, state: str, check_mode: bool = False, diff: bool = False, **options: Any) -> dict[str, Any]:
    arguments = {"names": ["w1"], "state": state, **options}
    result = action(kube_node.ActionModule, folder, arguments, check_mode=check_mode, diff=diff).run(task_vars={})
    assert json.loads(json.dumps(result)) == result
    return dict(result)


def documented(module: Any) -> dict[str, Any]:
    """The options of a module with those of the drain, as their documentation has them."""
    found = {**yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]}
    found.update(yaml.safe_load(module.DOCUMENTATION)["options"])
    return {name: _without_words(option) for name, option in found.items()}


def _without_words(option: dict[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in option.items() if key not in ("description", "suboptions")}
    if "suboptions" in option:
        rest["options"] = {name: _without_words(inner) for name, inner in option["suboptions"].items()}
    return rest


@pytest.mark.parametrize(("plugin", "module"), [(kube_node, node_module), (node_change, change_module)])
def test_action_and_documentation_have_the_same_options(plugin: Any, module: Any) -> None:
    assert documented(module) == plugin.ActionModule.options
    assert yaml.safe_load(module.RETURN)
    assert yaml.safe_load(module.EXAMPLES)


def test_a_node_is_emptied_and_told(tmp_path: Path, cluster: Cluster) -> None:
    result = run(tmp_path, "drained", diff=True)
    (node,) = result["nodes"]
    assert (result["changed"], node["evicted"]) == (True, ["shop/web-1"])
    assert result["diff"][0]["after"] == "cordoned\nevicted shop/web-1\n"
    assert result["api_requests"] > 0


def test_a_failure_says_why(tmp_path: Path, cluster: Cluster) -> None:
    cluster.pod("alone", "w1", owner="")
    result = run(tmp_path, "drained")
    assert result["failed"]
    assert "shop/alone" in result["msg"]


def test_findings_are_those_of_a_report(tmp_path: Path, cluster: Cluster) -> None:
    cluster.budget("web", "web", minAvailable=1)
    (found,) = run(tmp_path, "checked")["findings"]
    assert (found["name"], found["severity"], found["path"]) == ("pdb-blocks", "error", "host w1")


def test_values_are_text_as_kubernetes_has_them(tmp_path: Path, cluster: Cluster) -> None:
    run(tmp_path, "present", labels={"a": True, "b": 1, "c": None}, taints=[{"key": "x", "effect": "NoSchedule"}])
    labels = cluster.of_node("w1")["metadata"]["labels"]
    assert [labels[key] for key in "abc"] == ["true", "1", ""]
    assert run(tmp_path, "present", labels={"a": True, "b": 1, "c": None})["changed"] is False


def test_a_name_alone_is_enough(tmp_path: Path, cluster: Cluster) -> None:
    task = action(kube_node.ActionModule, tmp_path, {"name": "w1", "state": "cordoned"})
    assert task.run(task_vars={})["nodes"][0]["cordoned"]


def test_check_mode_before_there_is_a_cluster_changes_nothing(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Any) -> Any:
        raise NoCluster("There is no cluster yet.")

    monkeypatch.setattr(kube_node.ActionModule, "_open", refuse)
    assert run(tmp_path, "drained", check_mode=True)["changed"] is False
    assert run(tmp_path, "drained")["failed"]


class K0sNode:
    """Stands where the loader finds the action of k0s_node."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        self.tasks: list[Any] = []

    def get(self, name: str, task: Any, **_given: Any) -> Any:
        assert name == "mke4k.core.k0s_node"
        self.tasks.append(task)
        return SimpleNamespace(run=lambda task_vars: self.answer)


def change(folder: Path, loader: Any, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    task = action(node_change.ActionModule, folder, {"change": CHANGE, **options}, check_mode=check_mode)
    task._shared_loader_obj = SimpleNamespace(action_loader=loader)
    return dict(task.run(task_vars={"inventory_hostname": "w1"}))


def test_a_host_is_asked_then_drained_then_changed_with_the_options_of_k0s_node(
    tmp_path: Path, cluster: Cluster
) -> None:
    loader = K0sNode(RESTART)
    result = change(tmp_path, loader)
    assert (result["changed"], result["evicted"]) == (True, ["shop/web-1"])
    assert [(task.check_mode, task.args) for task in loader.tasks] == [(True, CHANGE), (False, CHANGE)]


def test_check_mode_only_asks(tmp_path: Path, cluster: Cluster) -> None:
    loader = K0sNode(RESTART)
    assert change(tmp_path, loader, check_mode=True)["evicted"] == ["shop/web-1"]
    assert [task.check_mode for task in loader.tasks] == [True]
    assert cluster.writes() == []


def test_a_host_whose_node_has_another_name_or_none(tmp_path: Path, cluster: Cluster) -> None:
    assert change(tmp_path, K0sNode(RESTART), node="")["drained"] is False
    assert change(tmp_path, K0sNode(RESTART), node="w1", restarts=True)["drained"] is True


def test_a_failed_host_holds_the_later_ones(tmp_path: Path, cluster: Cluster) -> None:
    assert change(tmp_path, K0sNode({"failed": True, "msg": "no"}), batch="b")["stopped_at"] == "check"
    task = action(node_change.ActionModule, tmp_path, {"change": CHANGE, "batch": "b"})
    task._shared_loader_obj = SimpleNamespace(action_loader=K0sNode(RESTART))
    later = task.run(task_vars={"inventory_hostname": "w2"})
    assert (later["stopped_at"], later["not_begun"]) == ("begin", True)


def test_an_installation_without_the_action_is_told(tmp_path: Path, cluster: Cluster) -> None:
    with pytest.raises(AnsibleError, match="k0s_node of this collection was not found"):
        change(tmp_path, SimpleNamespace(get=lambda *_a, **_k: None))
