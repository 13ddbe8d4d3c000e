# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a region uses of its quotas already.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Callable, Dict, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.model import InstanceType, Usage
from ansible_collections.mke4k.core.plugins.module_utils._aws.quotas import DISKS, vcpu_quota
from ansible_collections.mke4k.core.plugins.module_utils._aws.regions import Answer, ask, in_parallel
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess

GIB_IN_TIB = 1024.0
LIVE = ("pending", "running")
# A NAT gateway counts until it is gone.
COUNTED = ("pending", "available", "deleting")
AT_ONCE = 200


def usage_of(
    access: AwsAccess,
    region: str,
    running: Answer[Mapping[str, int]],
    types: Answer[Mapping[str, Optional[InstanceType]]],
) -> Usage:
    ec2 = access.client("ec2", region)
    elb = access.client("elb", region)
    questions: Dict[str, Callable[[], Any]] = {
        "addresses": lambda: len(ec2.describe_addresses()["Addresses"]),
        "vpcs": lambda: len(ec2.pages("describe_vpcs", "Vpcs")),
        "gateways": lambda: len(ec2.pages("describe_internet_gateways", "InternetGateways")),
        "nats": lambda: _nats(ec2),
        "disks": lambda: _disks(ec2),
        "balancers": lambda: [
            str(each["LoadBalancerName"]) for each in elb.pages("describe_load_balancers", "LoadBalancerDescriptions")
        ],
    }
    found = in_parallel(questions, lambda name: ask(questions[name]), threads=6)
    return Usage(vcpus=_vcpus(running, types), **found)


def running_types(ec2: Any) -> Mapping[str, int]:
    """How many machines of each type run on demand."""
    filters = [{"Name": "instance-state-name", "Values": list(LIVE)}]
    reservations = ec2.pages("describe_instances", "Reservations", Filters=filters)
    machines = [machine for each in reservations for machine in each["Instances"]]
    return dict(Counter(str(each["InstanceType"]) for each in machines if each.get("InstanceLifecycle") != "spot"))


def _vcpus(
    running: Answer[Mapping[str, int]], types: Answer[Mapping[str, Optional[InstanceType]]]
) -> Answer[Mapping[str, int]]:
    if not running.known or not types.known:
        return (running if not running.known else types).but({})
    found: Dict[str, int] = {}
    for name, count in running.given.items():
        machine = types.given.get(name)
        code = vcpu_quota(name)
        if machine and code:
            found[code] = found.get(code, 0) + count * machine.vcpus
    return Answer(found)


def _nats(ec2: Any) -> Dict[str, int]:
    gateways = ec2.pages("describe_nat_gateways", "NatGateways", Filters=[{"Name": "state", "Values": list(COUNTED)}])
    subnets: List[str] = sorted({str(each["SubnetId"]) for each in gateways})
    zones: Dict[str, str] = {}
    for start in range(0, len(subnets), AT_ONCE):
        filters = [{"Name": "subnet-id", "Values": subnets[start : start + AT_ONCE]}]
        for each in ec2.pages("describe_subnets", "Subnets", Filters=filters):
            zones[str(each["SubnetId"])] = str(each["AvailabilityZone"])
    return dict(Counter(zones.get(str(each["SubnetId"]), "") for each in gateways))


def _disks(ec2: Any) -> Dict[str, float]:
    filters = [{"Name": "volume-type", "Values": sorted(DISKS)}]
    found: Dict[str, float] = {}
    for each in ec2.pages("describe_volumes", "Volumes", Filters=filters):
        code = DISKS[str(each["VolumeType"])].code
        found[code] = found.get(code, 0) + float(each["Size"]) / GIB_IN_TIB
    return found
