# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts by the helm binary: what it is asked to do, and what is refused before that."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any, Sequence

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import ChartSpec
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.by_helm import (
    HelmFailed,
    Settings,
    install_by_helm,
    remove_by_helm,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.spec import ChartMistake
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import WaitFailed
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Server, api_of

SECRETS = "/api/v1/namespaces/apps/secrets"


def spec(name: str = "app", **changes: Any) -> ChartSpec:
    given = {"chart": f"oci://registry.test/{name}", "version": "1.2.3", "namespace": "apps"}
    return ChartSpec.from_dict({"name": name, **given, **changes})


class Helm:
    """A helm that keeps its records where helm does, and fails when it is told to."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.values: dict[str, Any] = {}
        self.error = ""
        self.commands: list[list[str]] = []

    def __call__(self, arguments: Sequence[str], text: str) -> str:
        command = list(arguments)
        if command[:2] == ["get", "values"]:
            return json.dumps(self.values.get(command[2]))
        self.commands.append(command)
        if self.error:
            raise HelmFailed(self.error)
        if command[0] == "uninstall":
            self.server.objects.clear()
            return ""
        self.values[command[2]] = json.loads(text)
        self.keep(command[2], command[command.index("--version") + 1])
        return ""

    def keep(self, release: str, version: str, status: str = "deployed", chart: str = "") -> None:
        document = {"chart": {"metadata": {"name": chart or release, "version": version, "appVersion": "9"}}}
        data = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(document).encode()))).decode()
        name = f"sh.helm.release.v1.{release}.v1"
        labels = {"owner": "helm", "name": release, "status": status, "version": "1"}
        secret = {"metadata": {"name": name, "namespace": "apps", "labels": labels}, "data": {"release": data}}
        self.server.objects[f"{SECRETS}/{name}"] = {**secret, "type": "helm.sh/release.v1"}


@pytest.fixture
def helm() -> Helm:
    return Helm(Server())


def install(helm: Helm, *specs: ChartSpec, **settings: Any) -> Any:
    return install_by_helm(api_of(helm.server), helm, specs or [spec()], Settings(**settings))


def test_a_chart_is_installed_as_k0s_would_and_its_values_are_no_argument(helm: Helm) -> None:
    done = install(helm, spec(values={"password": "hunter2"}), options=("--ca-file", "ca.crt"))
    assert [(change.action, str(change.ref)) for change in done.changes] == [("created", "Release apps/app")]
    assert helm.commands == [
        ["upgrade", "--install", "app", "oci://registry.test/app", "--version", "1.2.3", "--create-namespace"]
        + ["--namespace", "apps", "--timeout", "600s", "--values", "-", "--reset-values"]
        + ["--wait", "--wait-for-jobs", "--atomic", "--ca-file", "ca.crt"]
    ]
    assert helm.values == {"app": {"password": "hunter2"}}
    state = done.states[0]
    assert (state.state, state.version, state.app_version, state.revision) == ("deployed", "1.2.3", "9", 1)
    assert "hunter2" not in str(done.diffs())


def test_without_waiting_helm_does_not_wait_either(helm: Helm) -> None:
    install(helm, wait=False)
    assert "--wait" not in helm.commands[0]
    assert "--atomic" not in helm.commands[0]


def test_a_second_run_changes_nothing(helm: Helm) -> None:
    install(helm, spec(values={"a": 1}))
    assert not install(helm, spec(values={"a": 1})).changed
    assert len(helm.commands) == 1


@pytest.mark.parametrize("changes", [{"version": "2.0.0"}, {"values": {"a": 1}}])
def test_another_version_or_other_values_are_an_upgrade(helm: Helm, changes: dict[str, Any]) -> None:
    install(helm)
    done = install(helm, spec(**changes))
    assert done.changes[0].action == "updated"
    assert len(helm.commands) == 2


def test_a_failed_release_is_tried_again(helm: Helm) -> None:
    helm.keep("app", "1.2.3", status="failed")
    assert install(helm).changes[0].action == "updated"


def test_check_mode_only_looks(helm: Helm) -> None:
    done = install(helm, dry_run=True)
    assert done.changed
    assert helm.commands == []


def test_charts_are_installed_in_their_order(helm: Helm) -> None:
    done = install(helm, spec("last", order=2), spec("first", order=1))
    assert [command[2] for command in helm.commands] == ["first", "last"]
    assert [state.name for state in done.states] == ["last", "first"]


def test_a_release_of_another_chart_is_not_taken_over(helm: Helm) -> None:
    helm.keep("app", "1.2.3", chart="other")
    with pytest.raises(ChartMistake, match="is of the chart other, not of app"):
        install(helm)
    assert helm.commands == []


def test_a_locked_release_is_told_with_its_record(helm: Helm) -> None:
    helm.keep("app", "1.2.3", status="pending-upgrade")
    with pytest.raises(ChartMistake, match=r"delete the Secret sh\.helm\.release\.v1\.app\.v1"):
        install(helm)


def test_a_repository_is_for_k0s_only(helm: Helm) -> None:
    with pytest.raises(ChartMistake, match="helm_registry_config"):
        install(helm, spec(repository={"url": "oci://registry.test"}))


def test_a_failure_has_helms_words_what_they_mean_and_what_still_runs(helm: Helm) -> None:
    install(helm)
    helm.error = "registry.test/app:2.0.0: not found"
    with pytest.raises(WaitFailed, match="letter by letter") as caught:
        install(helm, spec(version="2.0.0"))
    report = caught.value.report()
    assert "1.2.3 goes on running" in report["msg"]
    assert report["charts"][0]["error"] == helm.error
    assert report["charts"][0]["state"] == "failed"


def test_a_failed_first_install_has_no_version(helm: Helm) -> None:
    helm.error = "failed pre-install: job failed: BackoffLimitExceeded"
    with pytest.raises(WaitFailed, match="A hook of the chart failed"):
        install(helm)


def test_a_release_that_failed_without_helm_being_asked_to_wait_says_so(helm: Helm) -> None:
    helm.keep("app", "1.2.3", status="failed")
    found = install(helm, dry_run=True).states[0]
    assert (found.state, found.version) == ("failed", "1.2.3")


@pytest.mark.parametrize(("wait", "words"), [(True, ["--wait", "--timeout", "90s"]), (False, [])])
def test_a_release_is_uninstalled_once(helm: Helm, wait: bool, words: list[str]) -> None:
    install(helm)
    api, settings = api_of(helm.server), Settings(wait=wait)
    done = remove_by_helm(api, helm, [spec()], settings, 90)
    assert helm.commands[-1] == ["uninstall", "app", "--namespace", "apps", *words]
    assert [change.action for change in done.changes] == ["deleted"]
    assert not remove_by_helm(api, helm, [spec()], settings, 90).changed


def test_a_removal_in_check_mode_only_looks(helm: Helm) -> None:
    install(helm)
    assert remove_by_helm(api_of(helm.server), helm, [spec()], Settings(dry_run=True), 90).changed
    assert len(helm.commands) == 1
