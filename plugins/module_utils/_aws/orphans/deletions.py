# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each kind of resource is deleted.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, Missing
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.kinds import EC2
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.model import Thing
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess

Deletion = Callable[[AwsAccess, Thing], None]


def is_gone(access: AwsAccess, region: str, kind: str, identity: str) -> bool:
    """Whether AWS lists it no more, or as something of the past."""
    table = EC2[kind]
    client = access.client("ec2", region)
    arguments = {"nat-gateway": "NatGatewayIds", "instance": "InstanceIds", "vpc-endpoint": "VpcEndpointIds"}
    try:
        found = client.pages(table.method, table.key, **{arguments[kind]: [identity]})
    except Missing:
        return True
    return not table.things(found, region)


def _ec2(method: str, argument: str) -> Deletion:
    def delete(access: AwsAccess, thing: Thing) -> None:
        getattr(access.client("ec2", thing.region), method)(**{argument: thing.id})

    return delete


def _instance(access: AwsAccess, thing: Thing) -> None:
    access.client("ec2", thing.region).terminate_instances(InstanceIds=[thing.id])


def _endpoint(access: AwsAccess, thing: Thing) -> None:
    answer = access.client("ec2", thing.region).delete_vpc_endpoints(VpcEndpointIds=[thing.id])
    for failure in answer.get("Unsuccessful") or ():
        error: Mapping[str, Any] = failure.get("Error") or {}
        raise AwsError(f"AWS did not delete {thing.id}: {error.get('Message')}", str(error.get("Code") or ""))


def _balancer(access: AwsAccess, thing: Thing) -> None:
    if thing.arn:
        access.client("elbv2", thing.region).delete_load_balancer(LoadBalancerArn=thing.id)
    else:
        access.client("elb", thing.region).delete_load_balancer(LoadBalancerName=thing.id)


def _target_group(access: AwsAccess, thing: Thing) -> None:
    access.client("elbv2", thing.region).delete_target_group(TargetGroupArn=thing.id)


def _interface(access: AwsAccess, thing: Thing) -> None:
    access.client("ec2", thing.region).delete_network_interface(NetworkInterfaceId=thing.id)


def _security_group(access: AwsAccess, thing: Thing) -> None:
    """Its rules first: groups that name each other could otherwise never go."""
    client = access.client("ec2", thing.region)
    for group in client.describe_security_groups(GroupIds=[thing.id])["SecurityGroups"]:
        if group.get("IpPermissions"):
            client.revoke_security_group_ingress(GroupId=thing.id, IpPermissions=group["IpPermissions"])
        if group.get("IpPermissionsEgress"):
            client.revoke_security_group_egress(GroupId=thing.id, IpPermissions=group["IpPermissionsEgress"])
    client.delete_security_group(GroupId=thing.id)


def _route_table(access: AwsAccess, thing: Thing) -> None:
    client = access.client("ec2", thing.region)
    for table in client.describe_route_tables(RouteTableIds=[thing.id])["RouteTables"]:
        associations: List[Mapping[str, Any]] = table.get("Associations") or []
        for association in associations:
            if not association.get("Main"):
                client.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])
    client.delete_route_table(RouteTableId=thing.id)


def _internet_gateway(access: AwsAccess, thing: Thing) -> None:
    client = access.client("ec2", thing.region)
    for gateway in client.describe_internet_gateways(InternetGatewayIds=[thing.id])["InternetGateways"]:
        for attachment in gateway.get("Attachments") or ():
            client.detach_internet_gateway(InternetGatewayId=thing.id, VpcId=attachment["VpcId"])
    client.delete_internet_gateway(InternetGatewayId=thing.id)


DELETIONS: Dict[str, Deletion] = {
    "instance": _instance,
    "load-balancer": _balancer,
    "target-group": _target_group,
    "nat-gateway": _ec2("delete_nat_gateway", "NatGatewayId"),
    "elastic-ip": _ec2("release_address", "AllocationId"),
    "vpc-endpoint": _endpoint,
    "network-interface": _interface,
    "security-group": _security_group,
    "subnet": _ec2("delete_subnet", "SubnetId"),
    "route-table": _route_table,
    "internet-gateway": _internet_gateway,
    "vpc": _ec2("delete_vpc", "VpcId"),
    "volume": _ec2("delete_volume", "VolumeId"),
    "snapshot": _ec2("delete_snapshot", "SnapshotId"),
    "launch-template": _ec2("delete_launch_template", "LaunchTemplateId"),
}
