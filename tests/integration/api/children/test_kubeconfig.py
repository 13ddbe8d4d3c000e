# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kubeconfigs of children come out of a real mothership, and lead to a real API."""

from __future__ import annotations

import base64
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.action.child_kubeconfig import ActionModule
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from tests.api.bed import Bed
from tests.api.faults import FaultProxy
from tests.integration.api.weather import UNSEEN

from .followed import Written

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def written(bed: Bed, namespace: str) -> Written:
    return Written(bed, namespace)


@pytest.fixture
def run(bed: Bed, namespace: str, tmp_path: Path) -> Run:
    def found(*, check_mode: bool = False, server: str = "", **arguments: Any) -> dict[str, Any]:
        given = {"namespace": namespace, "kubeconfig": bed.kubeconfig(server=server), **arguments}
        return dict(action(ActionModule, tmp_path, given, check_mode=check_mode).run(task_vars={}))

    return found


def child(written: Written, name: str, kubeconfig: Any, secret: str = "") -> None:
    """A child whose control plane is up; its API is that of the bed."""
    written.child(name)
    if secret:
        written.status("MkeChildConfig", name, {"kubeConfigSecret": secret})
    coded = base64.b64encode(yaml.safe_dump(kubeconfig).encode()).decode()
    metadata = {"name": secret or f"{name}-kubeconfig", "labels": {"cluster.x-k8s.io/cluster-name": name}}
    made = {"apiVersion": "v1", "kind": "Secret", "type": "cluster.x-k8s.io/secret", "metadata": metadata}
    written.bed.client.call(
        "POST", f"/api/v1/namespaces/{written.namespace}/secrets", {**made, "data": {"value": coded}}
    )


def test_files_are_written_once_and_lead_to_the_child(run: Run, written: Written, bed: Bed, tmp_path: Path) -> None:
    child(written, "berlin", bed.kubeconfig())
    child(written, "paris", bed.kubeconfig(), secret="mine")
    folder = tmp_path / "children"
    made = run(dest=str(folder), probe=True)
    assert made["changed"]
    assert [item["reachable"] for item in made["kubeconfigs"]] == [True, True]
    assert made["kubeconfigs"][0]["version"].startswith("v1.")
    assert stat.S_IMODE((folder / "paris.kubeconfig").stat().st_mode) == 0o600
    assert yaml.safe_load((folder / "berlin.kubeconfig").read_text()) == bed.kubeconfig()
    again = run(dest=str(folder))
    assert not again["changed"]
    assert again["api_requests"] <= 4


def test_many_children_cost_few_requests(run: Run, written: Written, bed: Bed) -> None:
    for number in range(12):
        child(written, f"c{number:02}", bed.kubeconfig())
    found = run()
    assert len(found["kubeconfigs"]) == 12
    assert found["api_requests"] <= 4


def test_a_child_that_is_away_is_no_failure(run: Run, written: Written, bed: Bed) -> None:
    child(written, "berlin", bed.kubeconfig(server="https://127.0.0.1:1"))
    found = run(names=["berlin"], probe=True, probe_timeout=1)
    assert not found.get("failed")
    assert found["kubeconfigs"][0]["reachable"] is False
    assert "gave no usable answer for 1 s" in found["kubeconfigs"][0]["message"]


def test_bad_weather_on_the_mothership_is_no_failure(run: Run, written: Written, bed: Bed, proxy: FaultProxy) -> None:
    child(written, "berlin", bed.kubeconfig())
    for name, fault in UNSEEN.items():
        if name != "expired token":
            proxy.expect(fault)
    found = run(names=["berlin"], server=proxy.url)
    assert not found.get("failed"), found
    assert proxy.played
