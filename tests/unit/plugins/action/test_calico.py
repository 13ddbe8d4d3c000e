# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""calico and network_probe: what a task says, what it does with it, and what comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.action import calico, network_probe
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import Change
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico import network
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.network import Request
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.seen import CONFIRMED
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import ChartsOutcome
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NoCluster
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.modules import calico as calico_module, network_probe as probe_module
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import CONFIG_OPTIONS, KubeAction
from ansible_collections.mke4k.core.tests.unit.documented import documented_options
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.calico.memory import (
    Memory,
    calico as calico_objects,
    cluster,
    pods_that_work,
)

REGISTRY = {"imageRegistry": {"url": "registry.example.com/mke"}}


def config(provider: str = "calico", version: str = "v4.1.2", **spec: Any) -> dict[str, Any]:
    hosts = [{"role": "controller+worker", "ssh": {"address": "10.0.0.11", "user": "root"}}]
    network_spec = {"providers": [{"enabled": True, "provider": provider, "extraConfig": {"cidrV4": "10.20.0.0/16"}}]}
    body = {"hosts": hosts, "version": version, "network": network_spec, **spec}
    return {"apiVersion": "mke.mirantis.com/v1alpha1", "kind": "MkeConfig", "metadata": {"name": "mke"}, "spec": body}


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    found = cluster()
    monkeypatch.setattr(KubeAction, "_open", lambda _self: found)
    monkeypatch.setattr(KubeAction, "progress", property(lambda _self: lambda text: None))
    return found


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, memory: Memory) -> list[Any]:
    """Charts as they were asked for; Calico comes up by them."""
    asked: list[Any] = []

    def install(_api: Any, specs: Any, **options: Any) -> ChartsOutcome:
        asked.extend(specs)
        if not options["dry_run"]:
            calico_objects(memory)
        chart = Ref("helm.k0sproject.io/v1beta1", "Chart", "tigera-operator", "kube-system")
        return ChartsOutcome((Change(chart, "created", {}, {"a": 1}),), ())

    monkeypatch.setattr(network, "install_charts", install)
    monkeypatch.setattr(network, "differences", lambda _expected, _seen: [])
    return asked


def run(plugin: Any, folder: Path, *, check_mode: bool = False, diff: bool = False, **arguments: Any) -> dict[str, Any]:
    arguments = {"config": config(), **arguments}
    result = action(plugin.ActionModule, folder, arguments, check_mode=check_mode, diff=diff).run(task_vars={})
    assert json.loads(json.dumps(result)) == result
    return dict(result)


def test_calico_is_installed_as_the_task_says(tmp_path: Path, installed: list[Any]) -> None:
    result = run(calico, tmp_path, chart="oci://example.org/calico", vxlan_vni=10000, chart_timeout=60, diff=True)
    (spec,) = installed
    assert (spec.chart, spec.version, spec.timeout_seconds) == ("oci://example.org/calico", "v3.30.200", 60)
    assert spec.values["defaultFelixConfiguration"]["vxlanVNI"] == 10000
    assert (result["changed"], result["chart"]["action"], result["probe_due"]) == (True, "created", True)
    assert result["network"]["pools"][0]["cidr"] == "10.20.0.0/16"
    assert result["text"][0].split() == ["NETWORK", "VALUE"]
    assert result["diff"][0]["after"] == {"a": 1}


def test_a_confirmed_network_needs_no_probe(tmp_path: Path, memory: Memory) -> None:
    result = run(calico, tmp_path, config=config("custom"))
    assert (result["changed"], result["chart"], result["probe_due"]) == (False, {}, True)
    memory.put("v1", "ConfigMap", {"metadata": {"name": CONFIRMED.name, "namespace": CONFIRMED.namespace}})
    assert not run(calico, tmp_path, config=config("custom"))["probe_due"]


def test_calico_of_somebody_else_is_a_warning_where_it_differs(tmp_path: Path, memory: Memory) -> None:
    calico_objects(memory, vni=10000)
    result = run(calico, tmp_path)
    assert not result["changed"]
    assert "vxlanVNI is 10000, not 4096" in result["warnings"][0]
    assert any(line.startswith("differs from mke4.yaml: ") for line in result["text"])


def test_check_mode_shows_what_is_not_ready(tmp_path: Path, memory: Memory, installed: list[Any]) -> None:
    result = run(calico, tmp_path, check_mode=True)
    assert result["changed"]
    assert any(line.startswith("not ready: TigeraStatus calico") for line in result["text"])


@pytest.mark.parametrize(
    ("provider", "changed", "words"),
    [("calico", True, "Calico v3.30.200 would be installed"), ("custom", False, "nothing would be installed")],
)
def test_check_mode_without_a_cluster_tells_what_would_be_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: str, changed: bool, words: str
) -> None:
    def nothing(_self: Any) -> Any:
        raise NoCluster("There is no cluster yet.")

    monkeypatch.setattr(KubeAction, "_open", nothing)
    result = run(calico, tmp_path, check_mode=True, config=config(provider))
    assert (result["changed"], result["text"]) == (changed, [f"There is no cluster yet; {words}."])
    assert result["probe_due"]
    assert run(network_probe, tmp_path, check_mode=True)["changed"]


def test_a_failure_is_a_failed_task(tmp_path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    def bring(_api: Any, request: Request, _progress: Any) -> Any:
        assert request.timeout == 5
        raise NoCluster("gone")

    monkeypatch.setattr(calico, "bring", bring)
    assert run(calico, tmp_path, timeout=5)["text"][0].startswith("There is no cluster yet")
    memory.objects.clear()
    result = run(network_probe, tmp_path)
    assert result["failed"]
    assert "no node is ready" in result["msg"]


def test_the_probe_uses_what_the_task_says(tmp_path: Path, memory: Memory) -> None:
    pods_that_work(memory)
    works, pods = memory.on_create, []

    def watching(ref: Any, item: Any) -> None:
        works(ref, item)
        pods.extend([item] if ref.kind == "Pod" else [])

    memory.on_create = watching
    result = run(network_probe, tmp_path, image="example.org/agnhost:1", port=8080)
    assert (result["changed"], result["nodes"], result["ways"], result["service"]) == (True, ["n1"], 2, True)
    assert result["text"] == ["Pods on n1 reach each other and a Service."]
    assert {each["image"] for pod in pods for each in pod["spec"]["containers"]} == {"example.org/agnhost:1"}
    assert "--http-port=8080" in pods[0]["spec"]["containers"][0]["args"]
    assert not run(network_probe, tmp_path, check_mode=True)["changed"]


def test_the_probe_says_what_it_could_not_try(tmp_path: Path, memory: Memory) -> None:
    pods_that_work(memory)
    memory.objects.pop(Ref("v1", "ConfigMap", "kube-proxy", "kube-system"))
    result = run(network_probe, tmp_path)
    assert "there is no kube-proxy" in result["warnings"][0]
    assert result["text"] == ["Pods on n1 reach each other.", f"Note: {result['warnings'][0]}"]


@pytest.mark.parametrize(
    ("spec", "image"),
    [
        ({}, "registry.k8s.io/e2e-test-images/agnhost:2.53"),
        ({"registries": REGISTRY}, "registry.example.com/mke/agnhost:2.53"),
    ],
)
def test_the_image_comes_from_a_registry_that_nodes_reach(
    tmp_path: Path, memory: Memory, spec: dict[str, Any], image: str
) -> None:
    result = run(network_probe, tmp_path, check_mode=True, config=config(**spec))
    assert f"Pods with the image {image} would try" in result["text"][0]


@pytest.mark.parametrize(("plugin", "module"), [(calico, calico_module), (network_probe, probe_module)])
def test_action_and_documentation_have_the_same_options(plugin: Any, module: Any) -> None:
    own = {name: option for name, option in plugin.ActionModule.options.items() if name not in CONFIG_OPTIONS}
    assert documented_options(module) == own
    assert yaml.safe_load(module.RETURN)
    assert yaml.safe_load(module.EXAMPLES)
