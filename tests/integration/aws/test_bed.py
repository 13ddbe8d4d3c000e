# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests may rely on of the simulated AWS."""

from __future__ import annotations

import time
from typing import Any, Dict

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from tests.aws.bed import Aws

IMAGE = "ami-0a2023251014f8664"


def code_of(client: Any, method: str, **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        getattr(client, method)(**arguments)
    return str(caught.value.response["Error"]["Code"])


@pytest.mark.parametrize(
    ("code", "service", "method", "arguments", "error"),
    [
        ("L-0263D0A3", "ec2", "allocate_address", {"Domain": "vpc"}, "AddressLimitExceeded"),
        ("L-F678F1CE", "ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"}, "VpcLimitExceeded"),
        ("L-A4707A72", "ec2", "create_internet_gateway", {}, "InternetGatewayLimitExceeded"),
        ("L-1216C47A", "ec2", "run_instances",
         {"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1, "InstanceType": "m5.large"}, "VcpuLimitExceeded"),
        ("L-E9E9831D", "elb", "create_load_balancer",
         {"LoadBalancerName": "x", "AvailabilityZones": ["us-east-1a"],
          "Listeners": [{"Protocol": "tcp", "LoadBalancerPort": 1, "InstancePort": 1}]}, "TooManyLoadBalancers"),
    ],
)  # fmt: skip
def test_quotas_hold(aws: Aws, code: str, service: str, method: str, arguments: Dict[str, Any], error: str) -> None:
    client = aws.client(service)
    aws.quotas({code: 1 if code == "L-F678F1CE" else 0})
    assert code_of(client, method, **arguments) == error
    aws.quotas({code: 9})
    getattr(client, method)(**arguments)


def test_nat_gateways_are_counted_by_zone(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    aws.quotas({"L-FE5A380F": 1})
    first, second = ec2.describe_subnets()["Subnets"][:2]
    for subnet in (first, second):
        ec2.create_nat_gateway(SubnetId=subnet["SubnetId"], ConnectivityType="private")
    assert code_of(ec2, "create_nat_gateway", SubnetId=first["SubnetId"]) == "NatGatewayLimitExceeded"


def test_service_quotas_says_the_same(aws: Aws) -> None:
    quotas = aws.client("service-quotas")
    aws.quotas({"L-0263D0A3": 9})
    found = quotas.get_service_quota(ServiceCode="ec2", QuotaCode="L-0263D0A3")["Quota"]
    assert (found["Value"], found["QuotaName"]) == (9.0, "EC2-VPC Elastic IPs")
    default = quotas.get_aws_default_service_quota(ServiceCode="ec2", QuotaCode="L-0263D0A3")["Quota"]
    assert default["Value"] == 5.0
    assert {each["QuotaCode"] for each in quotas.list_service_quotas(ServiceCode="vpc")["Quotas"]} == {
        "L-F678F1CE", "L-A4707A72", "L-FE5A380F",
    }  # fmt: skip
    with pytest.raises(ClientError, match="NoSuchResource"):
        quotas.get_service_quota(ServiceCode="ec2", QuotaCode="L-F678F1CE")


@pytest.mark.parametrize(
    ("service", "method", "code"),
    [
        ("ec2", "describe_vpcs", "UnauthorizedOperation"),
        ("iam", "list_users", "AccessDenied"),
        ("elb", "describe_load_balancers", "AccessDenied"),
        ("resourcegroupstaggingapi", "get_resources", "AccessDeniedException"),
        ("service-quotas", "list_services", "AccessDeniedException"),
        ("ssm", "describe_parameters", "AccessDeniedException"),
    ],
)
def test_denials_have_the_form_of_aws(aws: Aws, service: str, method: str, code: str) -> None:
    aws.reset(auth=True)
    assert code_of(aws.client(service, keys=aws.user_with()), method) == code


def test_what_is_in_use_is_not_removed(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    group = ec2.create_security_group(GroupName="g", Description="g")["GroupId"]
    machine = {"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1, "InstanceType": "m5.large"}
    instance = ec2.run_instances(**machine, SubnetId=subnet, SecurityGroupIds=[group])["Instances"][0]["InstanceId"]
    assert code_of(ec2, "delete_subnet", SubnetId=subnet) == "DependencyViolation"
    assert code_of(ec2, "delete_security_group", GroupId=group) == "DependencyViolation"
    ec2.terminate_instances(InstanceIds=[instance])
    ec2.delete_security_group(GroupId=group)
    ec2.delete_subnet(SubnetId=subnet)


def test_a_gateway_stays_while_a_nat_gateway_is_behind_it(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    where = {"InternetGatewayId": gateway, "VpcId": vpc}
    assert code_of(ec2, "detach_internet_gateway", **where) == "DependencyViolation"
    ec2.delete_nat_gateway(NatGatewayId=nat)
    ec2.detach_internet_gateway(**where)
    ec2.delete_subnet(SubnetId=subnet)
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []


def test_machines_need_a_profile_a_type_and_a_key_pair_that_are_there(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    machine = {"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1, "InstanceType": "m5.large"}
    assert code_of(ec2, "run_instances", **machine, IamInstanceProfile={"Name": "x"}) == "InvalidParameterValue"
    assert code_of(ec2, "run_instances", **machine, KeyName="x") == "InvalidKeyPair.NotFound"
    assert code_of(ec2, "run_instances", **{**machine, "ImageId": "ami-12345678"}) == "InvalidAMIID.NotFound"
    assert code_of(ec2, "run_instances", **{**machine, "InstanceType": "m5.huge"}).startswith("InvalidInstanceType")
    assert ec2.describe_instances()["Reservations"] == []


def test_regions_are_those_that_are_enabled(aws: Aws) -> None:
    ec2 = aws.client("ec2")
    enabled = {each["RegionName"] for each in ec2.describe_regions()["Regions"]}
    everything = {each["RegionName"]: each["OptInStatus"] for each in ec2.describe_regions(AllRegions=True)["Regions"]}
    assert "eu-west-1" in enabled
    assert everything["ap-east-1"] == "not-opted-in"
    assert "ap-east-1" not in enabled
    assert not [name for name in everything if name.startswith(("cn-", "us-gov-"))]


def test_permissions_are_simulated(aws: Aws) -> None:
    keys = aws.user_with(actions=["ec2:Describe*"])
    answer = aws.client("iam").simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::123456789012:user/{keys.user}",
        ActionNames=["ec2:DescribeVpcs", "ec2:RunInstances"],
    )
    decisions = {each["EvalActionName"]: each["EvalDecision"] for each in answer["EvaluationResults"]}
    assert decisions == {"ec2:DescribeVpcs": "allowed", "ec2:RunInstances": "implicitDeny"}


def test_faults_meet_as_many_calls_as_expected(aws: Aws) -> None:
    ec2 = aws.client("ec2", "eu-west-1")
    aws.faults.expect("ec2", "Describe*", "RequestLimitExceeded", "slow down", times=1, after=1, region="eu-west-1")
    ec2.describe_vpcs()
    aws.client("ec2", "us-east-1").describe_vpcs()
    assert code_of(ec2, "describe_subnets") == "RequestLimitExceeded"
    ec2.describe_subnets()
    assert [(call["action"], call["code"], call["injected"]) for call in aws.calls][2] == (
        "ec2:DescribeSubnets", "RequestLimitExceeded", True,
    )  # fmt: skip


def test_faults_may_go_by_the_key_and_the_arguments(aws: Aws) -> None:
    other = aws.user_with()
    aws.faults.expect("ec2", "*", "AuthFailure", key=other.access_key)
    assert code_of(aws.client("ec2", keys=other), "describe_vpcs") == "AuthFailure"
    aws.faults.expect("ec2", "AllocateAddress", "AddressLimitExceeded", contains="mine")
    tags = [{"ResourceType": "elastic-ip", "Tags": [{"Key": "cluster", "Value": "mine"}]}]
    ec2 = aws.client("ec2")
    ec2.allocate_address(Domain="vpc")
    assert code_of(ec2, "allocate_address", Domain="vpc", TagSpecifications=tags) == "AddressLimitExceeded"


def test_answers_may_come_late(aws: Aws) -> None:
    aws.faults.delay("sts:*", 0.3, times=1)
    start = time.monotonic()
    aws.client("sts").get_caller_identity()
    assert time.monotonic() - start > 0.3


@pytest.mark.parametrize("action", ["tag:GetResources", "ec2:DescribeVpcs", "iam:ListUsers"])
def test_a_denied_action_is_denied_to_all(aws: Aws, action: str) -> None:
    methods = {
        "tag:GetResources": ("resourcegroupstaggingapi", "get_resources"),
        "ec2:DescribeVpcs": ("ec2", "describe_vpcs"),
        "iam:ListUsers": ("iam", "list_users"),
    }
    aws.faults.deny(action)
    service, method = methods[action]
    assert code_of(aws.client(service), method) in ("UnauthorizedOperation", "AccessDenied")


def test_a_reset_leaves_nothing_and_gives_other_keys(aws: Aws) -> None:
    before = aws.admin
    aws.client("iam").create_user(UserName="u")
    aws.reset(auth=True)
    assert code_of(aws.client("sts", keys=before), "get_caller_identity") == "InvalidClientTokenId"
    assert [user["UserName"] for user in aws.client("iam").list_users()["Users"]] == ["bed-admin"]
