# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A child's resources in AWS, as Cluster API and the controllers inside the child make and tag them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List

from tests.aws.bed import Aws

PREFIX = "sigs.k8s.io/cluster-api-provider-aws/"


@dataclass
class Made:
    """What was made, by its type."""

    name: str
    region: str
    ids: Dict[str, List[str]] = field(default_factory=dict)

    def note(self, kind: str, identity: str) -> str:
        self.ids.setdefault(kind, []).append(identity)
        return identity

    def one(self, kind: str) -> str:
        return self.ids[kind][0]


def tags_of(name: str, role: str = "common") -> List[Dict[str, str]]:
    return [
        {"Key": f"{PREFIX}cluster/{name}", "Value": "owned"},
        {"Key": f"{PREFIX}role", "Value": role},
        {"Key": "Name", "Value": f"{name}-{role}"},
    ]


def marked(kind: str, name: str, role: str = "common") -> List[Dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": tags_of(name, role)}]


def make_network(aws: Aws, name: str, region: str = "eu-west-1", zones: int = 1) -> Made:
    """VPC, gateway, and a public and a private subnet with NAT gateway, address and route table in each zone."""
    made = Made(name, region)
    ec2 = aws.client("ec2", region)
    vpc = made.note(
        "vpc", ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=marked("vpc", name))["Vpc"]["VpcId"]
    )
    gateway = ec2.create_internet_gateway(TagSpecifications=marked("internet-gateway", name))["InternetGateway"]
    ec2.attach_internet_gateway(
        InternetGatewayId=made.note("internet-gateway", gateway["InternetGatewayId"]), VpcId=vpc
    )
    for number in range(zones):
        _zone(made, ec2, vpc, number)
    return made


def _zone(made: Made, ec2: Any, vpc: str, number: int) -> None:
    name, zone = made.name, f"{made.region}{'abc'[number]}"
    for role, block in (("public", number), ("private", 100 + number)):
        subnet = ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"10.0.{block}.0/24",
            AvailabilityZone=zone,
            TagSpecifications=marked("subnet", name, role),
        )["Subnet"]["SubnetId"]
        made.note("subnet", subnet)
        table = ec2.create_route_table(VpcId=vpc, TagSpecifications=marked("route-table", name, role))["RouteTable"]
        ec2.associate_route_table(RouteTableId=made.note("route-table", table["RouteTableId"]), SubnetId=subnet)
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=marked("elastic-ip", name))["AllocationId"]
    made.note("elastic-ip", address)
    nat = ec2.create_nat_gateway(
        SubnetId=made.ids["subnet"][-2], AllocationId=address, TagSpecifications=marked("natgateway", name)
    )
    made.note("nat-gateway", nat["NatGateway"]["NatGatewayId"])


def add_machines(aws: Aws, made: Made) -> None:
    """Two security groups that name each other, one machine, the load balancer of the API."""
    ec2 = aws.client("ec2", made.region)
    groups = [
        ec2.create_security_group(
            GroupName=f"{made.name}-{role}",
            Description=role,
            VpcId=made.one("vpc"),
            TagSpecifications=marked("security-group", made.name, role),
        )["GroupId"]
        for role in ("controlplane", "node")
    ]
    for group, other in (groups, groups[::-1]):
        made.note("security-group", group)
        ec2.authorize_security_group_ingress(
            GroupId=group, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": other}]}]
        )
    machine = ec2.run_instances(
        ImageId="ami-0a2023251014f8664",
        InstanceType="m5.large",
        MinCount=1,
        MaxCount=1,
        SubnetId=made.ids["subnet"][-1],
        SecurityGroupIds=groups,
        TagSpecifications=marked("instance", made.name, "node"),
    )["Instances"][0]["InstanceId"]
    made.note("instance", machine)
    elb = aws.client("elb", made.region)
    elb.create_load_balancer(
        LoadBalancerName=f"{made.name}-apiserver",
        Subnets=made.ids["subnet"][:1],
        Listeners=[
            {"Protocol": "TCP", "LoadBalancerPort": 6443, "InstanceProtocol": "TCP", "InstancePort": 6443},
        ],
        Tags=tags_of(made.name, "apiserver"),
    )
    made.note("load-balancer", f"{made.name}-apiserver")


def make_child(aws: Aws, name: str, region: str = "eu-west-1", zones: int = 1) -> Made:
    made = make_network(aws, name, region, zones)
    add_machines(aws, made)
    return made


def add_service(aws: Aws, made: Made) -> str:
    """What the cloud controller makes for a Service: a network load balancer with a target group. Returns its name."""
    elbv2 = aws.client("elbv2", made.region)
    tags = [{"Key": f"kubernetes.io/cluster/{made.name}", "Value": "owned"}]
    balancer = elbv2.create_load_balancer(
        Name=f"{made.name}-svc", Type="network", Subnets=made.ids["subnet"][:1], Tags=tags
    )["LoadBalancers"][0]
    group = elbv2.create_target_group(
        Name=f"{made.name}-tg", Protocol="TCP", Port=80, VpcId=made.one("vpc"), Tags=tags
    )["TargetGroups"][0]
    made.note("load-balancer", balancer["LoadBalancerArn"])
    made.note("target-group", group["TargetGroupArn"])
    return str(balancer["DNSName"])


def add_volume(aws: Aws, made: Made) -> str:
    """Of a PersistentVolume: without a tag of the cluster."""
    volume = aws.client("ec2", made.region).create_volume(
        AvailabilityZone=f"{made.region}a",
        Size=10,
        TagSpecifications=[
            {
                "ResourceType": "volume",
                "Tags": [
                    {"Key": "ebs.csi.aws.com/cluster", "Value": "true"},
                    {"Key": "kubernetes.io/created-for/pvc/name", "Value": "data"},
                ],
            }
        ],
    )
    return made.note("volume", str(volume["VolumeId"]))
