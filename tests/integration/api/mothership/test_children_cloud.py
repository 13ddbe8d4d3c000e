# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children have their resources in a simulated AWS, as Cluster API's AWS provider would make and remove them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.api.bed import Bed
from tests.aws.bed import Aws
from tests.aws.fixtures import aws, aws_server
from tests.integration.api.mothership.cluster import SECONDS
from tests.integration.api.mothership.test_children import message
from tests.integration.api.mothership.with_children import QUICK, ChildrenMothership, played
from tests.lab.standin.children import inside, kinds

__all__ = ["aws", "aws_server"]
PROFILE = "control-plane.cluster-api-provider-aws.sigs.k8s.io"
REGION = "eu-west-3"


@pytest.fixture
def cloudy(bed: Bed, aws: Aws) -> Iterator[ChildrenMothership]:
    iam = aws.client("iam")
    iam.create_role(RoleName=PROFILE, AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName=PROFILE)
    iam.add_role_to_instance_profile(InstanceProfileName=PROFILE, RoleName=PROFILE)
    with played(bed, replace(QUICK, aws_endpoint=aws.url, kubeconfig=bed.kubeconfig())) as there:
        yield there
        for kind in (inside.VOLUME, inside.SERVICE):
            for item in there.api.list(kind):
                if item["metadata"]["name"].endswith(("prod", "prod-web")):
                    there.api.delete(kind, item["metadata"]["name"], item["metadata"].get("namespace", ""))


def owned(aws: Aws, name: str) -> list[str]:
    """What still carries the child's tag, but for instances that have ended."""
    ec2 = aws.client("ec2", REGION)
    filters = [{"Name": f"tag:sigs.k8s.io/cluster-api-provider-aws/cluster/{name}", "Values": ["owned"]}]
    found: list[Any] = [*ec2.describe_vpcs(Filters=filters)["Vpcs"], *ec2.describe_subnets(Filters=filters)["Subnets"]]
    found += ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    found += ec2.describe_addresses(Filters=filters)["Addresses"]
    found += [one for one in ec2.describe_nat_gateways(Filters=filters)["NatGateways"] if one["State"] == "available"]
    found += aws.client("elb", REGION).describe_load_balancers()["LoadBalancerDescriptions"]
    running = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    for reservation in ec2.describe_instances(Filters=[*filters, *running])["Reservations"]:
        found += reservation["Instances"]
    return [str(one) for one in found]


def test_a_child_has_its_network_and_machines_in_aws_and_takes_them_away(cloudy: ChildrenMothership, aws: Aws) -> None:
    cloudy.child("prod")
    cloudy.ready("prod")
    # A VPC, 6 subnets, 4 security groups, 3 addresses, 3 gateways, a load balancer, 5 instances.
    assert len(owned(aws, "prod")) == 1 + 6 + 4 + 3 + 3 + 1 + 5
    machine = cloudy.api.get(kinds.AWS_MACHINE, "prod-cp-0", cloudy.namespace)
    assert machine is not None
    instances = aws.client("ec2", REGION).describe_instances(InstanceIds=[machine["spec"]["instanceID"]])
    assert instances["Reservations"][0]["Instances"][0]["InstanceType"] == "m5.xlarge"
    cloudy.restart()
    cloudy.child("prod", workersNumber=1)
    cloudy.ready("prod")
    # The operator tells of a change before the machine has ended.
    end = time.monotonic() + SECONDS
    while len(owned(aws, "prod")) != 22:
        assert time.monotonic() < end, "\n".join(owned(aws, "prod"))
        time.sleep(0.1)
    cloudy.delete("prod")
    cloudy.gone("prod")
    assert owned(aws, "prod") == []


def test_what_aws_refuses_is_told_in_its_own_words(cloudy: ChildrenMothership, aws: Aws) -> None:
    cloudy.child("one")
    cloudy.ready("one")
    cloudy.child("two")
    message(cloudy, kinds.AWS_CLUSTER, "two", "NatGatewaysReady", "AddressLimitExceeded")
    aws.quotas({"L-0263D0A3": 100})
    cloudy.ready("two")


def test_keys_that_aws_does_not_know_are_told(cloudy: ChildrenMothership, aws: Aws) -> None:
    aws.reset(auth=True)
    cloudy.child("prod")
    message(cloudy, kinds.AWS_CLUSTER, "prod", "VpcReady", "AuthFailure")


def test_a_network_in_use_holds_the_deletion(cloudy: ChildrenMothership, aws: Aws) -> None:
    cloudy.child("prod")
    cloudy.ready("prod")
    ec2 = aws.client("ec2", REGION)
    filters = [{"Name": "tag:sigs.k8s.io/cluster-api-provider-aws/cluster/prod", "Values": ["owned"]}]
    subnet = ec2.describe_subnets(Filters=filters)["Subnets"][0]["SubnetId"]
    foreign = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    cloudy.delete("prod")
    message(cloudy, kinds.AWS_CLUSTER, "prod", "SubnetsReady", "DependencyViolation")
    ec2.delete_network_interface(NetworkInterfaceId=foreign)
    cloudy.gone("prod")


def test_what_a_child_leaves_behind_stays(cloudy: ChildrenMothership, aws: Aws) -> None:
    cloudy.child("prod", "leftovers: [volume, network-interface, load-balancer]")
    cloudy.ready("prod")
    volume = cloudy.until(lambda _item: True, inside.VOLUME, "pvc-prod")["spec"]["csi"]["volumeHandle"]
    cloudy.delete("prod")
    cloudy.gone("prod")
    ec2 = aws.client("ec2", REGION)
    assert [one["VolumeId"] for one in ec2.describe_volumes(VolumeIds=[volume])["Volumes"]] == [volume]
    balancers = aws.client("elb", REGION).describe_load_balancers()["LoadBalancerDescriptions"]
    assert [one["LoadBalancerName"] for one in balancers] == ["a-prod-web"]
