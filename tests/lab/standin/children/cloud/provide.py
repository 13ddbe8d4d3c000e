# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a child's resources, stage by stage."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Dict, List, Mapping, Optional

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from tests.lab.standin.children.catalogue import FAILURES
from tests.lab.standin.children.failures import Failure
from tests.lab.standin.children.pictures import machines
from tests.lab.standin.children.pictures.view import View
from tests.lab.standin.children.stages import NETWORK

from .find import find
from .place import Place, failure

Ids = Dict[str, str]
# Where a call of the stage that fails is told.
_USUAL = {
    "vpc": "vpc-quota",
    "subnets": "vpc-quota",
    "igw": "internet-gateway-quota",
    "nat": "eip-quota",
    "routes": "nat-gateway-quota",
    "endpoints": "nat-gateway-quota",
    "security-groups": "security-group-quota",
    "load-balancer": "load-balancer-quota",
}
_LOOKUP = {"format": "amzn2-ami-hvm*-gp2", "org": "137112412989"}


def provide(place: Place, view: View, ids: Ids) -> Optional[Failure]:
    """All whose turn has come; what AWS refuses is the failure of the child."""
    if not view.way.begun("vpc"):
        return None
    if "looked" not in ids:
        try:
            ids.update(find(place, view), looked="yes")
        except ClientError as error:
            return failure(error, FAILURES["vpc-quota"])
    for stage in NETWORK:
        if f"made {stage}" in ids or not view.way.begun(stage):
            continue
        try:
            _MAKERS[stage](place, view, ids)
        except ClientError as error:
            return failure(error, FAILURES[_USUAL[stage]].told_by(view.command.capa))
        ids[f"made {stage}"] = "yes"
    return _machines(place, view, ids)


def _vpc(place: Place, view: View, ids: Ids) -> None:
    made = place.client("ec2").create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=place.specification("vpc", "vpc"))
    ids["vpc"] = made["Vpc"]["VpcId"]


def _subnets(place: Place, view: View, ids: Ids) -> None:
    for number, zone in enumerate(view.wish.zones):
        for offset, role in ((0, "public"), (64, "private")):
            made = place.client("ec2").create_subnet(
                VpcId=ids["vpc"],
                CidrBlock=f"10.0.{offset + number * 16}.0/20",
                AvailabilityZone=zone,
                TagSpecifications=place.specification("subnet", f"subnet-{role}-{zone}", role),
            )
            ids[f"{role} {zone}"] = made["Subnet"]["SubnetId"]


def _gateway(place: Place, view: View, ids: Ids) -> None:
    ec2 = place.client("ec2")
    made = ec2.create_internet_gateway(TagSpecifications=place.specification("internet-gateway", "igw"))
    ids["igw"] = made["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=ids["igw"], VpcId=ids["vpc"])


def _nats(place: Place, view: View, ids: Ids) -> None:
    """A zone at a time, so that a quota leaves those before it, as it does in truth."""
    ec2 = place.client("ec2")
    for zone in view.wish.zones:
        if f"eip {zone}" not in ids:
            made = ec2.allocate_address(
                Domain="vpc", TagSpecifications=place.specification("elastic-ip", f"eip-{zone}")
            )
            ids[f"eip {zone}"] = made["AllocationId"]
    for zone in view.wish.zones:
        if f"nat {zone}" not in ids:
            made = ec2.create_nat_gateway(
                SubnetId=ids[f"public {zone}"],
                AllocationId=ids[f"eip {zone}"],
                TagSpecifications=place.specification("natgateway", "nat"),
            )
            ids[f"nat {zone}"] = made["NatGateway"]["NatGatewayId"]


def _routes(place: Place, view: View, ids: Ids) -> None:
    made = place.client("ec2").create_route_table(
        VpcId=ids["vpc"], TagSpecifications=place.specification("route-table", "rt-public", "public")
    )
    ids["routes"] = made["RouteTable"]["RouteTableId"]


def _groups(place: Place, view: View, ids: Ids) -> None:
    for role in ("controlplane", "apiserver-lb", "lb", "node"):
        made = place.client("ec2").create_security_group(
            GroupName=f"{place.cluster}-{role}",
            Description=f"Kubernetes cluster {place.cluster}: {role}",
            VpcId=ids["vpc"],
            TagSpecifications=place.specification("security-group", role, role),
        )
        ids[f"sg {role}"] = made["GroupId"]


def _balancer(place: Place, view: View, ids: Ids) -> None:
    listener = {"Protocol": "TCP", "LoadBalancerPort": 6443, "InstanceProtocol": "TCP", "InstancePort": 6443}
    made = place.client("elb").create_load_balancer(
        LoadBalancerName=f"{place.cluster}-apiserver"[:32],
        Listeners=[listener],
        Subnets=[ids[f"public {zone}"] for zone in view.wish.zones],
        SecurityGroups=[ids["sg apiserver-lb"]],
        Tags=place.tags("apiserver", "apiserver"),
    )
    ids["dns"] = made["DNSName"]


def _nothing(place: Place, view: View, ids: Ids) -> None:
    """There are no endpoints in the usual network."""


def _machines(place: Place, view: View, ids: Ids) -> Optional[Failure]:
    for name, role in machines.names(view.wish).items():
        stage = machines.STAGES[role]
        if name in ids or not view.way.begun(stage):
            continue
        refused = _machine(place, view, ids, name, role)
        if refused is not None:
            return refused
    return None


def _machine(place: Place, view: View, ids: Ids, name: str, role: str) -> Optional[Failure]:
    usual = FAILURES["vcpu-quota"].told_by(view.command.capa)
    usual = replace(usual, stage=machines.STAGES[role])
    given = view.wish.machine(role)
    try:
        image = given.get("amiID") or _image(place, given)
        if not image:
            return replace(FAILURES["image-not-found"], stage=machines.STAGES[role])
        made = place.client("ec2").run_instances(**_instance(place, view, ids, name, role, image))
        ids[name] = made["Instances"][0]["InstanceId"]
        if role == machines.CONTROLLER:
            place.client("elb").register_instances_with_load_balancer(
                LoadBalancerName=f"{place.cluster}-apiserver"[:32], Instances=[{"InstanceId": ids[name]}]
            )
    except ClientError as error:
        return failure(error, usual)
    return None


def _image(place: Place, given: Mapping[str, Any]) -> str:
    lookup = {**_LOOKUP, **{key: value for key, value in (given.get("imageLookup") or {}).items() if value}}
    found = place.client("ec2").describe_images(
        Owners=[lookup["org"]],
        Filters=[
            {"Name": "name", "Values": [lookup["format"]]},
            {"Name": "architecture", "Values": ["x86_64"]},
            {"Name": "state", "Values": ["available"]},
        ],
    )["Images"]
    images: List[Mapping[str, Any]] = sorted(found, key=lambda one: str(one["CreationDate"]))
    return str(images[-1]["ImageId"]) if images else ""


def _instance(place: Place, view: View, ids: Ids, name: str, role: str, image: str) -> Dict[str, Any]:
    given, wish = view.wish.machine(role), view.wish
    zone = wish.zones[int(name.rsplit("-", 1)[1]) % len(wish.zones)]
    sort = "control-plane" if role == machines.CONTROLLER else "node"
    owned = {f"kubernetes.io/cluster/{place.cluster}": "owned", "MachineName": f"{wish.namespace}/{name}"}
    tags = [{**one, "Value": name} if one["Key"] == "Name" else one for one in place.tags(name, sort, **owned)]
    found: Dict[str, Any] = {
        "ImageId": image,
        "InstanceType": given.get("instanceType") or machines.TYPES[role],
        "MinCount": 1,
        "MaxCount": 1,
        "SubnetId": ids[f"private {zone}"],
        "SecurityGroupIds": [ids["sg node"]],
        "IamInstanceProfile": {"Name": given.get("iamInstanceProfile") or machines.PROFILE},
        "TagSpecifications": [{"ResourceType": kind, "Tags": tags} for kind in ("instance", "volume")],
    }
    if wish.config.get("sshKeyName"):
        found["KeyName"] = wish.config["sshKeyName"]
    return found


_MAKERS: Mapping[str, Callable[[Place, View, Ids], None]] = {
    "vpc": _vpc,
    "subnets": _subnets,
    "igw": _gateway,
    "nat": _nats,
    "routes": _routes,
    "endpoints": _nothing,
    "security-groups": _groups,
    "load-balancer": _balancer,
}
