# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes what children left over, in the order of its dependencies, and nothing else.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, Iterable, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.client import Client
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, InUse, Missing
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans import resources as kinds
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.resources import TYPES, Belonging, Resource
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess

PAUSE = 2.0
SERVICES = {kinds.CLASSIC_LB: "elb", kinds.LB: "elbv2", kinds.TARGET_GROUP: "elbv2"}


@dataclass(frozen=True)
class Patience:
    """Network interfaces fade minutes after what used them; until then others depend on them."""

    seconds: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(frozen=True)
class Removal:
    """`left`: what could not be removed, and why."""

    removed: Sequence[Belonging]
    left: Sequence[Tuple[Belonging, str]]


def remove(access: AwsAccess, belongings: Sequence[Belonging], patience: Patience) -> Removal:
    """Those of children that still exist are left alone, whoever asks."""
    removed: List[Belonging] = []
    left: List[Tuple[Belonging, str]] = []
    for item in _ordered(belongings):
        if item.child.exists:
            left.append((item, "its child still exists"))
            continue
        try:
            _remove(access, item.resource, patience)
            removed.append(item)
        except AwsError as error:
            left.append((item, str(error)))
    return Removal(removed, left)


def _ordered(belongings: Iterable[Belonging]) -> List[Belonging]:
    return sorted(
        belongings, key=lambda item: (TYPES.index(item.resource.type), item.resource.region, item.resource.id)
    )


def _remove(access: AwsAccess, resource: Resource, patience: Patience) -> None:
    """Tries again as long as something depends on it. What is gone meanwhile is fine."""
    client = access.client(SERVICES.get(resource.type, "ec2"), resource.region)
    until = patience.clock() + patience.seconds
    while not _gone(client, resource, last_try=patience.clock() >= until):
        patience.sleep(PAUSE)


def _gone(client: Client, resource: Resource, *, last_try: bool) -> bool:
    try:
        _WAYS[resource.type](client, resource.id)
    except Missing:
        return True
    except InUse:
        if last_try:
            raise
        return False
    return True


def _instance(client: Client, name: str) -> None:
    """Until it is gone: what it holds cannot go before."""
    client.terminate_instances(InstanceIds=[name])
    found = client.pages("describe_instances", "Reservations", InstanceIds=[name])
    states = [item["State"]["Name"] for reservation in found for item in reservation["Instances"]]
    if any(state != "terminated" for state in states):
        raise InUse(f"The instance {name} is {states[0]}, it was told to end.", "IncorrectInstanceState")


def _nat_gateway(client: Client, name: str) -> None:
    """Until it is gone: its address and its subnet cannot go before."""
    client.delete_nat_gateway(NatGatewayId=name)
    found = client.pages("describe_nat_gateways", "NatGateways", NatGatewayIds=[name])
    states = [item["State"] for item in found]
    if any(state != "deleted" for state in states):
        raise InUse(f"The NAT gateway {name} is {states[0]}, it was told to go.", "IncorrectState")


def _security_group(client: Client, name: str) -> None:
    """Groups of a cluster name each other in their rules."""
    for group in client.pages("describe_security_groups", "SecurityGroups", GroupIds=[name]):
        if group.get("IpPermissions"):
            client.revoke_security_group_ingress(GroupId=name, IpPermissions=group["IpPermissions"])
    client.delete_security_group(GroupId=name)


def _route_table(client: Client, name: str) -> None:
    for table in client.pages("describe_route_tables", "RouteTables", RouteTableIds=[name]):
        for association in table.get("Associations") or ():
            if not association.get("Main"):
                client.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])
    client.delete_route_table(RouteTableId=name)


def _internet_gateway(client: Client, name: str) -> None:
    for gateway in client.pages("describe_internet_gateways", "InternetGateways", InternetGatewayIds=[name]):
        for attachment in gateway.get("Attachments") or ():
            client.detach_internet_gateway(InternetGatewayId=name, VpcId=attachment["VpcId"])
    client.delete_internet_gateway(InternetGatewayId=name)


_WAYS: Mapping[str, Callable[[Client, str], object]] = {
    kinds.INSTANCE: _instance,
    kinds.CLASSIC_LB: lambda client, name: client.delete_load_balancer(LoadBalancerName=name),
    kinds.LB: lambda client, name: client.delete_load_balancer(LoadBalancerArn=name),
    kinds.TARGET_GROUP: lambda client, name: client.delete_target_group(TargetGroupArn=name),
    kinds.NAT: _nat_gateway,
    kinds.EIP: lambda client, name: client.release_address(AllocationId=name),
    kinds.ENI: lambda client, name: client.delete_network_interface(NetworkInterfaceId=name),
    kinds.SECURITY_GROUP: _security_group,
    kinds.SUBNET: lambda client, name: client.delete_subnet(SubnetId=name),
    kinds.ROUTE_TABLE: _route_table,
    kinds.IGW: _internet_gateway,
    kinds.VPC: lambda client, name: client.delete_vpc(VpcId=name),
    kinds.VOLUME: lambda client, name: client.delete_volume(VolumeId=name),
}


def reasons(removal: Removal) -> List[Dict[str, str]]:
    return [{**item.to_dict(), "reason": why} for item, why in removal.left]
