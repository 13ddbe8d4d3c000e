# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes what a child owns, by its tags and in the order of the real one; and leaves behind what it is told to."""

from __future__ import annotations

from typing import Any, Callable, List, Mapping, Optional, Tuple

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from tests.lab.standin.children.catalogue import FAILURES
from tests.lab.standin.children.failures import Failure
from tests.lab.standin.children.pictures.view import View

from .place import Place, failure

_GONE = ("terminated", "shutting-down")


def remove(place: Place, view: View) -> Optional[Failure]:
    """All whose turn has come; what AWS refuses holds the child."""
    for stage, usual, work in _STEPS:
        if not view.way.begun(stage):
            return None
        try:
            work(place)
        except ClientError as error:
            code = error.response["Error"].get("Code")
            if code in ("AuthFailure", "ExpiredToken", "RequestExpired", "InvalidClientTokenId"):
                return failure(error, FAILURES["credentials-lost"])
            return failure(error, FAILURES[usual])
    return None


def instance(place: Place, identity: str) -> None:
    """Ends the instance of one machine."""
    place.client("ec2").terminate_instances(InstanceIds=[identity])


def leave_behind(place: Place, kinds: Tuple[str, ...], vpc: str) -> Mapping[str, str]:
    """What a child's own workloads would have made, and nobody removes; ids by what it is."""
    found = {}
    for kind in kinds:
        found[kind] = _LEFT[kind](place, vpc)
    return found


def _instances(place: Place) -> None:
    ec2 = place.client("ec2")
    listed = ec2.describe_instances(Filters=place.filter())["Reservations"]
    running = [
        one["InstanceId"]
        for reservation in listed
        for one in reservation["Instances"]
        if one["State"]["Name"] not in _GONE
    ]
    if running:
        ec2.terminate_instances(InstanceIds=running)


def _balancers(place: Place) -> None:
    elb = place.client("elb")
    name = f"{place.cluster}-apiserver"[:32]
    if name in [one["LoadBalancerName"] for one in elb.describe_load_balancers()["LoadBalancerDescriptions"]]:
        elb.delete_load_balancer(LoadBalancerName=name)


def _groups(place: Place) -> None:
    _each(place, "describe_security_groups", "SecurityGroups", "GroupId", "delete_security_group")


def _routes(place: Place) -> None:
    _each(place, "describe_route_tables", "RouteTables", "RouteTableId", "delete_route_table")


def _nats(place: Place) -> None:
    ec2 = place.client("ec2")
    for one in ec2.describe_nat_gateways(Filters=place.filter())["NatGateways"]:
        if one["State"] not in ("deleted", "deleting"):
            ec2.delete_nat_gateway(NatGatewayId=one["NatGatewayId"])
    for one in ec2.describe_addresses(Filters=place.filter())["Addresses"]:
        if one.get("AssociationId"):
            ec2.disassociate_address(AssociationId=one["AssociationId"])
        ec2.release_address(AllocationId=one["AllocationId"])


def _gateways(place: Place) -> None:
    ec2 = place.client("ec2")
    for one in ec2.describe_internet_gateways(Filters=place.filter())["InternetGateways"]:
        for attached in one.get("Attachments") or ():
            ec2.detach_internet_gateway(InternetGatewayId=one["InternetGatewayId"], VpcId=attached["VpcId"])
        ec2.delete_internet_gateway(InternetGatewayId=one["InternetGatewayId"])


def _subnets(place: Place) -> None:
    _each(place, "describe_subnets", "Subnets", "SubnetId", "delete_subnet")


def _vpcs(place: Place) -> None:
    _each(place, "describe_vpcs", "Vpcs", "VpcId", "delete_vpc")


def _each(place: Place, describe: str, field: str, key: str, delete: str) -> None:
    ec2 = place.client("ec2")
    listed: List[Mapping[str, Any]] = getattr(ec2, describe)(Filters=place.filter())[field]
    for one in listed:
        getattr(ec2, delete)(**{key: one[key]})


_STEPS: Tuple[Tuple[str, str, Callable[[Place], None]], ...] = (
    ("machines", "load-balancer-delete-denied", _instances),
    ("load-balancer", "load-balancer-delete-denied", _balancers),
    ("security-groups", "security-group-in-use", _groups),
    ("routes", "security-group-in-use", _routes),
    ("nat", "subnet-in-use", _nats),
    ("igw", "subnet-in-use", _gateways),
    ("subnets", "subnet-in-use", _subnets),
    ("vpc", "vpc-in-use", _vpcs),
)


def _volume(place: Place, vpc: str) -> str:
    """Of a PersistentVolumeClaim: the driver gives it no tag of the cluster."""
    tags = {
        "ebs.csi.aws.com/cluster": "true",
        "kubernetes.io/created-for/pv/name": f"pvc-{place.cluster}",
        "kubernetes.io/created-for/pvc/name": "data-web-0",
        "kubernetes.io/created-for/pvc/namespace": "default",
    }
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    made = place.client("ec2").create_volume(
        AvailabilityZone=f"{place.region}a",
        Size=10,
        VolumeType="gp3",
        TagSpecifications=[{"ResourceType": "volume", "Tags": pairs}],
    )
    return str(made["VolumeId"])


def _owned(place: Place) -> List[Mapping[str, str]]:
    return [{"Key": f"kubernetes.io/cluster/{place.cluster}", "Value": "owned"}]


def _interface(place: Place, vpc: str) -> str:
    """In the account's own network: in the child's it would hold the deletion."""
    ec2 = place.client("ec2")
    subnet = ec2.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"][0]["SubnetId"]
    tags = [{"ResourceType": "network-interface", "Tags": _owned(place)}]
    made = ec2.create_network_interface(SubnetId=subnet, Description="aws-K8S", TagSpecifications=tags)
    return str(made["NetworkInterface"]["NetworkInterfaceId"])


def _service(place: Place, vpc: str) -> str:
    """Of a Service of type LoadBalancer."""
    listener = {"Protocol": "TCP", "LoadBalancerPort": 80, "InstanceProtocol": "TCP", "InstancePort": 30080}
    made = place.client("elb").create_load_balancer(
        LoadBalancerName=f"a-{place.cluster}-web"[:32],
        Listeners=[listener],
        AvailabilityZones=[f"{place.region}a"],
        Tags=[*_owned(place), {"Key": "kubernetes.io/service-name", "Value": "default/web"}],
    )
    return str(made["DNSName"])


_LEFT: Mapping[str, Callable[[Place, str], str]] = {
    "volume": _volume,
    "network-interface": _interface,
    "load-balancer": _service,
}
