# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module aws_preflight in an account that asks for permissions and has the quotas of a new one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest

from ansible_collections.mke4k.core.plugins.action.aws_preflight import ActionModule
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.policies import CHECKS, CONTROLLERS
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from tests.aws.bed import Aws, Keys
from tests.integration.aws.clusters import make_network

PROFILE = "control-plane.cluster-api-provider-aws.sigs.k8s.io"
AL2023 = {"format": "al2023-ami-2023.*", "org": "137112412989"}


def actions_of(*policies: Any) -> List[str]:
    return [name for policy in policies for each in policy.statements for name in each.action_names()]


class Account:
    def __init__(self, aws: Aws, keys: Keys, folder: Path) -> None:
        self.aws = aws
        self.keys = keys
        self.folder = folder

    def run(self, *children: Dict[str, Any], **arguments: Any) -> Dict[str, Any]:
        reach = {**self.keys.options, "endpoint_url": self.aws.url}
        found = action(ActionModule, self.folder, {**reach, "children": list(children), **arguments})
        result: Dict[str, Any] = found.run(task_vars={})
        return result

    def told(self, severity: str, *children: Dict[str, Any], **arguments: Any) -> List[Dict[str, str]]:
        """The findings of this severity."""
        result = self.run(*children, **{"fail_on": "never", **arguments})
        assert not result.get("failed"), result["msg"]
        return [each for each in result["findings"] if each["severity"] == severity]

    def only(self, severity: str, *children: Dict[str, Any], **arguments: Any) -> Dict[str, str]:
        found = self.told(severity, *children, **arguments)
        assert len(found) == 1, found
        return found[0]


@pytest.fixture
def account(aws: Aws, tmp_path: Path) -> Account:
    """With room for what one child needs, its instance profile, and keys that have the policies and nothing else."""
    aws.reset(auth=True)
    iam = aws.client("iam")
    iam.create_role(RoleName=PROFILE, AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName=PROFILE)
    iam.add_role_to_instance_profile(InstanceProfileName=PROFILE, RoleName=PROFILE)
    return Account(aws, aws.user_with(actions=actions_of(CONTROLLERS, CHECKS), name="checker"), tmp_path)


def child(name: str = "prod", region: str = "eu-west-1", **more: Any) -> Dict[str, Any]:
    machines = {"iam_instance_profile": PROFILE, "image_lookup": AL2023, "root_volume_size": 32}
    return {
        "name": name,
        "region": region,
        "control_plane_number": 3,
        "workers_number": 2,
        "availability_zones": 3,
        "ssh_key_name": "",
        "exists": False,
        "control_plane": {"instance_type": "m5.xlarge", **machines},
        "worker": {"instance_type": "m5.large", **machines},
        **more,
    }


def of(machines: str, **more: Any) -> Dict[str, Any]:
    return {machines: {**child()[machines], **more}}


def test_an_account_with_room_has_no_errors(account: Account) -> None:
    result = account.run(child())
    assert not result.get("failed"), result["msg"]
    assert result["error_count"] == 0
    assert result["unchecked_count"] == 0, result["text"]
    assert {each["check"] for each in result["findings"]} >= {
        "identity", "regions", "quotas", "instance_types", "images", "instance_profiles", "permissions", "leftovers",
    }  # fmt: skip


def test_it_changes_nothing(account: Account) -> None:
    account.aws.forget_calls()
    account.run(child(), child("two"), child("three", "us-east-1"))
    assert not account.aws.actions(changing=True)


def test_a_second_child_lacks_elastic_ips_and_is_told_both_ways_out(account: Account) -> None:
    result = account.run(child(), child("second"))
    assert result["failed"]
    message = result["msg"]
    assert "Elastic IPs (L-0263D0A3): 6 needed, 0 of 5 used: 1 Elastic IPs too few." in message
    assert (
        "aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-0263D0A3"
        " --desired-value 6 --region eu-west-1"
    ) in message
    assert "availability_zones: 1" in message


def test_what_is_used_already_counts(account: Account) -> None:
    make_network(account.aws, "other", zones=3)
    found = account.only("error", child(), checks=["quotas"])
    assert "3 needed, 3 of 5 used" in found["message"]


def test_children_that_are_there_need_nothing_more(account: Account) -> None:
    make_network(account.aws, "prod", zones=3)
    assert not account.told("error", child(exists=True))


def test_one_zone_saves_elastic_ips(account: Account) -> None:
    found = [child(f"c-{number}", availability_zones=1) for number in range(3)]
    account.aws.quotas({"L-1216C47A": 100})
    assert not account.told("error", *found, checks=["quotas"])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("L-F678F1CE", "VPCs"),
        ("L-A4707A72", "Internet gateways"),
        ("L-FE5A380F", "NAT gateways"),
        ("L-1216C47A", "vCPUs"),
        ("L-E9E9831D", "Classic Load Balancers"),
    ],
)
def test_each_quota_is_weighed(account: Account, code: str, said: str) -> None:
    account.aws.quotas({code: 0})
    found = account.only("error", child(), checks=["quotas"])
    assert code in found["message"]
    assert said in found["message"]


def test_regions_are_weighed_each_for_itself(account: Account) -> None:
    assert not account.told("error", child(), child("two", "us-east-1"), checks=["quotas"])


def test_an_unknown_region_is_said_to_be_so(account: Account) -> None:
    found = account.only("error", child(region="eu-nowhere-1"))
    assert "no region eu-nowhere-1" in found["message"]


def test_an_unknown_instance_type_is_said_to_be_so(account: Account) -> None:
    found = account.only("error", child(**of("worker", instance_type="m5.huge")))
    assert found["check"] == "instance_types"
    assert "m5.huge" in found["message"]


def test_an_image_for_another_architecture_is_refused(account: Account) -> None:
    found = account.only("error", child(**of("worker", ami_id="ami-0a2023251014fa640")))
    assert "is for arm64, but m5.large of the worker is x86_64" in found["message"]


def test_arm_machines_get_the_image_for_arm(account: Account) -> None:
    found = account.told("ok", child(**of("worker", instance_type="m6g.large")), checks=["images"])
    assert any("ami-0a2023251014fa640" in each["message"] for each in found)


def test_the_newest_image_is_taken(account: Account) -> None:
    found = account.told("ok", child(), checks=["images"])
    assert all("ami-0a2023251014f8664" in each["message"] for each in found)


@pytest.mark.parametrize(
    "given", [{"ami_id": "ami-0123456789abcdef0"}, {"image_lookup": {"format": "no-such-*", "org": "137112412989"}}]
)
def test_an_image_that_is_not_there_is_an_error(account: Account, given: Dict[str, Any]) -> None:
    found = account.only("error", child(**of("worker", **given)))
    assert found["check"] == "images"


def test_a_root_volume_smaller_than_the_image_is_refused(account: Account) -> None:
    found = account.told("error", child(**of("worker", root_volume_size=1)))
    assert [each["check"] for each in found] == ["images"]
    assert "root_volume_size" in found[0]["remedy"]


@pytest.mark.parametrize(("key", "wanted"), [("ops", "ops"), (None, "default")])
def test_a_key_pair_that_is_not_there_is_an_error(account: Account, key: Optional[str], wanted: str) -> None:
    found = account.only("error", child(ssh_key_name=key))
    assert f"no key pair {wanted} in eu-west-1" in found["message"]
    account.aws.client("ec2", "eu-west-1").create_key_pair(KeyName=wanted)
    assert not account.told("error", child(ssh_key_name=key))


def test_an_instance_profile_has_to_be_there_with_a_role(account: Account) -> None:
    account.aws.client("iam").create_instance_profile(InstanceProfileName="empty")
    wrong = {**of("worker", iam_instance_profile="empty"), **of("control_plane", iam_instance_profile="none")}
    messages = [each["message"] for each in account.told("error", child(**wrong), checks=["instance_profiles"])]
    assert messages == ["The instance profile empty has no role.", "There is no instance profile none."]


def test_leftovers_of_the_same_name_are_an_error_that_names_them(account: Account) -> None:
    made = make_network(account.aws, "prod")
    found = account.only("error", child(), checks=["leftovers"])
    assert made.one("nat-gateway") in found["message"]
    assert "aws_orphans" in found["remedy"]
    assert not account.told("error", child("prod-eu"), child(exists=True), checks=["leftovers"])


def test_a_load_balancer_of_somebody_with_the_name_of_the_child_is_an_error(account: Account) -> None:
    other = make_network(account.aws, "other")
    account.aws.client("elb", "eu-west-1").create_load_balancer(
        LoadBalancerName="prod-apiserver",
        Subnets=other.ids["subnet"][:1],
        Listeners=[{"Protocol": "TCP", "LoadBalancerPort": 1, "InstancePort": 1}],
    )
    assert "prod-apiserver" in account.only("error", child(), checks=["load_balancer_names"])["message"]


def test_a_permission_that_lacks_is_named(account: Account) -> None:
    actions = [name for name in actions_of(CONTROLLERS, CHECKS) if name != "ec2:CreateVpc"]
    account.keys = account.aws.user_with(actions=actions, name="less")
    found = account.only("error", child(), checks=["permissions"])
    assert "user/less is not allowed: ec2:CreateVpc" in found["message"]


def test_without_simulation_a_dry_run_tells(account: Account) -> None:
    actions = [name for name in actions_of(CONTROLLERS, CHECKS) if name not in SIMULATION]
    account.keys = account.aws.user_with(actions=actions, name="less")
    assert "iam:SimulatePrincipalPolicy" in account.only("unchecked", child(), checks=["permissions"])["message"]
    bad = [name for name in actions if name != "ec2:AllocateAddress"]
    account.keys = account.aws.user_with(actions=bad, name="least")
    assert "ec2:AllocateAddress" in account.only("error", child(), checks=["permissions", "images"])["message"]


SIMULATION = ("iam:SimulatePrincipalPolicy",)


@pytest.mark.parametrize(
    ("denied", "check"),
    [
        ("servicequotas:GetServiceQuota", "quotas"),
        ("ec2:DescribeInstanceTypes", "instance_types"),
        ("ec2:DescribeInstanceTypeOfferings", "instance_types"),
        ("ec2:DescribeImages", "images"),
        ("ec2:DescribeAvailabilityZones", "instance_types"),
        ("ec2:DescribeNatGateways", "quotas"),
        ("iam:GetInstanceProfile", "instance_profiles"),
        ("ec2:DescribeRegions", "regions"),
        ("ec2:DescribeVolumes", "leftovers"),
    ],
)
def test_what_is_denied_is_unchecked_with_the_missing_action(account: Account, denied: str, check: str) -> None:
    account.aws.faults.deny(denied)
    found = account.told("unchecked", child(), checks=[check])
    assert any(denied in each["message"] for each in found), found


def test_elastic_ips_are_weighed_without_service_quotas(account: Account) -> None:
    account.aws.faults.deny("servicequotas:GetServiceQuota")
    found = account.told("error", child(), child("two"), checks=["quotas"])
    assert ["L-0263D0A3" in each["message"] for each in found] == [True]


def test_what_could_not_be_checked_can_be_made_a_failure(account: Account) -> None:
    account.aws.faults.deny("ec2:DescribeNatGateways")
    assert account.run(child(), fail_on="unchecked")["failed"]


def test_types_are_asked_once_for_all_children_of_a_region(account: Account) -> None:
    account.aws.quotas({"L-0263D0A3": 1000, "L-F678F1CE": 1000, "L-A4707A72": 1000, "L-FE5A380F": 1000,
                        "L-1216C47A": 10000, "L-E9E9831D": 1000})  # fmt: skip
    few = account.run(child())["api_requests"]
    result = account.run(*[child(f"c-{number}") for number in range(50)])
    assert not result.get("failed"), result["msg"]
    assert result["api_requests"] <= few + 2


def test_keys_that_aws_does_not_know_are_said_to_be_so(account: Account) -> None:
    account.keys = Keys("AKIAUNKNOWN", "nothing")
    result = account.run(child())
    assert result["failed"]
    assert "AWS does not know the keys" in result["msg"]
