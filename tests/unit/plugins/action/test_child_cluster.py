# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""child_cluster: what a task says, what is sent, and what comes back. Waiting is tested on a real API server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.action.child_cluster import ActionModule
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NoCluster
from ansible_collections.mke4k.core.plugins.modules import child_cluster as module
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.mothership_server import (
    CHILDREN,
    CONFIG_MAPS,
    child,
    mothership,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Server, api_of, refused

TWO = [{"name": "a", "region": "eu-west-3"}, {"name": "b", "region": "eu-west-1", "workers_number": "3"}]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    found = mothership()
    monkeypatch.setattr(ActionModule, "_open", lambda _self: api_of(found))
    return found


def run(folder: Path, *, check_mode: bool = False, diff: bool = False, **arguments: Any) -> dict[str, Any]:
    given = {"wait": False, **arguments}
    result = action(ActionModule, folder, given, check_mode=check_mode, diff=diff).run(task_vars={})
    assert json.loads(json.dumps(result)) == result
    return dict(result)


def actions(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["name"], item["action"]) for item in result["children"]]


def test_children_are_made_with_their_defaults(tmp_path: Path, server: Server) -> None:
    result = run(tmp_path, children=TWO, defaults={"control_plane_number": 1}, diff=True)
    assert result["changed"]
    assert actions(result) == [("a", "created"), ("b", "created")]
    assert [item["state"] for item in result["children"]] == ["unfinished", "unfinished"]
    made = server.objects[f"{CHILDREN}/b"]["spec"]
    assert made["version"] == "v4.1.2"
    assert made["infrastructure"]["configuration"] == {"controlPlaneNumber": 1, "workersNumber": 3}
    assert len(result["diff"]) == 2
    assert result["api_requests"] == 6


def test_yaml_text_of_a_survey_serves_as_well(tmp_path: Path, server: Server) -> None:
    text = "- {name: a, region: eu-west-3, availability_zones: '1', ami: ''}\n".replace(", ami: ''", "")
    assert actions(run(tmp_path, children=text, defaults="{}")) == [("a", "created")]
    zones = server.objects[f"{CHILDREN}/a"]["spec"]["infrastructure"]["configuration"]["network"]["vpc"]
    assert zones == {"availabilityZoneUsageLimit": 1}


def test_check_mode_sends_dry_runs_only(tmp_path: Path, server: Server) -> None:
    result = run(tmp_path, children=TWO, check_mode=True)
    assert result["changed"]
    assert not any(path.startswith(CHILDREN) for path in server.objects)


def test_check_mode_before_there_is_a_mothership(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_self: Any) -> Any:
        raise NoCluster("There is no cluster yet.")

    monkeypatch.setattr(ActionModule, "_open", nothing)
    given = [{**item, "version": "v4.1.2"} for item in TWO]
    assert actions(run(tmp_path, children=given, check_mode=True)) == [("a", "created"), ("b", "created")]
    gone = run(tmp_path, children=["a"], state="absent", check_mode=True)
    assert not gone["changed"]


def test_all_mistakes_are_told_at_once_and_nothing_is_sent(tmp_path: Path, server: Server) -> None:
    wrong = [{"name": "a", "region": "Paris", "control_plane_number": 2}, {"name": "b", "regoin": "eu-west-3"}]
    result = run(tmp_path, children=wrong[:1])
    assert result["failed"]
    names = [item["name"] for item in result["findings"] if item["severity"] == "error"]
    assert names == ["child-region", "child-control-planes"]
    assert "2 errors" in result["msg"]
    assert "Did you mean region?" in run(tmp_path, children=wrong)["msg"]
    assert not any(path.startswith(CHILDREN) for path in server.objects)


def test_a_refused_child_is_explained_and_the_others_are_made(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = (
        'spec.infrastructure.provider: Invalid value: "aws": one or more required k0rdent providers are not deployed'
        " yet: [cluster-api-provider-aws]"
    )
    run(tmp_path, children=TWO, mode="plan")
    plain = server.send
    refusals = [refused(422, "Invalid", message)]

    def send(method: str, *rest: Any) -> Any:
        return refusals.pop()() if method == "PATCH" and refusals else plain(method, *rest)

    monkeypatch.setattr(server, "send", send)
    result = run(tmp_path, children=TWO)
    assert result["failed"]
    assert result["changed"]
    assert sorted(action for _name, action in actions(result)) == ["created", "refused"]
    (failed,) = [item for item in result["children"] if item["state"] == "failed"]
    assert failed["causes"][0]["name"] == "providers-not-deployed"
    assert "kubectl get management kcm" in result["msg"]


def test_a_plan_tells_what_each_child_needs_of_aws(tmp_path: Path, server: Server) -> None:
    server.objects[f"{CHILDREN}/a"] = child("a")
    result = run(tmp_path, children=TWO, mode="plan")
    assert not result["changed"]
    assert [(need["name"], need["exists"], need["workers_number"]) for need in result["needs"]] == [
        ("a", True, 2), ("b", False, 3)]  # fmt: skip
    assert result["needs"][1]["control_plane"]["instance_type"] == "m5.xlarge"
    assert server.verbs() == ["GET"] * 4


def test_files_for_gitops_need_no_mothership(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ActionModule, "_open", lambda _self: pytest.fail("nobody should be asked"))
    given = [{**item, "version": "v4.2.0"} for item in TWO]
    dest = tmp_path / "clusters"
    result = run(tmp_path, children=given, mode="render", dest=str(dest), diff=True)
    assert result["changed"]
    assert result["files"] == [f"{dest}/a.yaml", f"{dest}/b.yaml"]
    (made,) = [item for item in yaml.safe_load_all((dest / "b.yaml").read_text()) if item]
    assert made["spec"]["infrastructure"]["workersNumber"] == 3
    assert not run(tmp_path, children=given, mode="render", dest=str(dest))["changed"]
    gone = run(tmp_path, children=["a"], state="absent", mode="render", dest=str(dest))
    assert gone["changed"]
    assert [path.name for path in dest.iterdir()] == ["b.yaml"]


def test_files_need_a_folder(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match="needs dest"):
        run(tmp_path, children=TWO, mode="render")


def test_children_are_deleted_after_what_they_have_was_recorded(tmp_path: Path, server: Server) -> None:
    server.objects[f"{CHILDREN}/a"] = child("a")
    found = [{"child": "a", "type": "volume", "id": "vol-1", "region": "eu-west-3"}]
    result = run(tmp_path, children=["a", "gone"], state="absent", found_in_aws=found, diff=True)
    assert actions(result) == [("a", "deleted"), ("gone", "absent")]
    assert result["records"]["a"]["volumes"] == ["vol-1"]
    assert not result["records"]["a"]["complete"]
    assert f"{CHILDREN}/a" not in server.objects
    assert f"{CONFIG_MAPS}/mke4k-record-a" in server.objects
    again = run(tmp_path, children=["a"], state="absent")
    assert not again["changed"]
    assert again["gone"][0]["record"]["volumes"] == ["vol-1"]


def test_a_protected_child_stays_until_it_is_named(tmp_path: Path, server: Server) -> None:
    server.objects[f"{CHILDREN}/a"] = child("a", annotations={"mke4k.core/protected": "true"})
    result = run(tmp_path, children=["a"], state="absent", mode="plan")
    assert result["failed"]
    assert result["protected"] == ["a"]
    assert run(tmp_path, children=["a"], state="absent", mode="plan", confirm=["a"])["needs"] == [
        {"name": "a", "region": "eu-west-3", "exists": True}
    ]


@pytest.mark.parametrize("given", [{"name": "a"}, "name: a"])
def test_children_have_to_be_a_list(tmp_path: Path, server: Server, given: Any) -> None:
    with pytest.raises(AnsibleError, match="children has to be a list"):
        run(tmp_path, children=given)


def test_every_option_is_documented() -> None:
    documented = yaml.safe_load(module.DOCUMENTATION)["options"]
    own = {name for name in ActionModule.options if name not in ("children", "defaults", "engine", "namespace")}
    assert set(documented) == own
    assert yaml.safe_load(module.RETURN)
    assert yaml.safe_load(module.EXAMPLES)


@pytest.mark.parametrize("given", ["a, b", "a,b", "[a, b]", "- a\n- b", ["a", "b"]])
def test_names_come_as_a_list_or_as_a_survey_gives_them(tmp_path: Path, server: Server, given: Any) -> None:
    run(tmp_path, children=TWO)
    result = run(tmp_path, children=given, state="absent", check_mode=True)
    assert sorted(item["name"] for item in result["children"]) == ["a", "b"]
