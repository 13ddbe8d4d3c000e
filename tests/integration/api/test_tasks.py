# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of a playbook against a real API server: how it is found, what a job log shows, and bad weather."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.api import fault_kinds
from tests.api.bed import Bed
from tests.api.faults import FaultProxy
from tests.integration.input.conftest import Workplace

from .weather import UNSEEN


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path)


def objects(namespace: str, **data: str) -> list[dict[str, Any]]:
    named = [{"name": f"c{number}", "namespace": namespace} for number in range(5)]
    return [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": item, "data": data} for item in named]


def apply(namespace: str, kubeconfig: Any = "", **data: str) -> dict[str, Any]:
    return {"mke4k.core.kube_apply": {"objects": objects(namespace, **data), "kubeconfig": kubeconfig}}


def wait(namespace: str, kubeconfig: Any = "", timeout: int = 60, **changes: Any) -> dict[str, Any]:
    wish = {"kind": "ConfigMap", "namespace": namespace, "at_least": 5, "field": "data.phase", "value": "up", **changes}
    return {"mke4k.core.kube_wait": {"objects": [wish], "kubeconfig": kubeconfig, "timeout": timeout}}


def test_the_environment_that_awx_injects_is_enough(bed: Bed, workplace: Workplace, namespace: str) -> None:
    token = bed.kubeconfig()["users"][0]["user"]["token"]
    environment = {
        "K8S_AUTH_HOST": bed.servers.url,
        "K8S_AUTH_API_KEY": token,
        "K8S_AUTH_SSL_CA_CERT": str(bed.servers.pki.ca),
        "K8S_AUTH_VERIFY_SSL": "True",
    }
    tasks = [apply(namespace, phase="up"), wait(namespace)]
    play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
    workplace.write("play.yml", [play])
    ran = workplace.run("ansible-playbook", "play.yml", environment=environment)
    assert ran.code == 0, ran.output
    assert "changed=1" in ran.output
    assert token not in ran.output


def test_tasks_do_their_work_in_every_kind_of_bad_weather(
    bed: Bed, proxy: FaultProxy, workplace: Workplace, namespace: str
) -> None:
    for name, fault in UNSEEN.items():
        if name != "expired token":
            proxy.expect(fault, skip=1)
    kubeconfig = str(bed.kubeconfig_file(workplace.folder, server=proxy.url))
    made, again, waited = workplace.play(
        apply(namespace, kubeconfig, phase="up"), apply(namespace, kubeconfig, phase="up"), wait(namespace, kubeconfig)
    )
    assert [made.result["changed"], again.result["changed"], waited.result["changed"]] == [True, False, False], (
        made.output
    )
    assert proxy.played
    assert waited.result["met"]
    asked = [task.result["api_requests"] for task in (made, again, waited)]
    assert sum(asked) == len(proxy.requests())


def test_check_mode_changes_nothing_and_the_diff_shows_what_would_change(
    bed: Bed, workplace: Workplace, namespace: str
) -> None:
    kubeconfig = str(bed.kubeconfig_file(workplace.folder))
    (task,) = workplace.play(apply(namespace, kubeconfig, phase="up"), arguments=("--check", "--diff"))
    assert task.result["changed"]
    assert '"phase": "up"' in task.output
    assert bed.client.get(f"/api/v1/namespaces/{namespace}/configmaps/c0") is None


def test_a_wait_shows_what_is_missing_while_it_lasts_and_in_the_end(
    bed: Bed, workplace: Workplace, namespace: str
) -> None:
    kubeconfig = str(bed.kubeconfig_file(workplace.folder))
    (task,) = workplace.play(wait(namespace, kubeconfig, timeout=2))
    missing = f"ConfigMap objects in {namespace}: there are none yet"
    assert f"[localhost] 0 s: 0 of 1 ready; waiting for {missing}" in task.output
    assert task.result["failed"]
    assert task.result["lacking"] == [missing]
    assert task.result["msg"].startswith("After 2 s not everything is as it should be: ")


def test_a_wait_in_check_mode_says_what_is_missing_and_goes_on(bed: Bed, workplace: Workplace, namespace: str) -> None:
    kubeconfig = str(bed.kubeconfig_file(workplace.folder))
    (task,) = workplace.play(wait(namespace, kubeconfig), arguments=("--check",))
    assert not task.result["met"]
    assert task.code == 0


@pytest.mark.parametrize("user", ["restricted"])
def test_missing_rights_end_a_task_with_the_servers_own_words(
    user: str, bed: Bed, workplace: Workplace, namespace: str
) -> None:
    (task,) = workplace.play(apply(namespace, bed.kubeconfig(user), phase="up"))
    assert task.result["failed"]
    assert f'User "{user}" cannot patch resource "configmaps"' in task.result["msg"]


def test_a_server_that_is_away_ends_a_task_after_the_time_it_may_take(
    bed: Bed, proxy: FaultProxy, workplace: Workplace, namespace: str
) -> None:
    proxy.expect(fault_kinds.Reset(), times=1000)
    task = apply(namespace, bed.kubeconfig(server=proxy.url), phase="up")
    task["mke4k.core.kube_apply"]["request_timeout"] = 1
    (ran,) = workplace.play(task)
    assert ran.result["failed"]
    assert "gave no usable answer for 1 s" in ran.result["msg"]
