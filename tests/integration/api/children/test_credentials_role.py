# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role as playbooks use it: with keys of the environment, or of a user in IAM, and results for later jobs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.api.bed import Bed
from tests.aws.bed import Aws
from tests.aws.fixtures import aws, aws_server
from tests.integration.input.conftest import Ran, Workplace

from .capa import INFRASTRUCTURE, Capa, capa

__all__ = ["aws", "aws_server", "capa"]
Play = Callable[..., Ran]


@pytest.fixture
def play(bed: Bed, aws: Aws, capa: Capa, tmp_path: Path) -> Play:
    """The role on localhost, with the keys of an administrator in the environment."""
    workplace = Workplace(tmp_path)
    kubeconfig = str(bed.kubeconfig_file(tmp_path))

    def run(*arguments: str, tasks_from: str = "main", **variables: Any) -> Ran:
        given = {"aws_credentials_name": capa.namespace, "aws_credentials_kubeconfig": kubeconfig, **variables}
        role = {"name": "mke4k.core.aws_credentials", "tasks_from": tasks_from}
        tasks = [{"name": "Credential", "ansible.builtin.include_role": role, "vars": given}]
        workplace.write("play.yml", [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}])
        environment = {**aws.environment(), "ANSIBLE_SHOW_CUSTOM_STATS": "true"}
        return workplace.run("ansible-playbook", "play.yml", *arguments, environment=environment)

    return run


def changed(ran: Ran) -> bool:
    assert ran.code == 0, ran.output
    return "changed=0" not in ran.output


def test_the_keys_of_the_environment_become_a_credential_once(play: Play, capa: Capa, aws: Aws) -> None:
    foretold = play("--check", "--diff")
    assert changed(foretold)
    made = play("--diff")
    assert changed(made)
    assert not changed(play())
    for ran in (foretold, made):
        assert aws.admin.access_key not in ran.output
        assert aws.admin.secret_key not in ran.output
    assert f'"credential": "{capa.namespace}-cred"' in made.output.replace("\\n", "")
    assert '"account": "123456789012"' in made.output


def test_a_user_of_its_own_is_made_in_iam_and_its_key_stays(play: Play, capa: Capa, aws: Aws) -> None:
    variables = {"aws_credentials_iam": "true", "aws_credentials_iam_user": "children"}
    foretold = play("--check", **variables)
    assert changed(foretold)
    made = play("-vvv", **variables)
    assert changed(made)
    keys = aws.client("iam").list_access_keys(UserName="children")["AccessKeyMetadata"]
    secret = capa.bed.client.get(f"/api/v1/namespaces/{capa.namespace}/secrets/{capa.namespace}-secret")
    assert secret is not None
    assert len(keys) == 1
    assert secret["data"]["AccessKeyID"] != aws.admin.access_key
    again = play(**variables)
    assert not changed(again)
    after = capa.bed.client.get(f"/api/v1/namespaces/{capa.namespace}/secrets/{capa.namespace}-secret")
    assert after is not None
    assert after["data"] == secret["data"]
    assert not changed(play("--check", **variables))


def test_the_key_of_that_user_can_be_kept_in_a_file(play: Play, capa: Capa, aws: Aws, tmp_path: Path) -> None:
    file = tmp_path / "keys" / "children"
    variables = {"aws_credentials_iam": True, "aws_credentials_iam_key_file": str(file)}
    assert changed(play("--check", **variables))
    assert changed(play(**variables))
    assert not changed(play(**variables))
    capa.bed.client.call("DELETE", f"/api/v1/namespaces/{capa.namespace}/secrets/{capa.namespace}-secret")
    assert changed(play(**variables))
    assert len(aws.client("iam").list_access_keys(UserName="mke-children")["AccessKeyMetadata"]) == 1


def test_syncing_makes_nothing_and_leaves_good_keys_alone(play: Play, capa: Capa) -> None:
    assert not changed(play(tasks_from="sync"))
    assert capa.bed.client.get(f"{INFRASTRUCTURE}/awsclusterstaticidentities/{capa.namespace}") is None
    play()
    assert not changed(play(tasks_from="sync"))


def test_texts_of_a_survey_are_enough(play: Play, capa: Capa) -> None:
    names = (
        *(
            "credential_state",
            "credential_kind",
            "credential",
            "credentials_file",
            "profile",
            "keep_keys",
            "retire_old",
        ),
        *("role_arn", "external_id", "iam", "iam_user", "iam_path", "iam_tags", "endpoint_url"),
    )
    texts = {"wait": "true", "timeout": "60", "settle": "1", "duration_seconds": "0", "verify": "yes"}
    given = {
        **{f"mke4k_aws_{name}": "" for name in names},
        **{f"aws_credentials_{name}": texts[name] for name in texts},
    }
    assert changed(play(**given))
    assert changed(play(**given, aws_credentials_state="absent"))
    assert not changed(play(**given, aws_credentials_state="absent"))
