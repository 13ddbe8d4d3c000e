# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""mke_release: from the MkeConfig of a cluster to findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.action import mke_release
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.action.test_mke import CONFIG, config, live
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Server, api_of


def run(server: Server, monkeypatch: pytest.MonkeyPatch, folder: Path, **task_vars: Any) -> dict[str, Any]:
    monkeypatch.setattr(KubeAction, "_open", lambda _self: api_of(server))
    return dict(action(mke_release.ActionModule, folder, {"config": config("v4.1.2")}).run(task_vars=task_vars))


def test_a_cluster_of_an_earlier_release_may_become_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    server.objects[CONFIG] = {**live(), "spec": {"version": "v4.1.1"}}
    found = run(server, monkeypatch, tmp_path)
    assert (found["current"], found["target"], found["findings"]) == ("v4.1.1", "v4.1.2", [])
    assert not found["changed"]


def test_a_way_that_nobody_supports_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    server.objects[CONFIG] = {**live(), "spec": {"version": "v4.1.5"}}
    (finding,) = run(server, monkeypatch, tmp_path)["findings"]
    assert (finding["severity"], finding["name"]) == ("error", "upgrade-refused")


def test_nothing_is_asked_where_the_services_of_mke_are_no_layer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server()
    found = run(server, monkeypatch, tmp_path, mke4k_layers=["k0s"])
    assert found["skipped"]
    assert server.verbs() == []
