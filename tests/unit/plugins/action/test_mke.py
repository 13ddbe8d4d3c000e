# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""mke_operator, mke_admin and mke_status: what a task says, what it does with it, and what comes back."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.action import mke_admin, mke_operator, mke_status
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import Change
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import ChartsOutcome, chart_ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, NoCluster
from ansible_collections.mke4k.core.plugins.module_utils._kube.mke import operator
from ansible_collections.mke4k.core.plugins.modules import (
    mke_admin as admin_module,
    mke_operator as operator_module,
    mke_status as status_module,
)
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import API_OPTIONS, CONFIG_OPTIONS, KubeAction
from ansible_collections.mke4k.core.tests.unit.documented import documented_options
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Server, answer, api_of

CONFIG = "/apis/mke.mirantis.com/v1alpha1/namespaces/mke/mkeconfigs/mke"
DEPLOYMENT = "/apis/apps/v1/namespaces/mke/deployments/mke-operator-controller-manager"
CHART = "/apis/helm.k0sproject.io/v1beta1/namespaces/kube-system/charts/mke-operator"
PASSWORD = "/apis/dex.coreos.com/v1/namespaces/mke/passwords/mfsg22lozpzjzzeeeirsk"
BINDING = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/mke-cluster-admin"
DEFINITION = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/passwords.dex.coreos.com"
READY = {"type": "Ready", "status": "True"}


def config(version: str = "v4.1.2", **spec: Any) -> dict[str, Any]:
    hosts = [{"role": "controller+worker", "ssh": {"address": "10.0.0.11", "user": "root"}}]
    body = {"hosts": hosts, "version": version, **spec}
    return {"apiVersion": "mke.mirantis.com/v1alpha1", "kind": "MkeConfig", "metadata": {"name": "mke"}, "spec": body}


def live(**spec: Any) -> dict[str, Any]:
    services = [{"name": "ui", "version": "1", "ready": True}]
    return {
        **config(**spec),
        "metadata": {"name": "mke", "namespace": "mke", "generation": 1},
        "status": {"observedGeneration": 1, "conditions": [READY], "services": services},
    }


class Lines:
    status = 200

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(())

    def close(self) -> None:
        return


class Cluster(Server):
    """A watch of it sees nothing new."""

    def lines(self, path: str, seconds: float) -> Any:
        return Lines()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    found = Cluster()
    monkeypatch.setattr(KubeAction, "_open", lambda _self: api_of(found))
    monkeypatch.setattr(KubeAction, "progress", property(lambda _self: lambda text: None))
    return found


@pytest.fixture
def no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_self: Any) -> None:
        raise NoCluster("There is no cluster yet.")

    monkeypatch.setattr(KubeAction, "_open", fail)


@pytest.fixture
def charts(monkeypatch: pytest.MonkeyPatch, server: Server) -> list[Any]:
    """Charts as they were asked for; the operator comes up by them and is done at once."""
    asked: list[Any] = []

    def install(_api: Any, specs: Any, **options: Any) -> ChartsOutcome:
        asked.extend(specs)
        known = specs[0].name in options["known"]
        if not options["dry_run"]:
            server.objects[DEPLOYMENT] = {"metadata": {"name": "x"}, "spec": {}, "status": {"availableReplicas": 1}}
        return ChartsOutcome((Change(chart_ref("mke-operator"), "unchanged" if known else "created"),))

    monkeypatch.setattr(operator, "install_charts", install)
    monkeypatch.setattr(operator, "wait_all", lambda _api, wanted, *_rest: {wanted[1].target: live()})
    return asked


def run(plugin: Any, folder: Path, *, check_mode: bool = False, diff: bool = False, **arguments: Any) -> dict[str, Any]:
    arguments = {"config": config(), **arguments}
    result = action(plugin.ActionModule, folder, arguments, check_mode=check_mode, diff=diff).run(task_vars={})
    assert json.loads(json.dumps(result)) == result
    return dict(result)


def test_the_operator_is_installed_and_gets_what_the_user_wrote(
    tmp_path: Path, server: Server, charts: list[Any]
) -> None:
    result = run(mke_operator, tmp_path, config=config(monitoring={"enableGrafana": False}), chart="oci://my.org/op")
    assert result["changed"]
    assert result["chart"] == {
        "name": "mke-operator",
        "reference": "oci://my.org/op",
        "version": "3.11.2",
        "action": "created",
    }
    assert [(spec.chart, spec.version, spec.namespace) for spec in charts] == [("oci://my.org/op", "3.11.2", "mke")]
    assert server.objects[CONFIG]["spec"]["monitoring"] == {"enableGrafana": False}
    assert result["services"] == [{"name": "ui", "kind": "system", "version": "1", "ready": True, "message": ""}]
    assert result["text"][1].split() == ["ui", "system", "1", "yes"]


def test_a_converged_operator_is_left_alone_with_few_requests(
    tmp_path: Path, server: Server, charts: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.objects[CONFIG] = live()
    server.objects[CHART] = {"metadata": {"name": "mke-operator"}, "spec": {}}
    monkeypatch.setattr(operator, "wait_all", lambda *_all: pytest.fail("nothing is to be waited for"))
    result = run(mke_operator, tmp_path)
    assert (result["changed"], result["chart"]["action"]) == (False, "unchanged")
    assert result["api_requests"] <= 7
    assert set(server.verbs()) == {"GET"}


def test_an_operator_of_somebody_else_is_adopted(tmp_path: Path, server: Server, charts: list[Any]) -> None:
    server.objects[DEPLOYMENT] = {"metadata": {"name": "x"}}
    server.objects[CHART.replace("mke-operator", "other")] = {"metadata": {"name": "other"}, "spec": {}}
    assert run(mke_operator, tmp_path)["chart"]["action"] == "adopted"
    assert charts == []


def test_check_mode_predicts_and_writes_nothing(tmp_path: Path, server: Server, charts: list[Any]) -> None:
    result = run(mke_operator, tmp_path, check_mode=True, diff=True)
    assert (result["changed"], result["services"], server.objects) == (True, [], {})
    assert result["diff"][0]["after"]["spec"]["version"] == "v4.1.2"


def test_check_mode_before_there_is_a_cluster_predicts_everything(tmp_path: Path, no_cluster: None) -> None:
    assert run(mke_operator, tmp_path, check_mode=True)["changed"]
    assert run(mke_admin, tmp_path, check_mode=True, password="x")["created"]
    assert run(mke_operator, tmp_path)["failed"]


def test_what_cannot_be_changed_is_refused_before_anything_is(
    tmp_path: Path, server: Server, charts: list[Any]
) -> None:
    server.objects[CONFIG] = live(network={"serviceCIDR": "10.10.0.0/16"})
    result = run(mke_operator, tmp_path)
    assert result["failed"]
    assert "spec.network.serviceCIDR" in result["msg"]
    assert charts == []
    assert set(server.verbs()) == {"GET"}


def test_a_chart_that_cannot_be_pulled_says_how_its_reference_is_found(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_all: Any, **_options: Any) -> None:
        raise KubeError("chart mke-operator: oci://x: not found", causes=[])

    monkeypatch.setattr(operator, "install_charts", fail)
    result = run(mke_operator, tmp_path)
    assert "mkectl airgap list-charts" in result["msg"]
    assert "Everything before mke-operator" in result["msg"]

    def refuse(*_all: Any, **_options: Any) -> None:
        raise KubeError("schema")

    monkeypatch.setattr(operator, "install_charts", refuse)
    assert run(mke_operator, tmp_path)["msg"] == "schema"


def test_licence_and_certificates_come_from_files(tmp_path: Path, server: Server, charts: list[Any]) -> None:
    for name in ("ca", "cert", "key", "lic"):
        (tmp_path / name).write_text(f"text of {name}\n")
    files = {f"{part}_file": str(tmp_path / part) for part in ("ca", "cert", "key")}
    result = run(mke_operator, tmp_path, license_file=str(tmp_path / "lic"), certificates=files, diff=True)
    spec = server.objects[CONFIG]["spec"]
    assert spec["license"] == {"token": "text of lic"}
    assert spec["certificates"] == {"enabled": True, "ca": "text of ca", "cert": "text of cert", "key": "text of key"}
    assert "text of key" not in json.dumps(result)
    assert "text of lic" not in json.dumps(result)


def test_mistakes_in_licence_and_certificates_are_told_together(tmp_path: Path, server: Server) -> None:
    missing = str(tmp_path / "missing")
    with pytest.raises(
        AnsibleError, match=r"license and license_file are both given.*cert_file .* could not be read.*lacks"
    ) as told:
        run(mke_operator, tmp_path, license="a", license_file=missing, certificates={"ca": "x", "cert_file": missing})
    assert "certificates lacks cert, key" in str(told.value)
    assert server.seen == []


def test_nothing_is_done_where_the_release_has_no_operator(tmp_path: Path, server: Server) -> None:
    result = run(mke_operator, tmp_path, config=config("v4.0.0"))
    assert (result["skipped"], result["changed"], server.seen) == (True, False, [])


def test_without_waiting_the_services_are_shown_as_they_are(tmp_path: Path, server: Server, charts: list[Any]) -> None:
    server.objects[CONFIG] = {**live(), "status": {}}
    assert run(mke_operator, tmp_path, wait=False)["services"] == []


def test_the_status_says_what_is_not_ready(tmp_path: Path, server: Server) -> None:
    found = live()
    found["status"]["services"].append({"name": "dex", "ready": False, "message": "no image"})
    server.objects[CONFIG] = found
    result = run(mke_status, tmp_path)
    assert not result["ready"]
    assert result["text"][1:] == ["dex      system  -        no     no image", "ui       system  1        yes"]


def established(server: Server) -> None:
    server.objects[DEFINITION] = {
        "metadata": {"name": "passwords.dex.coreos.com"},
        "status": {"conditions": [{"type": "Established", "status": "True"}]},
    }


def test_the_first_administrator_is_made_once(tmp_path: Path, server: Server) -> None:
    established(server)
    first = run(mke_admin, tmp_path, password="correct horse")
    assert (first["changed"], first["created"]) == (True, True)
    made = server.objects[PASSWORD]
    assert base64.b64decode(made["hash"]).startswith(b"$2b$12$")
    assert server.objects[BINDING]["subjects"][0]["name"] == "admin"
    assert "correct horse" not in json.dumps([first, made])
    again = run(mke_admin, tmp_path, password="another")
    assert (again["changed"], again["created"], again["api_requests"]) == (False, False, 2)
    assert server.objects[PASSWORD] == made


def test_a_generated_password_is_only_where_the_user_asked_for_it(tmp_path: Path, server: Server) -> None:
    established(server)
    path = tmp_path / "admin"
    result = run(mke_admin, tmp_path, password_file=str(path))
    assert path.read_text().strip() not in json.dumps(result)
    assert result["password_file"] == str(path)
    server.objects.pop(PASSWORD)
    returned = run(mke_admin, tmp_path, return_password=True)
    assert len(returned["password"]) == 24
    assert "password" not in run(mke_admin, tmp_path, return_password=True)


def test_a_hash_needs_no_password(tmp_path: Path, server: Server) -> None:
    established(server)
    run(mke_admin, tmp_path, password_hash="$2y$10$abc")
    assert base64.b64decode(server.objects[PASSWORD]["hash"]) == b"$2y$10$abc"


def test_an_account_that_another_run_has_just_made_is_kept(tmp_path: Path, server: Server) -> None:
    established(server)
    server.objects[BINDING] = {}
    server.objects[PASSWORD] = {"metadata": {"name": "theirs"}}
    server.troubles = [lambda: answer(404, {"reason": "NotFound"})]
    result = run(mke_admin, tmp_path, password="x")
    assert not result["created"]
    assert server.objects[PASSWORD] == {"metadata": {"name": "theirs"}}


def test_without_a_place_for_the_password_nobody_is_made(tmp_path: Path, server: Server) -> None:
    result = run(mke_admin, tmp_path)
    assert result["skipped"]
    assert "mke4k_admin_password_file" in result["skip_reason"]
    assert server.seen == []


def test_two_sources_of_a_password_are_a_mistake(tmp_path: Path, server: Server) -> None:
    with pytest.raises(AnsibleError, match="Only one of"):
        run(mke_admin, tmp_path, password="a", password_file=str(tmp_path / "b"))
    assert server.seen == []


def test_nobody_is_made_where_there_are_no_local_users(tmp_path: Path, server: Server) -> None:
    found = run(mke_admin, tmp_path, password="a", config=config(authentication={"localUsers": False}))
    assert (found["skipped"], server.seen) == (True, [])


def described(options: dict[str, Any]) -> dict[str, Any]:
    """Options of the documentation in the form of an argument spec."""
    found = {}
    for name, option in options.items():
        assert option.pop("description")
        if "suboptions" in option:
            option["options"] = described(option.pop("suboptions"))
        found[name] = option
    return found


def without_no_log(options: dict[str, Any]) -> dict[str, Any]:
    found = {name: {key: value for key, value in option.items() if key != "no_log"} for name, option in options.items()}
    for option in found.values():
        if "options" in option:
            option["options"] = without_no_log(option["options"])
    return found


@pytest.mark.parametrize(
    ("plugin", "module"), [(mke_operator, operator_module), (mke_admin, admin_module), (mke_status, status_module)]
)
def test_action_and_documentation_have_the_same_options(plugin: Any, module: Any) -> None:
    own = {name: option for name, option in plugin.ActionModule.options.items() if name not in CONFIG_OPTIONS}
    assert documented_options(module) == without_no_log(own)


def test_the_fragments_have_the_options_of_every_action() -> None:
    from ansible_collections.mke4k.core.plugins.doc_fragments import _api, _k0s_host  # noqa: PLC0415

    texts = (_api.ModuleDocFragment.DOCUMENTATION, _k0s_host.ModuleDocFragment.CONTROLLER)
    shared = {name: option for text in texts for name, option in yaml.safe_load(text)["options"].items()}
    assert described(shared) == without_no_log(API_OPTIONS)
