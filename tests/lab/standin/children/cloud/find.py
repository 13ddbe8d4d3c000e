# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds again what a child has, by its tags: a stand-in that is started anew remembers nothing."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

from tests.lab.standin.children.pictures.view import View

from .place import Place


def find(place: Place, view: View) -> Dict[str, str]:
    """As `provide` keeps it; empty where there is no network of that name."""
    ec2, filters = place.client("ec2"), place.filter()
    vpcs = ec2.describe_vpcs(Filters=filters)["Vpcs"]
    if not vpcs:
        return {}
    ids = {"vpc": str(vpcs[0]["VpcId"]), "made vpc": "yes"}
    zones = view.wish.zones
    for one in ec2.describe_subnets(Filters=filters)["Subnets"]:
        role = "public" if _name(one, place).startswith("subnet-public") else "private"
        ids[f"{role} {one['AvailabilityZone']}"] = one["SubnetId"]
    for one in ec2.describe_internet_gateways(Filters=filters)["InternetGateways"]:
        ids.update({"igw": one["InternetGatewayId"], "made igw": "yes"})
    for one in ec2.describe_addresses(Filters=filters)["Addresses"]:
        ids[f"eip {_name(one, place)[len('eip-') :]}"] = one["AllocationId"]
    by_subnet = {identity: name for name, identity in ids.items() if name.startswith("public ")}
    for one in ec2.describe_nat_gateways(Filters=filters)["NatGateways"]:
        if one["State"] not in ("deleted", "deleting") and one["SubnetId"] in by_subnet:
            ids[f"nat {by_subnet[one['SubnetId']][len('public ') :]}"] = one["NatGatewayId"]
    for one in ec2.describe_route_tables(Filters=filters)["RouteTables"]:
        ids.update({"routes": one["RouteTableId"], "made routes": "yes", "made endpoints": "yes"})
    for one in ec2.describe_security_groups(Filters=filters)["SecurityGroups"]:
        ids[f"sg {_name(one, place)}"] = one["GroupId"]
    _whole(ids, "subnets", [f"{role} {zone}" for role in ("public", "private") for zone in zones])
    _whole(ids, "nat", [f"nat {zone}" for zone in zones])
    _whole(ids, "security-groups", ["sg controlplane", "sg apiserver-lb", "sg lb", "sg node"])
    _balancer(place, ids)
    _machines(place, ids)
    return ids


def _balancer(place: Place, ids: Dict[str, str]) -> None:
    for one in place.client("elb").describe_load_balancers()["LoadBalancerDescriptions"]:
        if one["LoadBalancerName"] == f"{place.cluster}-apiserver"[:32]:
            ids.update({"dns": one["DNSName"], "made load-balancer": "yes"})


def _machines(place: Place, ids: Dict[str, str]) -> None:
    for reservation in place.client("ec2").describe_instances(Filters=place.filter())["Reservations"]:
        for one in reservation["Instances"]:
            if one["State"]["Name"] in ("pending", "running"):
                ids[_tag(one.get("Tags") or [], "Name")] = one["InstanceId"]


def _whole(ids: Dict[str, str], stage: str, names: List[str]) -> None:
    if all(name in ids for name in names):
        ids[f"made {stage}"] = "yes"


def _name(item: Mapping[str, Any], place: Place) -> str:
    return _tag(item.get("Tags") or [], "Name")[len(place.cluster) + 1 :]


def _tag(tags: List[Mapping[str, str]], key: str) -> str:
    return next((one["Value"] for one in tags if one["Key"] == key), "")
