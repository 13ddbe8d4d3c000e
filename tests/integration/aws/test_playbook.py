# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""aws_iam as a task of a playbook: where its keys come from, and that no log has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict

import pytest

from tests.aws.bed import Aws
from tests.integration.input.conftest import Workplace


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path)


def task(**arguments: Any) -> Dict[str, Any]:
    return {"mke4k.core.aws_iam": {"eks": False, **arguments}}


def test_the_environment_that_awx_injects_is_enough(aws: Aws, workplace: Workplace) -> None:
    aws.reset(auth=True)
    workplace.write("play.yml", [{"hosts": "localhost", "gather_facts": False, "tasks": [task(), task()]}])
    ran = workplace.run("ansible-playbook", "play.yml", "-vvv", environment=aws.environment())
    assert ran.code == 0, ran.output
    assert "changed=1" in ran.output
    assert aws.admin.secret_key not in ran.output


def test_the_keyword_environment_of_a_task_counts(aws: Aws, workplace: Workplace) -> None:
    aws.reset(auth=True)
    secret = workplace.write("secret", aws.admin.secret_key)
    reach = {**aws.environment(), "AWS_SECRET_ACCESS_KEY": "{{ lookup('file', '" + str(secret) + "') }}"}
    tasks = [{**task(), "environment": reach}, task(endpoint_url=aws.url)]
    done, without = workplace.play(*tasks, arguments=["-vvv"])
    assert done.result["changed"], done.output
    assert without.result["failed"]
    assert aws.admin.secret_key not in done.output
    assert done.result["api_requests"] == len([call for call in aws.calls if call["key"] == aws.admin.access_key])


def test_keys_of_the_command_line_are_warned_of_and_never_shown(aws: Aws, workplace: Workplace) -> None:
    aws.reset(auth=True)
    given = {"access_key": aws.admin.access_key, "secret_key": "{{ secret }}", "endpoint_url": aws.url}
    found, wrong = workplace.play(
        task(**given, region="eu-west-1"),
        task(**{**given, "access_key": "AKIAWRONG"}, region="eu-west-1"),
        arguments=["-vvv", "-e", f"secret={aws.admin.secret_key}"],
    )
    assert found.result["changed"], found.output
    assert "comes from the extra variables" in found.result["warnings"][0]
    assert "AWS does not know the keys" in wrong.result["msg"]
    assert aws.admin.secret_key not in found.output


def test_a_key_file_of_the_user_serves_the_next_task(aws: Aws, workplace: Workplace) -> None:
    aws.reset(auth=True)
    path = str(workplace.folder / "children.credentials")
    admin = aws.environment()
    user = {name: value for name, value in admin.items() if "KEY" not in name}
    made, used = workplace.play(
        {**task(user="children", user_key_file=path), "environment": admin},
        {**task(), "environment": {**user, "AWS_SHARED_CREDENTIALS_FILE": path}},
    )
    assert made.result["user"]["action"] == "created", made.output
    assert "user/children is not authorized to perform: iam:GetPolicy" in used.result["msg"]
