# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from ansible import constants
from ansible.errors import AnsibleError
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.action import k0s_autopilot as plugin
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.autopilot.pilots import NEW, URL, Cluster

SHA = "b" * 64
BINARY = {"url": URL, "sha256": SHA, "path": "/usr/local/bin/k0s", "checksum_url": ""}
C1 = {"role": "controller", "node": "", "address": "10.0.0.11", "binary": BINARY}


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cluster:
    found = Cluster()
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    monkeypatch.setattr(KubeAction, "_open", lambda _self: found)
    monkeypatch.setattr(KubeAction, "progress", property(lambda _self: lambda text: None))
    return found


def run(folder: Path, hosts: dict[str, Any], check_mode: bool = False) -> dict[str, Any]:
    arguments = {"version": NEW, "hosts": hosts}
    result = action(plugin.ActionModule, folder, arguments, check_mode=check_mode).run(task_vars={})
    return dict(json.loads(json.dumps(result)))


def test_hosts_of_the_plan_are_upgraded(tmp_path: Path, cluster: Cluster) -> None:
    assert run(tmp_path, {"c1": C1}, check_mode=True)["changed"]
    assert cluster.plan is None
    result = run(tmp_path, {"c1": C1})
    assert (result["changed"], result["nodes"]) == (True, {"c1": "has the new k0s"})


def test_what_also_updates_k0s_is_told(tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _self, text: told.append(text))
    cluster.updates = [{"metadata": {"name": "weekly"}}]
    run(tmp_path, {"c1": C1})
    assert "UpdateConfig weekly" in told[0]


def test_a_sha256_that_nobody_gave_comes_from_the_file_beside_the_binary(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def opened(url: str, **_options: Any) -> BytesIO:
        asked.append(url)
        return BytesIO(f"{SHA}  k0s-amd64\n".encode())

    monkeypatch.setattr(plugin, "open_url", opened)
    made: list[Any] = []
    create = cluster.create

    def remembered(manifest: Any) -> Any:
        made.append(manifest)
        return create(manifest)

    monkeypatch.setattr(cluster, "create", remembered)
    host = {**C1, "binary": {**BINARY, "sha256": "", "checksum_url": "https://files.test/sha256sums.txt"}}
    second = {**host, "address": "10.0.0.12"}
    run(tmp_path, {"c1": host, "c2": second})
    assert asked == ["https://files.test/sha256sums.txt"]
    assert made[0]["spec"]["commands"][0]["k0supdate"]["platforms"]["linux-amd64"]["sha256"] == SHA


def test_a_sha256_is_found_by_the_name_of_the_file_also_where_its_url_is_quoted(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = f"{'c' * 64}  another\n{SHA} *k0s-v1.33.13+k0s.0-amd64\n"
    monkeypatch.setattr(plugin, "open_url", lambda _url, **_options: BytesIO(listed.encode()))
    binary = {
        "url": "http://reader:secret@mirror.test/v1.33.13%2Bk0s.0/k0s-v1.33.13%2Bk0s.0-amd64",
        "checksum_url": "http://reader:secret@mirror.test/v1.33.13%2Bk0s.0/sha256sums.txt",
        "sha256": "",
    }
    assert run(tmp_path, {"c1": {**C1, "binary": {**BINARY, **binary}}})["changed"]
    listed = "nothing"
    with pytest.raises(AnsibleError, match=r"the sha256 of http://mirror\.test/") as failure:
        run(tmp_path, {"c1": {**C1, "binary": {**BINARY, **binary}}})
    assert "secret" not in str(failure.value)


@pytest.mark.parametrize(
    ("binary", "told"),
    [
        ({"url": ""}, "loads k0s from a URL, and c1 has none"),
        ({"path": "/opt/k0s-mke"}, "that of c1 is /opt/k0s-mke"),
        ({"sha256": "", "checksum_url": "https://files.test/none"}, "could not be had from https://files.test/none"),
    ],
)
def test_what_the_autopilot_cannot_do_is_refused_before_anything_changes(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, binary: dict[str, str], told: str
) -> None:
    def refuse(_url: str, **_options: Any) -> None:
        raise OSError("no route")

    monkeypatch.setattr(plugin, "open_url", refuse)
    with pytest.raises(AnsibleError, match=told):
        run(tmp_path, {"c1": {**C1, "binary": {**BINARY, **binary}}})
    assert cluster.requests == 0
