# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""k0rdent: what a task says, what it does with it, and what comes back."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.action import k0rdent
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import Change
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import ChartsOutcome, chart_ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NoCluster, TimedOut
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent import install, present, remove
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.checks import management_ready
from ansible_collections.mke4k.core.plugins.module_utils._kube.transport import Answer
from ansible_collections.mke4k.core.plugins.modules import k0rdent as k0rdent_module
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import CONFIG_OPTIONS, KubeAction
from ansible_collections.mke4k.core.tests.unit.documented import documented_options
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.k0rdent.objects import management, release
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Server, answer, api_of

GROUP = "/apis/k0rdent.mirantis.com/v1beta1"
MANAGEMENT = f"{GROUP}/managements/kcm"
RELEASE = f"{GROUP}/releases/k0rdent-enterprise-1-1-0"
CHILD = f"{GROUP}/namespaces/k0rdent/clusterdeployments/child"
CHART = "/apis/helm.k0sproject.io/v1beta1/namespaces/kube-system/charts/kcm"
NAMESPACE = "/api/v1/namespaces/k0rdent"
UI = f"{NAMESPACE}/secrets/mke4k-k0rdent-ui"
GCP = "cluster-api-provider-gcp"


class Cluster(Server):
    """A server that also knows patches of lists, and lists over all namespaces."""

    def __init__(self) -> None:
        super().__init__()
        flux = {"name": "helmreleases", "kind": "HelmRelease", "namespaced": True}
        self.kinds["/apis/helm.toolkit.fluxcd.io/v2"] = [flux]

    def _get(self, path: str, query: dict[str, str], body: Any) -> Answer:
        plural = path.rpartition("/")[2]
        if plural in ("secrets", "clusterdeployments", "helmreleases") and "/namespaces/" not in path:
            items = [item for place, item in self.objects.items() if place.split("/")[-2] == plural]
            return answer(200, {"items": items, "metadata": {"resourceVersion": "7"}})
        return super()._get(path, query, body)

    def _patch(self, path: str, query: dict[str, str], body: Any) -> Answer:
        if not isinstance(body, list):
            return super()._patch(path, query, body)
        found = json.loads(json.dumps(self.objects[path]))
        for operation in body:
            assert (operation["op"], operation["path"]) == ("add", "/spec/providers/-")
            found["spec"]["providers"].append(operation["value"])
            found["status"]["components"][operation["value"]["name"]] = {"success": True}
        if "dryRun" not in query:
            self.objects[path] = found
        return answer(200, found)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    found = Cluster()
    monkeypatch.setattr(KubeAction, "_open", lambda _self: api_of(found))
    monkeypatch.setattr(KubeAction, "progress", property(lambda _self: lambda text: None))

    def wait(api: Any, wanted: Any, *_rest: Any, **_options: Any) -> dict[Any, Any]:
        """What is waited for has come, or never comes."""
        objects = {each.target: api.get(each.target) for each in wanted if hasattr(each.target, "name")}
        for each in wanted:
            if each.target in objects and each.check(objects[each.target]).state != "met":
                raise TimedOut(f"{each}: {each.check(objects[each.target]).message}")
        return objects

    monkeypatch.setattr(install, "wait_all", wait)
    monkeypatch.setattr(remove, "wait_all", wait)
    return found


@pytest.fixture
def charts(monkeypatch: pytest.MonkeyPatch, server: Cluster) -> list[Any]:
    """Charts as they were asked for; k0rdent comes up by them."""
    asked: list[Any] = []

    def installed(_api: Any, specs: Any, **options: Any) -> ChartsOutcome:
        asked.extend(specs)
        if not options["dry_run"]:
            server.objects.setdefault(MANAGEMENT, management())
            server.objects.setdefault(RELEASE, release("cluster-api-provider-aws", GCP))
        done = "unchanged" if options["known"] else "created"
        return ChartsOutcome((Change(chart_ref("kcm"), done, {}, {"a": 1}),))

    monkeypatch.setattr(present, "install_charts", installed)
    return asked


def config(version: str = "v4.1.2", **spec: Any) -> dict[str, Any]:
    hosts = [{"role": "controller+worker", "ssh": {"address": "10.0.0.11", "user": "root"}}]
    body = {"hosts": hosts, "version": version, **spec}
    return {"apiVersion": "mke.mirantis.com/v1alpha1", "kind": "MkeConfig", "metadata": {"name": "mke"}, "spec": body}


def run(folder: Path, *, check_mode: bool = False, diff: bool = False, **arguments: Any) -> dict[str, Any]:
    arguments = {"config": config(), **arguments}
    result = action(k0rdent.ActionModule, folder, arguments, check_mode=check_mode, diff=diff).run(task_vars={})
    assert json.loads(json.dumps(result)) == result
    return dict(result)


def password(server: Cluster) -> str:
    return base64.b64decode(server.objects[UI]["data"]["password"]).decode()


def ours(server: Cluster, version: str = "1.1.0") -> None:
    """As an earlier run has left it."""
    spec = {"namespace": "k0rdent", "version": version, "chartName": "oci://r/k0rdent-enterprise"}
    server.objects[CHART] = {"metadata": {"name": "kcm", "namespace": "kube-system"}, "spec": spec}
    server.objects[NAMESPACE] = {
        "metadata": {"name": "k0rdent", "labels": {"app.kubernetes.io/managed-by": "mke4k.core"}}
    }
    server.objects[UI] = {"metadata": {"name": "mke4k-k0rdent-ui", "namespace": "k0rdent"}, "data": {}}
    server.objects[MANAGEMENT], server.objects[RELEASE] = management(), release("cluster-api-provider-aws", GCP)


def test_k0rdent_is_installed_with_a_password_that_nobody_knows(
    tmp_path: Path, server: Cluster, charts: list[Any]
) -> None:
    result = run(tmp_path, diff=True)
    (spec,) = charts
    assert (spec.name, spec.version, spec.namespace, spec.timeout_seconds) == ("kcm", "1.1.0", "k0rdent", 1200)
    assert (result["changed"], result["chart"]["action"], result["adopted"]) == (True, "created", False)
    assert (result["ui_secret"], len(password(server))) == ("mke4k-k0rdent-ui", 24)
    assert password(server) not in json.dumps(result)
    assert [row["name"] for row in result["components"]][:2] == ["kcm", "capi"]
    assert result["text"][0].split() == ["COMPONENT", "TEMPLATE", "READY", "MESSAGE"]


def test_a_password_that_is_given_is_kept_out_of_everything(tmp_path: Path, server: Cluster, charts: list[Any]) -> None:
    result = run(tmp_path, diff=True, ui_password="given-by-me")
    assert password(server) == "given-by-me"
    shown = json.dumps(result)
    assert "given-by-me" not in shown
    assert server.objects[UI]["data"]["password"] not in shown


def test_without_the_ui_there_is_no_secret(tmp_path: Path, server: Cluster, charts: list[Any]) -> None:
    assert run(tmp_path, ui=False)["ui_secret"] == ""
    assert UI not in server.objects


def test_a_converged_k0rdent_is_left_alone_with_few_requests(
    tmp_path: Path, server: Cluster, charts: list[Any]
) -> None:
    ours(server)
    result = run(tmp_path, diff=True)
    assert (result["changed"], result["diff"], result["chart"]["action"]) == (False, [], "unchanged")
    assert result["api_requests"] <= 7
    assert set(server.verbs()) == {"GET"}


def test_missing_providers_are_added_and_shown(tmp_path: Path, server: Cluster, charts: list[Any]) -> None:
    ours(server)
    predicted = run(tmp_path, providers=[GCP], check_mode=True, diff=True)
    assert predicted["changed"]
    assert GCP not in json.dumps(server.objects[MANAGEMENT])
    result = run(tmp_path, providers=[GCP], diff=True)
    assert result["changed"]
    assert result["diff"] == predicted["diff"]
    assert result["diff"][0]["after"][-1] == GCP
    assert server.objects[MANAGEMENT]["spec"]["providers"][-1] == {"name": GCP}
    assert not run(tmp_path, providers=[GCP])["changed"]


def test_a_component_that_fails_fails_the_task_with_its_error(
    tmp_path: Path, server: Cluster, charts: list[Any]
) -> None:
    ours(server)
    server.objects[MANAGEMENT] = management(failing={"capi": "manifest unknown"})
    result = run(tmp_path)
    assert result["failed"]
    assert "capi: manifest unknown" in result["msg"]


def test_templates_say_why_a_release_is_not_ready(
    tmp_path: Path, server: Cluster, charts: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_all: Any, **_options: Any) -> None:
        raise TimedOut("Release x: TemplatesValid is False")

    monkeypatch.setattr(install, "wait_all", never)
    ours(server)
    server.objects[MANAGEMENT] = management(failing={"kcm": "x"})
    failed = {"metadata": {"name": "aws-1"}, "status": {"validationError": "chart not found"}}
    server.objects[f"{GROUP}/providertemplates/aws-1"] = failed
    assert "ProviderTemplate aws-1: chart not found" in run(tmp_path)["msg"]
    del server.objects[f"{GROUP}/providertemplates/aws-1"]
    assert run(tmp_path)["msg"] == "Release x: TemplatesValid is False"


def test_an_upgrade_moves_the_management_to_the_new_release(
    tmp_path: Path, server: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours(server)
    conditions = [{"type": kind, "status": "True"} for kind in ("TemplatesCreated", "TemplatesValid")]
    newer = {"metadata": {"name": "x"}, "status": {"ready": True, "conditions": conditions}}
    server.objects[RELEASE.replace("1-1-0", "1-2-3")] = newer
    updated = ChartsOutcome((Change(chart_ref("kcm"), "updated"),))
    monkeypatch.setattr(present, "install_charts", lambda *_all, **_options: updated)
    monkeypatch.setattr(install, "management_ready", lambda _names: lambda _item: management_ready()(management()))
    run(tmp_path, version="1.2.3")
    assert server.objects[MANAGEMENT]["spec"] == {"release": "k0rdent-enterprise-1-2-3"}


def test_a_k0rdent_of_somebody_else_is_adopted(tmp_path: Path, server: Cluster, charts: list[Any]) -> None:
    server.objects[MANAGEMENT] = management()
    flux = {"metadata": {"name": "kcm", "namespace": "kcm-system"}}
    server.objects["/apis/helm.toolkit.fluxcd.io/v2/namespaces/kcm-system/helmreleases/kcm"] = flux
    result = run(tmp_path)
    assert (result["changed"], result["adopted"], result["namespace"]) == (False, True, "kcm-system")
    assert result["chart"] == {"name": "kcm", "reference": "", "version": "1.1.0", "action": "adopted"}
    assert "installed by somebody else" in result["text"][-1]
    assert charts == []


def test_a_helm_release_without_a_management_is_adopted_too(tmp_path: Path, server: Cluster) -> None:
    labels = {"owner": "helm", "name": "kcm", "status": "deployed", "version": "1"}
    secret = {"type": "helm.sh/release.v1", "metadata": {"name": "s", "namespace": "kcm-system", "labels": labels}}
    server.objects["/api/v1/namespaces/kcm-system/secrets/s"] = secret
    result = run(tmp_path, wait=False)
    assert (result["changed"], result["namespace"]) == (False, "kcm-system")
    assert "has no components yet" in result["text"][0]


def test_check_mode_before_there_is_a_cluster_predicts_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Any) -> None:
        raise NoCluster("There is no cluster yet.")

    monkeypatch.setattr(KubeAction, "_open", fail)
    result = run(tmp_path, check_mode=True)
    assert (result["changed"], result["chart"]["action"]) == (True, "created")
    assert not run(tmp_path, check_mode=True, state="absent")["changed"]
    assert run(tmp_path)["failed"]


@pytest.mark.parametrize(
    "arguments", [{"config": config("v4.0.0")}, {"config": config("v4.1.1", k0rdent={"enabled": False})}]
)
def test_nothing_happens_where_there_is_to_be_no_k0rdent(
    tmp_path: Path, server: Cluster, charts: list[Any], arguments: dict[str, Any]
) -> None:
    result = run(tmp_path, **arguments)
    assert (result["changed"], result["skipped"]) == (False, True)
    assert server.seen == []


def test_it_is_removed_in_order(tmp_path: Path, server: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    ours(server)
    removed: list[Any] = []

    def taken(_api: Any, names: Any, **options: Any) -> None:
        removed.extend([] if options["dry_run"] else names)

    monkeypatch.setattr(remove, "remove_charts", taken)
    predicted = run(tmp_path, state="absent", check_mode=True)
    assert (predicted["changed"], removed, MANAGEMENT in server.objects) == (True, [], True)
    result = run(tmp_path, state="absent")
    assert result["removed"] == predicted["removed"] == ["Management kcm", "Helm release kcm", "Namespace k0rdent"]
    assert (removed, MANAGEMENT in server.objects, NAMESPACE in server.objects) == (["kcm"], False, False)
    server.objects.clear()
    again = run(tmp_path, state="absent")
    assert (again["changed"], again["text"]) == (False, ["There is no k0rdent."])


def test_a_namespace_that_was_there_before_stays(
    tmp_path: Path, server: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours(server)
    server.objects[NAMESPACE] = {"metadata": {"name": "k0rdent"}}
    monkeypatch.setattr(remove, "remove_charts", lambda *_all, **_options: None)
    assert run(tmp_path, state="absent")["removed"] == ["Management kcm", "Helm release kcm"]
    assert NAMESPACE in server.objects


def test_it_stays_while_it_looks_after_clusters_or_is_somebody_elses(tmp_path: Path, server: Cluster) -> None:
    ours(server)
    server.objects[CHILD] = {"metadata": {"name": "child", "namespace": "k0rdent"}}
    result = run(tmp_path, state="absent")
    assert (result["failed"], result["cluster_deployments"]) == (True, ["k0rdent/child"])
    del server.objects[CHART]
    assert "installed by somebody else" in run(tmp_path, state="absent")["msg"]
    assert set(server.verbs()) == {"GET"}


def test_action_and_documentation_have_the_same_options() -> None:
    own = {name: option for name, option in k0rdent.ActionModule.options.items() if name not in CONFIG_OPTIONS}
    assert documented_options(k0rdent_module) == {
        name: {key: value for key, value in option.items() if key != "no_log"} for name, option in own.items()
    }
    assert yaml.safe_load(k0rdent_module.EXAMPLES)
    assert yaml.safe_load(k0rdent_module.RETURN)
