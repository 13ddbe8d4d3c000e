# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of aws_iam, on an AWS in this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from moto.ec2.models import EC2Backend

from ansible_collections.mke4k.core.plugins.action.aws_iam import ActionModule
from ansible_collections.mke4k.core.plugins.module_utils._aws.client import Client
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AlreadyThere, Missing, NotAllowed
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.policies import BOOTSTRAP, REMOVAL
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.stack import ID_TAG
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.steps import Patience
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess
from ansible_collections.mke4k.core.plugins.modules import aws_iam as documentation
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action

from .accounts import empty_account

KEYS = {"access_key": "testing", "secret_key": "testing-secret", "region": "us-east-1"}
SUFFIX = ".cluster-api-provider-aws.sigs.k8s.io"
STACK_ID = "arn:aws:cloudformation:us-east-1:123456789012:stack/team/5c9"


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    few = [region for region in EC2Backend.regions if region.name in ("us-east-1", "us-west-2")]
    monkeypatch.setattr(EC2Backend, "regions", few)
    with empty_account(monkeypatch):
        yield


def iam() -> Client:
    return AwsAccess.of(KEYS, {}).client("iam")


def run(folder: Path, *, check_mode: bool = False, diff: bool = False, **arguments: Any) -> dict[str, Any]:
    found = action(ActionModule, folder, {**KEYS, "eks": False, **arguments}, check_mode=check_mode, diff=diff)
    return dict(found.run(task_vars={}))


def failing(monkeypatch: pytest.MonkeyPatch, method: str, *errors: Exception) -> None:
    """The next calls of this method fail."""
    real, left = Client.__getattr__, list(errors)

    def lookup(self: Client, name: str) -> Any:
        def fails(**_arguments: Any) -> Any:
            raise left.pop(0)

        return fails if name == method and left else real(self, name)

    monkeypatch.setattr(Client, "__getattr__", lookup)


def test_it_is_made_once(tmp_path: Path) -> None:
    predicted = run(tmp_path, check_mode=True, diff=True, user="u", user_key_file=str(tmp_path / "key"))
    assert len(predicted["diff"]) == 6
    done = run(tmp_path, user="u", user_key_file=str(tmp_path / "key"))
    assert (done["changes"], done["diff"]) == (predicted["changes"], [])
    again = run(tmp_path, user="u", user_key_file=str(tmp_path / "key"))
    assert (again["changed"], again["user"]["action"]) == (False, "unchanged")
    assert again["text"][0].split() == ["KIND", "NAME", "ACTION"]
    assert again["user"]["access_key_id"] == done["user"]["access_key_id"] != ""


def test_a_key_alone_is_a_change_of_the_user(tmp_path: Path) -> None:
    run(tmp_path, user="u")
    result = run(tmp_path, user="u", user_key_in_result=True)
    assert (result["changes"], result["user"]["action"]) == (["user u: access key made"], "updated")
    assert set(result["user"]["key"]) == {"access_key", "secret_key"}


def test_a_key_that_cannot_be_made_says_what_was_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "create_access_key", NotAllowed("no"))
    result = run(tmp_path, user="u", user_key_in_result=True)
    assert (result["failed"], result["changed"], len(result["changes"]) > 10) == (True, True, True)


def test_all_of_it_is_removed(tmp_path: Path) -> None:
    run(tmp_path, user="u", user_key_in_result=True, prefix="a-")
    run(tmp_path, prefix="a-", pass_roles=["more"])
    iam().put_role_policy(RoleName=f"a-nodes{SUFFIX}", PolicyName="own", PolicyDocument=json.dumps(EVERYTHING))
    iam().create_instance_profile(InstanceProfileName="other")
    iam().add_role_to_instance_profile(InstanceProfileName="other", RoleName=f"a-controllers{SUFFIX}")
    result = run(tmp_path, state="absent", user="u", prefix="a-")
    assert f"role a-nodes{SUFFIX}: own policy own removed" in result["changes"]
    assert f"role a-controllers{SUFFIX}: taken out of the instance profile other" in result["changes"]
    assert iam().pages("list_roles", "Roles") == iam().pages("list_users", "Users") == []
    assert run(tmp_path, state="absent", user="u", prefix="a-")["text"] == ["There is nothing of it."]


EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def test_what_others_use_is_removed_only_when_forced(tmp_path: Path) -> None:
    run(tmp_path, user="u")
    assert f"user u has the policy nodes{SUFFIX}" in run(tmp_path, state="absent")["msg"]
    forced = run(tmp_path, state="absent", force=True, check_mode=True)
    assert f"policy nodes{SUFFIX}: detached from user u" in forced["changes"]


def test_where_regions_cannot_be_listed_nothing_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path)
    failing(monkeypatch, "describe_regions", NotAllowed("no", action="ec2:DescribeRegions"))
    assert "ec2:DescribeRegions is not allowed" in run(tmp_path, state="absent")["msg"]


def denied_pages(monkeypatch: pytest.MonkeyPatch, denied: str) -> None:
    real = Client.pages

    def pages(self: Client, method: str, key: str, **arguments: Any) -> Any:
        if method == denied:
            raise NotAllowed("not you")
        return real(self, method, key, **arguments)

    monkeypatch.setattr(Client, "pages", pages)


def test_where_machines_cannot_be_seen_nothing_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path)
    denied_pages(monkeypatch, "describe_instances")
    assert "us-west-2: not you" in run(tmp_path, state="absent")["msg"]


def test_what_somebody_else_makes_meanwhile_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "create_role", AlreadyThere("there", "EntityAlreadyExists"))
    result = run(tmp_path)
    assert {entry["action"] for entry in result["policies"] + result["roles"]} == {"created"}


def test_when_it_stays_there_and_is_not_seen_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "create_role", *[AlreadyThere("there", "EntityAlreadyExists")] * 3)
    assert run(tmp_path)["msg"] == "there"


def test_a_policy_with_another_path_is_found_by_its_name(tmp_path: Path) -> None:
    run(tmp_path, path="/old/")
    result = run(tmp_path)
    assert not result["changed"]
    assert result["policies"][0]["arn"].startswith("arn:aws:iam::123456789012:policy/old/")


def test_where_policies_may_not_be_listed_they_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    denied_pages(monkeypatch, "list_policies")
    assert run(tmp_path)["changed"]


def tagged_role(value: str) -> None:
    iam().create_role(
        RoleName=f"nodes{SUFFIX}",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}),
        Tags=[{"Key": ID_TAG, "Value": value}],
    )


def test_the_tags_of_a_role_tell_its_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tagged_role(STACK_ID)
    failing(monkeypatch, "describe_stacks", NotAllowed("no", action="cloudformation:DescribeStacks"))
    result = run(tmp_path, region="eu-west-1")
    assert result["stack"] == {"name": "team", "region": "us-east-1", "status": "unknown"}
    assert {entry["name"]: entry["action"] for entry in result["roles"]}[f"nodes{SUFFIX}"] == "kept"


def test_roles_of_others_are_kept_where_no_stack_can_be_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tagged_role("of a team")
    failing(monkeypatch, "describe_regions", NotAllowed("no", action="ec2:DescribeRegions"))
    result = run(tmp_path, check_mode=True)
    assert (result["stack"]["status"], {each["action"] for each in result["roles"]}) == ("unknown", {"kept", "created"})
    assert "in another region than us-east-1" in result["notes"][0]
    failing(monkeypatch, "describe_regions", NotAllowed("no", action="ec2:DescribeRegions"))
    assert "force=true where you know" in run(tmp_path, state="absent")["msg"]
    failing(monkeypatch, "describe_regions", NotAllowed("no", action="ec2:DescribeRegions"))
    assert run(tmp_path, state="absent", force=True)["changed"]


def test_a_stack_that_is_gone_owns_nothing(tmp_path: Path) -> None:
    tagged_role(STACK_ID)
    assert f"role nodes{SUFFIX}: trust changed" in run(tmp_path)["changes"]


def test_a_stack_is_not_removed_by_hand(tmp_path: Path) -> None:
    run(tmp_path)
    template = {"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {
        "RoleName": f"eks-controlplane{SUFFIX}", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
    }}}}  # fmt: skip
    AwsAccess.of(KEYS, {}).client("cloudformation").create_stack(
        StackName="cluster-api-provider-aws-sigs-k8s-io", TemplateBody=json.dumps(template)
    )
    assert "delete-cloudformation-stack" in run(tmp_path, state="absent")["msg"]


def test_where_stacks_cannot_be_looked_for_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "describe_stacks", NotAllowed("no", action="cloudformation:DescribeStacks"))
    assert "could not be looked up" in run(tmp_path)["notes"][0]


def test_other_failures_of_cloudformation_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "describe_stacks", Missing("strange", "Strange"))
    assert run(tmp_path)["msg"] == "strange"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"path": "clusters"}, "begins and ends with a slash"),
        ({"user_key_in_result": True}, "user is empty"),
        ({"partition": "aws-cn"}, "in aws. Give the keys"),
        ({"user": "u", "user_key_file": "/"}, "it is a folder"),
    ],
)
def test_options_that_make_no_sense_are_refused(tmp_path: Path, arguments: dict[str, Any], said: str) -> None:
    assert said in run(tmp_path, **arguments)["msg"]


def test_without_somebody_to_tell_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Patience().progress("nothing is shown")
    assert capsys.readouterr().out == ""


def test_the_documentation_has_the_same_options() -> None:
    documented = yaml.safe_load(documentation.DOCUMENTATION)["options"]
    shown = {name: (option["type"], option.get("default")) for name, option in documented.items()}
    assert shown == {name: (option["type"], option.get("default")) for name, option in ActionModule.options.items()}
    assert yaml.safe_load(documentation.RETURN)
    assert yaml.safe_load(documentation.EXAMPLES)


def test_the_documentation_names_every_action_that_is_needed() -> None:
    for table in (BOOTSTRAP, REMOVAL):
        for service, names in table.items():
            for name in names.split():
                assert f"C({service}:{name})" in " ".join(documentation.DOCUMENTATION.split())
