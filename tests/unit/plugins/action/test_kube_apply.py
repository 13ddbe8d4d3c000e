# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""kube_apply: what a task says, what happens to the cluster, and what comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.action.kube_apply import ActionModule
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NoCluster
from ansible_collections.mke4k.core.plugins.modules import kube_apply as module
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import (
    Server,
    api_of,
    config_map,
    refused,
)

NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x"}}
SECRET = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "key", "namespace": "x"},
    "data": {"k": "aHVzaA=="},
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    found = Server()
    monkeypatch.setattr(ActionModule, "_open", lambda _self: api_of(found))
    return found


def run(folder: Path, *, check_mode: bool = False, diff: bool = False, **arguments: Any) -> dict[str, Any]:
    result = action(ActionModule, folder, arguments, check_mode=check_mode, diff=diff).run(task_vars={})
    assert json.loads(json.dumps(result)) == result
    return dict(result)


def actions(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["name"], item["action"]) for item in result["objects"]]


def test_objects_are_made_once(tmp_path: Path, server: Server) -> None:
    first = run(tmp_path, objects=[config_map(size="1"), NAMESPACE])
    assert (first["changed"], actions(first)) == (True, [("x", "created"), ("a", "created")])
    second = run(tmp_path, objects=[config_map(size="1"), NAMESPACE])
    assert (second["changed"], actions(second)) == (False, [("x", "unchanged"), ("a", "unchanged")])
    assert second["api_requests"] == 2
    assert "diff" not in second


def test_check_mode_predicts_and_writes_nothing(tmp_path: Path, server: Server) -> None:
    result = run(tmp_path, objects=NAMESPACE, check_mode=True, diff=True)
    assert (result["changed"], actions(result), server.objects) == (True, [("x", "created")], {})
    assert result["diff"][0]["after_header"] == "Namespace x"


def test_objects_come_from_files_and_text_too(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "more.yaml").write_text(f"{yaml.safe_dump(NAMESPACE)}---\n{yaml.safe_dump(SECRET)}", encoding="utf-8")
    monkeypatch.setattr(ActionModule, "_find_needle", lambda _self, _folder, path: str(tmp_path / path))
    result = run(tmp_path, objects=yaml.safe_dump(config_map(size="1")), src=["more.yaml"])
    assert [name for name, _action in actions(result)] == ["x", "a", "key"]
    assert actions(run(tmp_path, src=["more.yaml"])) == [("x", "unchanged"), ("key", "unchanged")]


def test_an_unreadable_file_is_told(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\xff")
    monkeypatch.setattr(ActionModule, "_find_needle", lambda _self, _folder, path: str(tmp_path / path))
    with pytest.raises(AnsibleError, match=r"x\.yaml could not be read on the control node"):
        run(tmp_path, src=["x.yaml"])


def test_the_given_namespace_counts_where_an_object_names_none(tmp_path: Path, server: Server) -> None:
    bare = {**SECRET, "metadata": {"name": "key"}}
    run(tmp_path, objects=bare, namespace="x")
    assert list(server.objects) == ["/api/v1/namespaces/x/secrets/key"]
    failed = run(tmp_path, objects=bare)
    assert failed["failed"]
    assert "Secret key must be in a namespace" in failed["msg"]


def test_objects_are_deleted_once(tmp_path: Path, server: Server) -> None:
    run(tmp_path, objects=[NAMESPACE, SECRET])
    named = [{key: item[key] for key in ("apiVersion", "kind", "metadata")} for item in (NAMESPACE, SECRET)]
    predicted = run(tmp_path, objects=named, state="absent", check_mode=True)
    assert len(server.objects) == 2
    first = run(tmp_path, objects=named, state="absent")
    assert actions(first) == actions(predicted) == [("key", "deleted"), ("x", "deleted")]
    assert server.objects == {}
    second = run(tmp_path, objects=named, state="absent")
    assert (second["changed"], actions(second)) == (False, [("key", "absent"), ("x", "absent")])


def test_no_secret_is_in_a_result(tmp_path: Path, server: Server) -> None:
    made = run(tmp_path, objects=SECRET, diff=True)
    gone = run(tmp_path, objects=SECRET, state="absent", diff=True)
    assert "aHVzaA" not in str((made, gone))


def test_a_refusal_is_a_failure_with_the_servers_words(tmp_path: Path, server: Server) -> None:
    server.troubles = [refused(404), refused(403, "Forbidden", "namespaces is forbidden")]
    result = run(tmp_path, objects=NAMESPACE)
    assert (result["failed"], result["status"], result["reason"]) == (True, 403, "Forbidden")
    assert "namespaces is forbidden" in result["msg"]


def test_before_there_is_a_cluster_check_mode_predicts_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_cluster(_self: Any) -> Any:
        raise NoCluster("There is no cluster yet.")

    monkeypatch.setattr(ActionModule, "_open", no_cluster)
    made = run(tmp_path, objects=[NAMESPACE, SECRET], check_mode=True, diff=True)
    assert actions(made) == [("x", "created"), ("key", "created")]
    assert "aHVzaA" not in str(made)
    assert not run(tmp_path, objects=NAMESPACE, state="absent", check_mode=True)["changed"]
    assert run(tmp_path, objects=NAMESPACE)["msg"] == "There is no cluster yet."


def test_nothing_given_is_a_mistake(tmp_path: Path, server: Server) -> None:
    with pytest.raises(AnsibleError, match="neither objects nor src"):
        run(tmp_path)
    assert "lacks apiVersion" in run(tmp_path, objects=[{"kind": "Node"}])["msg"]


def test_action_and_documentation_have_the_same_options() -> None:
    described = yaml.safe_load(module.DOCUMENTATION)["options"]
    assert all(option.pop("description") for option in described.values())
    assert described == ActionModule.options
    assert yaml.safe_load(module.RETURN)
    assert yaml.safe_load(module.EXAMPLES)
