# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""child_cluster_info: which children there are, whoever made them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.action.child_cluster_info import ActionModule
from ansible_collections.mke4k.core.plugins.modules import child_cluster_info as module
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.mothership_server import (
    K0RDENT,
    READY,
    child,
    mothership,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Server, api_of

DEPLOYMENTS = f"{K0RDENT}/namespaces/k0rdent/clusterdeployments"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    found = mothership({**child("a"), "status": READY}, child("b", region="us-east-1"))
    deployment = {
        "apiVersion": "k0rdent.mirantis.com/v1beta1",
        "kind": "ClusterDeployment",
        "metadata": {"name": "c", "namespace": "k0rdent", "generation": 1},
        "spec": {"template": "aws-standalone-cp-1-0-12", "config": {"region": "eu-west-1"}},
        "status": READY,
    }
    found.objects[f"{DEPLOYMENTS}/c"] = deployment
    monkeypatch.setattr(ActionModule, "_open", lambda _self: api_of(found))
    return found


def run(folder: Path, **arguments: Any) -> dict[str, Any]:
    result = action(ActionModule, folder, arguments).run(task_vars={})
    assert json.loads(json.dumps(result)) == result
    return dict(result)


@pytest.mark.usefixtures("server")
def test_children_of_both_engines_are_told_with_where_they_are(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert [(item["name"], item["ready"], item["region"]) for item in result["children"]] == [
        ("a", True, "eu-west-3"), ("b", False, "us-east-1"), ("c", True, "eu-west-1")]  # fmt: skip
    assert result["version"] == "v4.1.2"
    assert not result["changed"]
    assert len(result["text"]) == 4


@pytest.mark.usefixtures("server")
def test_only_those_that_are_named_are_told_and_what_is_missing(tmp_path: Path) -> None:
    result = run(tmp_path, names=["c", "nobody"])
    assert [item["name"] for item in result["children"]] == ["c"]
    assert result["missing"] == ["nobody"]


def test_a_mothership_without_children_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ActionModule, "_open", lambda _self: api_of(mothership()))
    result = run(tmp_path)
    assert (result["children"], result["text"]) == ([], [])


def test_every_option_is_documented() -> None:
    assert set(yaml.safe_load(module.DOCUMENTATION)["options"]) == set(ActionModule.options)
    assert yaml.safe_load(module.RETURN)
    assert yaml.safe_load(module.EXAMPLES)
