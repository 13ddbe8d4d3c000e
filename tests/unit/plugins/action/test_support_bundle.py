# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""k0s_support and support_bundle: from what hosts and the API told to one archive that a person can read."""

from __future__ import annotations

import base64
import io
import json
import stat
import tarfile
from pathlib import Path
from typing import Any

import pytest
from ansible import constants
from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.action import k0s_support, support_bundle
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.archive import packed
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.collect import Item
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction
from ansible_collections.mke4k.core.plugins.plugin_utils._support_parts import part_path, parts_folder
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.support.servers import Server
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.configs import config, host
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import task_vars

CANARY = "cAnArY-7f3q1-never-seen"
STATE = {"node": {"running": {"version": "v1.33.13+k0s.0", "role": "controller"}, "ready": True}, "host": {}}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    found = Server()
    monkeypatch.setattr(KubeAction, "_open", lambda _self: found)
    monkeypatch.setattr(KubeAction, "progress", property(lambda _self: lambda text: None))
    return found


def part(folder: Path, name: str, *items: Item) -> None:
    path = Path(part_path(str(folder / "parts"), name))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(packed([Item("k0s/state.json", json.dumps(STATE)), *items], 0.0))


def run(folder: Path, check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
    given = {"config": config(host("10.0.0.1")), "dest": str(folder / "out" / "b.tar.gz"),
             "parts": str(folder / "parts"), **arguments}  # fmt: skip
    plugin = action(support_bundle.ActionModule, folder, given, check_mode=check_mode)
    return dict(json.loads(json.dumps(plugin.run(task_vars=task_vars(folder)))))


def texts(path: str) -> dict[str, str]:
    with tarfile.open(path) as tar:
        members = [(info, tar.extractfile(info)) for info in tar]
        assert {info.mode for info, _stream in members} == {0o600}
        return {info.name.partition("/")[2]: stream.read().decode() for info, stream in members if stream}


def test_hosts_and_cluster_come_into_one_archive_for_its_owner_alone(tmp_path: Path, server: Server) -> None:
    server.add("charts", "x", "kube-system", status={"error": "it failed"})
    part(tmp_path, "n1", Item("logs/k0s.log", "line\n"), Item("network/nft.txt", note="there is nothing"))
    found = run(tmp_path, hosts={"n1": {}})
    assert (found["hosts"], found["missing"]) == (["n1"], {})
    assert stat.S_IMODE(Path(found["path"]).stat().st_mode) == 0o600
    inside = texts(found["path"])
    assert inside["hosts/n1/logs/k0s.log"] == "line\n"
    assert "cluster/objects/charts.helm.k0sproject.io.json" in inside
    index = inside["index.md"]
    assert "- The Chart kube-system/x failed: it failed" in index
    assert "| n1 | v1.33.13+k0s.0 | controller | yes | - |" in index
    assert "[logs/k0s.log](hosts/n1/logs/k0s.log)" in index
    assert "There is nothing of: nft.txt." in index


def test_no_planted_secret_is_in_the_archive(tmp_path: Path, server: Server) -> None:
    server.secret("login", password=CANARY)
    server.add("events", "e", "mke", type="Warning", reason="Bad", message=f"with {CANARY}", count=2)
    encoded = base64.b64encode(CANARY.encode()).decode()
    part(
        tmp_path,
        "n1",
        Item("logs/k0s.log", f"seen {CANARY} and {encoded} and {CANARY}-of-mke4.yaml and {CANARY}-of-me"),
    )
    spec = config(host("10.0.0.1"))
    spec["spec"]["registries"] = {"password": f"{CANARY}-of-mke4.yaml"}
    found = run(tmp_path, config=spec, hosts={"n1": {}}, mask=[f"{CANARY}-of-me"])
    everything = repr(texts(found["path"])) + repr(found)
    assert CANARY not in everything
    assert encoded not in everything
    assert "2 times Bad" in everything


def test_a_cluster_that_does_not_answer_and_hosts_that_are_gone_are_told(tmp_path: Path, server: Server) -> None:
    server.gone = "nobody answers on 10.0.0.1"
    part(tmp_path, "n1")
    results = {"n1": {}, "n2": {"unreachable": True, "msg": "no route"}, "n3": {"msg": "no Python"}, "n4": None}
    found = run(tmp_path, hosts=results)
    assert found["missing"] == {
        "n2": "unreachable: no route",
        "n3": "no Python",
        "n4": "no reason is known",
        "cluster": "nobody answers on 10.0.0.1",
    }
    index = texts(found["path"])["index.md"]
    assert "**The API could not be asked**: nobody answers" in index
    assert "**n2**: nothing was collected: unreachable: no route" in index
    assert "nobody knew the values of Secrets" in index


@pytest.mark.parametrize("problem", [AnsibleConnectionFailure("no ssh"), AnsibleError("no kubeconfig")])
def test_a_way_to_the_api_that_cannot_be_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def closed(_self: Any) -> Any:
        raise problem

    monkeypatch.setattr(KubeAction, "_open", closed)
    assert run(tmp_path)["missing"] == {"cluster": str(problem)}


def test_the_api_is_left_alone_where_it_is_not_asked_for(tmp_path: Path, server: Server) -> None:
    assert run(tmp_path, cluster=False)["missing"] == {"cluster": "it was not asked for"}
    assert server.asked == []


def test_a_file_with_mistakes_is_no_reason_to_go_without_a_bundle(tmp_path: Path, server: Server) -> None:
    found = run(tmp_path, config="- no: [mapping")
    assert "could not be read" in texts(found["path"])["mke4.yaml.json"]


def test_a_state_that_is_no_json_is_passed_over(tmp_path: Path, server: Server) -> None:
    path = Path(part_path(str(tmp_path / "parts"), "n1"))
    path.parent.mkdir()
    path.write_bytes(packed([Item("k0s/state.json", "********")], 0.0))
    assert "**n1**: k0s does not run" in texts(run(tmp_path, hosts={"n1": {}})["path"])["index.md"]


def test_check_mode_writes_nothing(tmp_path: Path, server: Server) -> None:
    found = run(tmp_path, check_mode=True)
    assert found["changed"]
    assert not Path(found["path"]).exists()


def test_a_place_that_cannot_be_written_to_is_told_before_anything_is_asked(tmp_path: Path, server: Server) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AnsibleError, match="mke4k_support_dest"):
        run(tmp_path, dest=str(tmp_path / "file" / "b.tar.gz"))
    assert server.asked == []


def test_parts_wait_in_the_folder_of_the_run_under_any_name_of_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", "/run-tmp")
    assert parts_folder(None) == "/run-tmp/mke4k-support"
    assert part_path("/parts", "../n1/x") == "/parts/..%2Fn1%2Fx.tar.gz"


def collected(folder: Path, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any], verbosity: int = 0) -> Any:
    plugin = action(k0s_support.ActionModule, folder, {"dest": str(folder / "parts")})
    seen: list[Any] = []

    def execute(**given: Any) -> dict[str, Any]:
        seen.append((given["module_args"]["since_hours"], plugin._connection._play_context.no_log))
        return dict(answer)

    monkeypatch.setattr(Display(), "verbosity", verbosity)
    monkeypatch.setattr(plugin, "_execute_module", execute)
    return plugin.run(task_vars={"inventory_hostname": "n1"}), seen, plugin._connection._play_context.no_log


def test_what_a_host_sends_is_kept_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = base64.b64encode(b"archive").decode()
    result, seen, no_log = collected(
        tmp_path, monkeypatch, {"archive": data, "files": 3, "role": "worker"}, verbosity=3
    )
    assert Path(result["path"]).read_bytes() == b"archive"
    assert stat.S_IMODE(Path(result["path"]).stat().st_mode) == 0o600
    assert "archive" not in result
    assert result["files"] == 3
    assert seen == [(24, True)]
    assert not no_log


def test_a_host_that_fails_leaves_no_part_and_its_reason_stays_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, seen, _no_log = collected(tmp_path, monkeypatch, {"failed": True, "msg": "no Python"})
    assert result["msg"] == "no Python"
    assert seen == [(24, False)]
    assert not (tmp_path / "parts").exists()


def test_an_archive_is_no_larger_than_what_is_in_it(tmp_path: Path) -> None:
    assert len(packed([Item("x", "line of a log\n" * 10000)], 0.0)) < 2000
    with tarfile.open(fileobj=io.BytesIO(packed([], 0.0))) as tar:
        assert tar.getnames() == ["host/contents.json"]
