# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""aws_credential: what a task says, what it returns, and where keys may be seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.action import aws_credential as plugin
from ansible_collections.mke4k.core.plugins.action.aws_credential import ActionModule
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NoCluster
from ansible_collections.mke4k.core.plugins.modules import aws_credential as module
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.credentials.world import (
    NEW,
    OLD,
    SECRETS,
    FakeAws,
    World,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import api_of


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    shown: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _self, text, *_rest, **_more: shown.append(text))
    return shown


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, warnings: list[str]) -> World:
    found = World()
    monkeypatch.setattr(ActionModule, "_open", lambda _self: api_of(found))
    monkeypatch.setattr(plugin, "IamKeys", lambda *_arguments: FakeAws("AKIAOLD", "AKIANEW", "ASIATEMP"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    return found


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", OLD.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", OLD.secret_access_key)


def run(
    folder: Path, *, check_mode: bool = False, task: dict[str, str] | None = None, **arguments: Any
) -> dict[str, Any]:
    made = action(ActionModule, folder, arguments, check_mode=check_mode, diff=True)
    made._task.environment = [task] if task else None
    if task:
        made._compute_environment_string = lambda found: found.update(task)
    result = made.run(task_vars={})
    assert json.loads(json.dumps(result)) == result
    return dict(result)


def test_the_keys_of_the_environment_are_taken_without_a_word(
    tmp_path: Path, world: World, environment: None, warnings: list[str]
) -> None:
    made = run(tmp_path)
    assert (made["changed"], made["ready"], made["keys_from"]) == (True, True, "from the environment")
    assert (made["credential"], made["secret"]) == ("aws-cluster-identity-cred", "aws-cluster-identity-secret")
    assert made["identity"] == {"kind": "AWSClusterStaticIdentity", "name": "aws-cluster-identity"}
    assert warnings == []
    again = run(tmp_path)
    assert (again["changed"], again["diff"]) == (False, [])
    assert made["text"][0] == "created: Secret k0rdent/aws-cluster-identity-secret"


def test_the_environment_of_the_task_counts_more(tmp_path: Path, world: World, environment: None) -> None:
    run(tmp_path, task={"AWS_ACCESS_KEY_ID": "AKIANEW", "AWS_SECRET_ACCESS_KEY": "new-secret"})
    assert world.secret()["AccessKeyID"] == "AKIANEW"
    assert run(tmp_path, keep_keys="yes")["keys_from"] == "kept"
    assert world.secret()["AccessKeyID"] == "AKIANEW"


def test_keys_as_arguments_work_with_a_warning(tmp_path: Path, world: World, warnings: list[str]) -> None:
    run(tmp_path, access_key="AKIAOLD", secret_key="old-secret")
    assert len(warnings) == 1
    assert "given as arguments" in warnings[0]


def test_temporary_keys_are_warned_of(tmp_path: Path, world: World, warnings: list[str]) -> None:
    run(tmp_path, task={"AWS_ACCESS_KEY_ID": "ASIATEMP", "AWS_SECRET_ACCESS_KEY": "t", "AWS_SESSION_TOKEN": "token"})
    assert [text for text in warnings if text.startswith("The AWS keys are temporary")]


def test_no_result_has_a_key(tmp_path: Path, world: World, environment: None, warnings: list[str]) -> None:
    results = [
        run(tmp_path, check_mode=True),
        run(tmp_path),
        run(tmp_path, access_key=NEW.access_key_id, secret_key=NEW.secret_access_key, state="rotated", settle=0),
        run(tmp_path, state="synced"),
        run(tmp_path, state="absent"),
    ]
    shown = str(results) + str(warnings)
    assert not [secret for secret in SECRETS if secret in shown]


def test_a_rotation_says_what_was_proven(tmp_path: Path, world: World, environment: None) -> None:
    run(tmp_path)
    world.cluster("berlin")
    new = {"AWS_ACCESS_KEY_ID": "AKIANEW", "AWS_SECRET_ACCESS_KEY": "new-secret"}
    foretold = run(tmp_path, task=new, state="rotated", settle=0, check_mode=True)
    assert foretold["children"] == [
        {"name": "berlin", "namespace": "k0rdent", "proven": False, "message": "check mode"}
    ]
    done = run(tmp_path, task=new, state="rotated", settle=0)
    assert done["children"] == [{"name": "berlin", "namespace": "k0rdent", "proven": True, "message": ""}]
    assert (done["restarted"], done["retired"], done["not_retired"]) == (True, 0, 1)
    assert "k0rdent/berlin: works with the new keys" in done["text"]
    assert "still there in IAM: 1 old access key(s); retire_old removes them" in done["text"]
    retired = run(tmp_path, state="rotated", settle=0, retire_old=True, keep_keys=True)
    assert "retired: 1 old access key(s), deactivated and deleted in IAM" in retired["text"]


def test_a_refusal_is_a_failure_with_its_words(tmp_path: Path, world: World, environment: None) -> None:
    run(tmp_path)
    world.cluster("berlin")
    refused = run(tmp_path, state="absent")
    assert (refused["failed"], refused["children"]) == (True, ["berlin"])
    assert run(tmp_path, kind="role")["msg"].startswith("Nothing was changed: kind is role, so role_arn")


def test_before_there_is_a_cluster_check_mode_predicts_everything(
    tmp_path: Path, world: World, environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_cluster(_self: Any) -> Any:
        raise NoCluster("There is no cluster yet.")

    monkeypatch.setattr(ActionModule, "_open", no_cluster)
    made = run(tmp_path, check_mode=True)
    assert [item["action"] for item in made["objects"]] == ["created"] * 4
    for state in ("absent", "synced"):
        assert not run(tmp_path, check_mode=True, state=state)["changed"]


def test_syncing_does_nothing_where_there_is_nothing_to_sync(tmp_path: Path, world: World) -> None:
    assert run(tmp_path, state="synced")["text"] == ["nothing was synced: no keys were given"]
    assert "is not there" in run(tmp_path, state="synced", access_key="AKIANEW", secret_key="new-secret")["text"][0]


def test_syncing_replaces_keys_that_have_ended(
    tmp_path: Path, world: World, environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path)
    good = run(tmp_path, state="synced", access_key="AKIANEW", secret_key="new-secret")
    assert (good["changed"], good["text"]) == (False, ["the keys are good, or none of its own"])
    monkeypatch.setattr(plugin, "IamKeys", lambda *_arguments: FakeAws("AKIANEW", account="111111111111"))
    done = run(tmp_path, state="synced", access_key="AKIANEW", secret_key="new-secret")
    assert (done["changed"], done["restarted"], world.restarts) == (True, True, 1)


def test_an_identity_without_keys_leaves_those_of_the_environment_alone(
    tmp_path: Path, world: World, environment: None
) -> None:
    source = {"kind": "static", "name": "aws-cluster-identity"}
    made = run(tmp_path, kind="role", name="p", role_arn="arn:aws:iam::123456789012:role/a", source_identity=source)
    assert (made["keys_from"], made["secret"], made["identity"]["kind"]) == ("none", "", "AWSClusterRoleIdentity")
    assert not [path for path in world.objects if "/secrets/" in path]


def test_the_documentation_has_the_options_of_the_action() -> None:
    documented = yaml.safe_load(module.DOCUMENTATION)["options"]
    assert set(documented) == set(ActionModule.options)
    for name, option in documented.items():
        assert option.pop("description")
        given = {key: value for key, value in ActionModule.options[name].items() if key != "no_log"}
        if name == "source_identity":
            assert set(option.pop("suboptions")) == set(given.pop("options"))
        assert option == given, name
    assert yaml.safe_load(module.RETURN)
    assert yaml.safe_load(module.EXAMPLES)
