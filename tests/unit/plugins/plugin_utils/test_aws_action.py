# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the keys of an action come from, where they never appear, and what becomes of errors."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.doc_fragments._aws import ModuleDocFragment
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, NotAllowed
from ansible_collections.mke4k.core.plugins.module_utils._config.errors import ReportedError
from ansible_collections.mke4k.core.plugins.plugin_utils import _aws_action
from ansible_collections.mke4k.core.plugins.plugin_utils._aws_action import AWS_OPTIONS, AwsAction, AwsMixin
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action

KEYS = {"access_key": "AKIAEXAMPLE", "secret_key": "hush-secret-123", "session_token": "hush-token-123"}


class Probe(AwsAction):
    """Does what the test says."""

    options = {"wish": {"type": "str"}}

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        return dict(self.does())


class Both(AwsMixin, KubeAction):
    """Talks to both APIs."""

    options = {**AWS_OPTIONS}

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        raise NotAllowed("AWS said no.", "AccessDenied", action="iam:CreateUser")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION",
                 "AWS_DEFAULT_REGION"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(_aws_action, "load_extra_vars", lambda _loader: {})


def probe(folder: Path, does: Any = lambda: {"changed": False}, **arguments: Any) -> Any:
    found = action(Probe, folder, arguments)
    found.does = does
    return found


def with_environment(found: Any, given: dict[str, str]) -> Any:
    """The task has the keyword environment."""
    found._task.environment = [given]
    found._templar = SimpleNamespace(template=lambda value: value)
    found._connection._shell.env_prefix = lambda **_all: ""
    return found


def test_an_action_gets_the_way_to_aws_of_its_options(tmp_path: Path) -> None:
    found = probe(tmp_path, **KEYS, region="eu-west-1")
    found.does = lambda: {"region": found.aws.region, "same": found.aws is found.aws, "source": found.aws.source}
    result = found.run(task_vars={})
    assert (result["region"], result["same"], result["source"]) == ("eu-west-1", True, "explicit")
    assert result["api_requests"] == 0


def test_options_may_have_the_names_of_environment_variables(tmp_path: Path) -> None:
    found = probe(tmp_path, aws_access_key_id="A", aws_secret_access_key="S", aws_region="eu-west-1")
    found.does = lambda: {"key": found.aws.settings.access_key, "region": found.aws.region}
    result = found.run(task_vars={})
    assert (result["key"], result["region"]) == ("A", "eu-west-1")


def test_the_environment_of_the_task_counts_and_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    given = {"AWS_ACCESS_KEY_ID": "AKIATASK", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-north-1"}
    found = with_environment(probe(tmp_path), given)
    found.does = lambda: {"region": found.aws.region, "source": found.aws.source}
    result = found.run(task_vars={})
    assert (result["region"], result["source"]) == ("eu-north-1", "env")
    assert os.environ["AWS_REGION"] == "us-east-1"
    assert "AWS_ACCESS_KEY_ID" not in os.environ


def test_no_key_is_in_a_result(tmp_path: Path) -> None:
    result = probe(tmp_path, lambda: {"text": ["with hush-secret-123 and hush-token-123"]}, **KEYS).run(task_vars={})
    assert "hush" not in str(result)


def test_keys_out_of_extra_variables_are_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"unrelated": 1, "aws": {"keys": ["hush-secret-123"]}}
    monkeypatch.setattr(_aws_action, "load_extra_vars", lambda _loader: extra)
    (warning,) = probe(tmp_path, **KEYS).run(task_vars={})["warnings"]
    assert warning.startswith("The value of secret_key comes from the extra variables")
    assert "hush" not in warning


def test_keys_out_of_other_places_are_not_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_aws_action, "load_extra_vars", lambda _loader: {"region": "eu-west-1"})
    assert "warnings" not in probe(tmp_path, **KEYS).run(task_vars={})


def test_an_encrypted_extra_variable_that_cannot_be_opened_is_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Sealed(str):
        """As the vault text of Ansible without its password."""

        __slots__ = ()

        def __str__(self) -> str:
            raise AnsibleError("no password")

    monkeypatch.setattr(_aws_action, "load_extra_vars", lambda _loader: {"sealed": Sealed("x")})
    assert "warnings" not in probe(tmp_path, **KEYS).run(task_vars={})


@pytest.mark.parametrize("error", [AwsError("No.", "Blocked"), ReportedError("No.", code="Blocked")])
def test_errors_of_every_layer_become_a_failure(tmp_path: Path, error: ReportedError) -> None:
    def fails() -> dict[str, Any]:
        raise error

    result = probe(tmp_path, fails).run(task_vars={})
    assert (result["failed"], result["msg"], result["code"]) == (True, "No.", "Blocked")


def test_an_action_may_talk_to_both_apis(tmp_path: Path) -> None:
    found = action(Both, tmp_path, {"region": "eu-west-1"})
    result = found.run(task_vars={})
    assert (result["failed"], result["action"], found.aws_requests) == (True, "iam:CreateUser", 0)
    assert found.aws.region == "eu-west-1"


def test_an_action_knows_of_check_mode_and_diff_and_tells_progress(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = action(Probe, tmp_path, {}, check_mode=True, diff=True)
    found.does = lambda: found.progress("half way") or {"modes": (found.check_mode, found.diff)}
    assert found.run(task_vars={"inventory_hostname": "here"})["modes"] == (True, True)
    assert "[here] half way" in capsys.readouterr().out


def test_the_documentation_has_the_same_options() -> None:
    import yaml  # noqa: PLC0415

    documented = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
    assert {name: option.get("aliases") for name, option in documented.items()} == {
        name: option.get("aliases") for name, option in AWS_OPTIONS.items()
    }
    assert {name: (option["type"], option.get("default")) for name, option in documented.items()} == {
        name: (option["type"], option.get("default")) for name, option in AWS_OPTIONS.items()
    }
