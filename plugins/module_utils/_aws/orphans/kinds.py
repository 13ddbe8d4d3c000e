# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of resources of EC2 that a child may have, and how they are asked for.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.model import HIGH, LOW, NO_COST, Thing

# Interfaces that belong to a service of AWS: only what they were made for takes them away.
_SERVED = {
    "nat_gateway": "it goes with its NAT gateway",
    "load_balancer": "it goes with its load balancer",
    "network_load_balancer": "it goes with its load balancer",
    "gateway_load_balancer": "it goes with its load balancer",
    "vpc_endpoint": "it goes with its VPC endpoint",
    "lambda": "it goes with its function",
}


@dataclass(frozen=True)
class Kind:
    """`by_id`, `by_vpc`: filters. `gone`: states of what AWS still lists for a while."""

    type: str
    operation: str
    key: str
    id: str
    cost: str = NO_COST
    state: Tuple[str, ...] = ("State",)
    gone: Tuple[str, ...] = ("deleted",)
    leaving: Tuple[str, ...] = ("deleting",)
    by_id: str = ""
    by_vpc: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    may_be_many: bool = False

    @property
    def method(self) -> str:
        """boto3's name."""
        name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in self.operation)
        return "describe" + name

    @property
    def action(self) -> str:
        return f"ec2:Describe{self.operation}"

    def things(self, answers: List[Mapping[str, Any]], region: str) -> List[Thing]:
        raw = answers
        if self.type == "instance":
            raw = [machine for answer in answers for machine in answer["Instances"]]
        if self.type == "security-group":
            # That of the VPC itself goes with it, and keeps nothing.
            raw = [group for group in answers if group.get("GroupName") != "default"]
        found = [self._thing(each, region) for each in raw]
        return [thing for thing in found if thing.state not in self.gone]

    def _thing(self, raw: Mapping[str, Any], region: str) -> Thing:
        tags: Dict[str, str] = {
            str(tag["Key"]): str(tag["Value"]) for tag in raw.get("Tags") or raw.get("TagSet") or ()
        }
        state = _state(self, raw)
        return Thing(
            type=self.type,
            id=str(raw[self.id]),
            region=region,
            cost=self.cost,
            state=state,
            name=str(tags.get("Name") or raw.get("GroupName") or raw.get("LaunchTemplateName") or ""),
            vpc=_network(raw),
            tags=tags,
            goes_with=_goes_with(self, raw),
            leaving=state in self.leaving,
            detail=str(raw.get("PublicIp") or raw.get("Description") or ""),
        )


def _state(kind: Kind, raw: Mapping[str, Any]) -> str:
    if kind.type == "elastic-ip":
        return "associated" if raw.get("AssociationId") else "unused"
    found: Any = raw
    for part in kind.state:
        found = found.get(part) if isinstance(found, Mapping) else None
    return str(found or "")


def _network(raw: Mapping[str, Any]) -> str:
    if raw.get("VpcId"):
        return str(raw["VpcId"])
    return next((str(each["VpcId"]) for each in raw.get("Attachments") or () if each.get("VpcId")), "")


def _goes_with(kind: Kind, raw: Mapping[str, Any]) -> str:
    if kind.type == "route-table" and any(each.get("Main") for each in raw.get("Associations") or ()):
        return "it goes with its VPC"
    if kind.type != "network-interface":
        return ""
    served = _SERVED.get(str(raw.get("InterfaceType") or ""), "")
    attachment: Mapping[str, Any] = raw.get("Attachment") or {}
    if served or raw.get("RequesterManaged"):
        return served or f"AWS made it for {raw.get('RequesterId') or 'one of its services'}"
    machine = attachment.get("InstanceId")
    if machine and attachment.get("DeleteOnTermination"):
        return f"it goes with its instance {machine}"
    return ""


KINDS: Tuple[Kind, ...] = (
    Kind("instance", "Instances", "Reservations", "InstanceId", HIGH, ("State", "Name"), ("terminated",),
         ("shutting-down",)),
    Kind("nat-gateway", "NatGateways", "NatGateways", "NatGatewayId", HIGH, gone=("deleted", "failed")),
    Kind("elastic-ip", "Addresses", "Addresses", "AllocationId", LOW),
    Kind("network-interface", "NetworkInterfaces", "NetworkInterfaces", "NetworkInterfaceId", NO_COST, ("Status",),
         by_id="network-interface-id", by_vpc="vpc-id"),
    Kind("security-group", "SecurityGroups", "SecurityGroups", "GroupId", by_vpc="vpc-id"),
    Kind("vpc-endpoint", "VpcEndpoints", "VpcEndpoints", "VpcEndpointId", LOW, by_vpc="vpc-id"),
    Kind("subnet", "Subnets", "Subnets", "SubnetId"),
    Kind("route-table", "RouteTables", "RouteTables", "RouteTableId"),
    Kind("internet-gateway", "InternetGateways", "InternetGateways", "InternetGatewayId"),
    Kind("vpc", "Vpcs", "Vpcs", "VpcId", by_id="vpc-id"),
    Kind("volume", "Volumes", "Volumes", "VolumeId", LOW, by_id="volume-id"),
    Kind("snapshot", "Snapshots", "Snapshots", "SnapshotId", LOW, more={"OwnerIds": ["self"]}, may_be_many=True),
    Kind("launch-template", "LaunchTemplates", "LaunchTemplates", "LaunchTemplateId", may_be_many=True),
)  # fmt: skip
EC2 = {kind.type: kind for kind in KINDS}
