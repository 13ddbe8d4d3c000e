# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module aws_iam in an account that asks for permissions."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from ansible_collections.mke4k.core.plugins.action.aws_iam import ActionModule
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.policies import BOOTSTRAP, REMOVAL
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from tests.aws.bed import Aws, Keys

SUFFIX = ".cluster-api-provider-aws.sigs.k8s.io"

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def actions_of(*tables: Dict[str, str]) -> List[str]:
    return [f"{service}:{name}" for table in tables for service, names in table.items() for name in names.split()]


class Account:
    """Runs the module with the keys of somebody."""

    def __init__(self, aws: Aws, keys: Keys, folder: Path) -> None:
        self.aws = aws
        self.keys = keys
        self.folder = folder

    def run(self, *, check_mode: bool = False, diff: bool = False, **arguments: Any) -> Dict[str, Any]:
        reach = {**self.keys.options, "endpoint_url": self.aws.url, "region": "eu-west-1"}
        found = action(ActionModule, self.folder, {**reach, **arguments}, check_mode=check_mode, diff=diff)
        result: Dict[str, Any] = found.run(task_vars={})
        return result

    def done(self, **arguments: Any) -> Dict[str, Any]:
        result = self.run(**arguments)
        assert not result.get("failed"), result["msg"]
        return result

    def failure(self, **arguments: Any) -> str:
        result = self.run(**arguments)
        assert result.get("failed"), result
        return str(result["msg"])


@pytest.fixture
def account(aws: Aws, tmp_path: Path) -> Account:
    """That of an administrator who may do what the module says it needs, and nothing else."""
    aws.reset(auth=True)
    return Account(aws, aws.user_with(actions=actions_of(BOOTSTRAP, REMOVAL), name="administrator"), tmp_path)


def names(entries: Sequence[Dict[str, str]]) -> List[str]:
    return [entry["name"].replace(SUFFIX, "") for entry in entries]


def test_it_makes_what_clusterawsadm_makes(account: Account) -> None:
    result = account.done()
    assert names(result["roles"]) == ["control-plane", "controllers", "nodes", "eks-controlplane"]
    assert names(result["instance_profiles"]) == ["control-plane", "controllers", "nodes"]
    assert names(result["policies"]) == ["control-plane", "nodes", "controllers", "controllers-eks"]
    iam = account.aws.client("iam")
    attached = {
        role["name"].replace(SUFFIX, ""): sorted(
            each["PolicyName"].replace(SUFFIX, "")
            for each in iam.list_attached_role_policies(RoleName=role["name"])["AttachedPolicies"]
        )
        for role in result["roles"]
    }
    assert attached == {
        "control-plane": ["control-plane", "controllers", "controllers-eks", "nodes"],
        "controllers": ["controllers", "controllers-eks"],
        "nodes": ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "nodes"],
        "eks-controlplane": ["AmazonEKSClusterPolicy"],
    }
    profile = iam.get_instance_profile(InstanceProfileName=f"nodes{SUFFIX}")["InstanceProfile"]
    assert [role["RoleName"] for role in profile["Roles"]] == [f"nodes{SUFFIX}"]


def test_a_second_run_changes_nothing(account: Account) -> None:
    arguments = {"user": "children", "tags": {"team": "platform"}, "checks": True}
    assert account.done(**arguments)["changed"]
    again = account.done(**arguments)
    assert (again["changed"], again["changes"]) == (False, [])
    assert {entry["action"] for entry in again["roles"] + again["policies"] + again["instance_profiles"]} == {
        "unchanged"
    }


def test_check_mode_says_what_a_run_does_and_does_nothing(account: Account, tmp_path: Path) -> None:
    arguments = {"user": "children", "user_key_file": str(tmp_path / "key"), "tags": {"team": "platform"}}
    account.aws.forget_calls()
    predicted = account.done(check_mode=True, **arguments)
    assert account.aws.actions(changing=True) == []
    assert not (tmp_path / "key").exists()
    done = account.done(**arguments)
    assert predicted["changes"] == done["changes"]
    assert predicted["changed"]
    assert [entry["arn"] for entry in predicted["roles"]] == [entry["arn"] for entry in done["roles"]]


def test_without_eks_nothing_of_eks_is_granted(account: Account) -> None:
    result = account.done(eks=False)
    assert names(result["roles"]) == ["control-plane", "controllers", "nodes"]
    assert names(result["policies"]) == ["control-plane", "nodes", "controllers"]
    assert not [change for change in result["changes"] if "EKS" in change]


def test_a_changed_policy_gets_a_new_version_and_is_shown(account: Account) -> None:
    account.done()
    changed = account.done(diff=True, pass_roles=["my-machines"])
    assert changed["changes"] == [f"policy controllers{SUFFIX}: new version made the default"]
    (shown,) = changed["diff"]
    assert "role/my-machines" in shown["after"]
    assert "role/my-machines" not in shown["before"]


def test_a_policy_with_five_versions_loses_its_oldest_one(account: Account) -> None:
    for number in range(6):
        account.done(eks=False, pass_roles=[f"role-{number}"])
    iam = account.aws.client("iam")
    arn = f"arn:aws:iam::123456789012:policy/controllers{SUFFIX}"
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert sorted(each["VersionId"] for each in versions) == ["v2", "v3", "v4", "v5", "v6"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId="v6")["PolicyVersion"]["Document"]
    assert "role/role-5" in json.dumps(document)


def test_the_key_of_the_user_is_written_for_its_owner_alone_and_kept(account: Account, tmp_path: Path) -> None:
    path = tmp_path / "folder" / "key"
    first = account.done(eks=False, user="children", user_key_file=str(path))
    text = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert first["user"]["access_key_id"] in text
    secret = text.split("aws_secret_access_key = ")[1].strip()
    assert secret not in json.dumps(first)
    again = account.done(eks=False, user="children", user_key_file=str(path))
    assert (again["changed"], path.read_text()) == (False, text)
    keys = Keys(first["user"]["access_key_id"], secret)
    assert account.aws.client("sts", keys=keys).get_caller_identity()["Arn"].endswith(":user/children")


def test_the_key_is_returned_only_when_asked_for(account: Account) -> None:
    assert "key" not in account.done(eks=False, user="children")["user"]
    shown = account.done(eks=False, user="children", user_key_in_result=True)["user"]
    assert shown["key"]["access_key"] == shown["access_key_id"]
    again = account.done(eks=False, user="children", user_key_in_result=True)
    assert not again["changed"]
    assert "shows its secret part to nobody again" in again["notes"][0]


def test_with_two_lost_keys_it_says_what_to_do(account: Account, tmp_path: Path) -> None:
    for _number in range(2):
        path = tmp_path / "key"
        account.done(eks=False, user="children", user_key_file=str(path))
        path.unlink()
    message = account.failure(eks=False, user="children", user_key_file=str(tmp_path / "key"))
    assert "AWS allows no third one" in message
    assert "delete-access-key" in message


CAPA_CALLS: Tuple[Tuple[str, str, Dict[str, Any]], ...] = (
    ("ec2", "describe_vpcs", {}),
    ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"}),
    ("ec2", "describe_availability_zones", {}),
    ("ec2", "create_internet_gateway", {}),
    ("ec2", "allocate_address", {"Domain": "vpc"}),
    ("ec2", "describe_nat_gateways", {}),
    ("ec2", "describe_security_groups", {}),
    ("ec2", "describe_images", {"Owners": ["137112412989"]}),
    ("ec2", "describe_instance_types", {"InstanceTypes": ["m5.large"]}),
    ("ec2", "run_instances", {"ImageId": "ami-0a2023251014f8664", "MinCount": 1, "MaxCount": 1,
                              "InstanceType": "m5.large",
                              "IamInstanceProfile": {"Name": f"control-plane{SUFFIX}"}}),
    ("elb", "describe_load_balancers", {}),
    ("elbv2", "describe_target_groups", {}),
    ("resourcegroupstaggingapi", "get_resources", {}),
)  # fmt: skip


def test_the_user_may_do_what_cluster_api_does_and_nothing_else(account: Account) -> None:
    key = account.done(eks=False, user="children", user_key_in_result=True)["user"]["key"]
    keys = Keys(key["access_key"], key["secret_key"])
    for service, method, arguments in CAPA_CALLS:
        getattr(account.aws.client(service, "eu-west-1", keys), method)(**arguments)
    stranger = account.aws.user_with()
    for service, method, arguments in CAPA_CALLS:
        with pytest.raises(ClientError, match=r"UnauthorizedOperation|AccessDenied"):
            getattr(account.aws.client(service, "eu-west-1", stranger), method)(**arguments)
    for service, method, arguments in (("iam", "list_users", {}), ("ec2", "create_key_pair", {"KeyName": "k"})):
        with pytest.raises(ClientError, match=r"UnauthorizedOperation|AccessDenied"):
            getattr(account.aws.client(service, "eu-west-1", keys), method)(**arguments)


@pytest.mark.parametrize("stop", [1, 4, 9, 15, 20])
def test_a_run_that_is_killed_midway_is_finished_by_the_next(account: Account, stop: int) -> None:
    account.aws.faults.expect("iam", "[CA][rtd]*", "ServiceFailure", "gone", after=stop, status=500)
    broken = account.run(user="children", tags={"a": "b"})
    account.aws.faults.clear()
    rest = account.done(user="children", tags={"a": "b"})
    assert broken["failed"]
    account.aws.reset(auth=True)
    account.keys = account.aws.user_with(actions=actions_of(BOOTSTRAP, REMOVAL), name="administrator")
    whole = account.done(user="children", tags={"a": "b"})
    assert sorted(broken["changes"] + rest["changes"]) == sorted(whole["changes"])


def test_what_iam_does_not_know_yet_is_asked_again(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    account.aws.faults.expect("iam", "AttachRolePolicy", "NoSuchEntity", "not there yet", times=3)
    account.aws.faults.expect("iam", "AddRoleToInstanceProfile", "NoSuchEntity", "not there yet", times=2)
    assert account.done()["changed"]
    assert not account.done()["changed"]


def test_what_somebody_else_makes_at_the_same_time_is_used(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    account.done()
    account.aws.faults.expect("iam", "GetRole", "NoSuchEntity", "not there yet", times=1)
    result = account.done()
    assert not result["changed"]
    assert {entry["action"] for entry in result["roles"]} == {"unchanged"}


def test_a_missing_permission_is_named(account: Account) -> None:
    account.aws.faults.deny("iam:CreateRole")
    result = account.run()
    assert "Allow the action iam:CreateRole" in result["msg"]
    assert "account 123456789012" in result["msg"]
    assert (result["action"], result["code"], result["changed"]) == ("iam:CreateRole", "AccessDenied", True)
    assert len(result["changes"]) == 4


def test_other_names_paths_boundaries_and_tags(account: Account) -> None:
    boundary = account.aws.client("iam").create_policy(PolicyName="boundary", PolicyDocument=json.dumps(EVERYTHING))[
        "Policy"
    ]["Arn"]
    arguments = {
        "prefix": "team-", "suffix": ".x", "path": "/clusters/", "permissions_boundary": boundary,
        "tags": {"team": "platform"}, "user": "children",
    }  # fmt: skip
    result = account.done(**arguments)
    assert result["policies"][0]["arn"] == "arn:aws:iam::123456789012:policy/clusters/team-control-plane.x"
    iam = account.aws.client("iam")
    role = iam.get_role(RoleName="team-nodes.x")["Role"]
    assert role["Arn"] == result["roles"][2]["arn"] == "arn:aws:iam::123456789012:role/clusters/team-nodes.x"
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
    assert role["Tags"] == [{"Key": "team", "Value": "platform"}]
    assert not account.done(**arguments)["changed"]
    assert not account.done(**{**arguments, "path": "/"})["changed"]
    retagged = account.done(**{**arguments, "tags": {"team": "other"}})
    assert {change.split(": ")[1] for change in retagged["changes"]} == {"tagged team"}


def test_a_partition_that_is_not_that_of_the_keys_is_refused(account: Account) -> None:
    assert "in aws. Give the keys" in account.failure(partition="aws-us-gov")


# The stack of clusterawsadm


def stack(account: Account, lacking: Sequence[str] = (), region: str = "eu-west-1") -> None:
    """As clusterawsadm makes it, of an older release that did not ask for some actions."""
    wanted = account.done(check_mode=True, diff=True)
    documents = {
        each["after_header"].replace("policy ", ""): json.loads(each["after"])
        for each in wanted["diff"]
        if each["after_header"].startswith("policy ")
    }
    resources: Dict[str, Any] = {}
    statement = {"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    for base in ("control-plane", "controllers", "nodes", "eks-controlplane"):
        role = f"Role{base.replace('-', '')}"
        resources[role] = {
            "Type": "AWS::IAM::Role",
            "Properties": {"RoleName": base + SUFFIX, "AssumeRolePolicyDocument": trust},
        }
        if base != "eks-controlplane":
            resources[f"Profile{role}"] = {
                "Type": "AWS::IAM::InstanceProfile",
                "Properties": {"InstanceProfileName": base + SUFFIX, "Roles": [{"Ref": role}]},
            }
    holders = {"control-plane": ["controlplane"], "nodes": ["controlplane", "nodes"]}
    for name, document in documents.items():
        for statement in document["Statement"]:
            statement["Action"] = [each for each in statement["Action"] if each not in lacking]
        roles = holders.get(name.replace(SUFFIX, ""), ["controllers", "controlplane"])
        resources[f"Policy{name.split('.')[0].replace('-', '')}"] = {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "ManagedPolicyName": name,
                "PolicyDocument": document,
                "Roles": [{"Ref": f"Role{role}"} for role in roles],
            },
        }
    account.aws.client("cloudformation", region).create_stack(
        StackName="cluster-api-provider-aws-sigs-k8s-io", TemplateBody=json.dumps({"Resources": resources})
    )


def test_what_a_stack_owns_is_kept_and_used(account: Account) -> None:
    stack(account, lacking=["ec2:GetSecurityGroupsForVpc", "ec2:ReplaceRoute"])
    account.aws.forget_calls()
    result = account.done(user="children")
    assert {entry["action"] for entry in result["roles"] + result["policies"]} == {"kept"}
    assert result["stack"] == {
        "name": "cluster-api-provider-aws-sigs-k8s-io",
        "region": "eu-west-1",
        "status": "CREATE_COMPLETE",
    }
    assert "lacks ec2:getsecuritygroupsforvpc, ec2:replaceroute" in result["notes"][0]
    assert set(account.aws.actions(changing=True)) == {"iam:CreateUser", "iam:AttachUserPolicy"}
    assert not account.done(user="children")["changed"]


def test_a_stack_in_another_region_is_found(account: Account) -> None:
    stack(account, region="us-west-2")
    result = account.done()
    assert (result["stack"]["region"], result["changed"]) == ("us-west-2", False)


def test_what_a_stack_owns_is_changed_when_asked_for(account: Account) -> None:
    stack(account, lacking=["ec2:ReplaceRoute"])
    result = account.done(adopt="update")
    assert f"policy controllers{SUFFIX}: new version made the default" in result["changes"]
    assert f"role nodes{SUFFIX}: policy AmazonEKS_CNI_Policy attached" in result["changes"]
    assert not account.done(adopt="update")["changed"]


def test_what_a_stack_owns_is_not_removed(account: Account) -> None:
    stack(account)
    message = account.failure(state="absent")
    assert "delete-cloudformation-stack" in message


def test_where_stacks_cannot_be_seen_it_says_so(account: Account) -> None:
    account.aws.faults.deny("cloudformation:DescribeStacks")
    result = account.done()
    assert "Allow the action cloudformation:DescribeStacks" in result["notes"][0]


# Removal


def test_removal_leaves_nothing(account: Account) -> None:
    account.done(user="children", user_key_in_result=True, checks=True)
    account.done(user="children", pass_roles=["more"])
    predicted = account.done(check_mode=True, state="absent", user="children")
    done = account.done(state="absent", user="children")
    assert predicted["changes"] == done["changes"]
    iam = account.aws.client("iam")
    assert iam.list_roles()["Roles"] == []
    assert iam.list_instance_profiles()["InstanceProfiles"] == []
    assert iam.list_policies(Scope="Local")["Policies"] == []
    assert {user["UserName"] for user in iam.list_users()["Users"]} == {"bed-admin", "administrator"}
    again = account.done(state="absent", user="children")
    assert (again["changed"], again["text"]) == (False, ["There is nothing of it."])


def test_roles_of_machines_that_run_are_not_removed(account: Account) -> None:
    account.done(eks=False)
    ec2 = account.aws.client("ec2", "us-west-2")
    instance = ec2.run_instances(
        ImageId="ami-0a2023251014f8664", MinCount=1, MaxCount=1, InstanceType="m5.large",
        IamInstanceProfile={"Name": f"nodes{SUFFIX}"},
    )["Instances"][0]["InstanceId"]  # fmt: skip
    account.aws.forget_calls()
    message = account.failure(state="absent")
    assert f"instance {instance} in us-west-2 runs with nodes{SUFFIX}" in message
    assert account.aws.actions(changing=True) == []
    ec2.terminate_instances(InstanceIds=[instance])
    assert account.done(state="absent")["changed"]


def test_policies_of_others_are_not_removed_unless_forced(account: Account) -> None:
    account.done(eks=False, user="children")
    assert f"user children has the policy controllers{SUFFIX}" in account.failure(state="absent")
    forced = account.done(state="absent", force=True)
    assert f"policy controllers{SUFFIX}: detached from user children" in forced["changes"]
    assert account.aws.client("iam").get_user(UserName="children")


def test_where_machines_cannot_be_seen_nothing_is_removed(account: Account) -> None:
    account.done(eks=False)
    account.aws.faults.deny("ec2:DescribeInstances", region="eu-west-1")
    assert "eu-west-1" in account.failure(state="absent")
    assert account.done(state="absent", force=True)["changed"]
