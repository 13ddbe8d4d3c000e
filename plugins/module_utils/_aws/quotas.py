# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quotas that children come up against.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Dict, Iterable, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, Missing
from ansible_collections.mke4k.core.plugins.module_utils._aws.regions import Answer, ask, in_parallel
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess


@dataclass(frozen=True)
class Quota:
    """`families`: first letters of the instance types that count."""

    code: str
    service: str
    name: str
    unit: str
    families: Tuple[str, ...] = ()

    def request(self, value: float, region: str) -> str:
        """The command that asks for more."""
        return (
            f"aws service-quotas request-service-quota-increase --service-code {self.service}"
            f" --quota-code {self.code} --desired-value {math.ceil(value)} --region {region}"
        )


ADDRESSES = Quota("L-0263D0A3", "ec2", "Elastic IPs", "Elastic IPs")
VPCS = Quota("L-F678F1CE", "vpc", "VPCs per region", "VPCs")
GATEWAYS = Quota("L-A4707A72", "vpc", "Internet gateways per region", "internet gateways")
NATS = Quota("L-FE5A380F", "vpc", "NAT gateways per availability zone", "NAT gateways")
BALANCERS = Quota("L-E9E9831D", "elasticloadbalancing", "Classic Load Balancers per region", "load balancers")
GP2 = Quota("L-D18FCD1D", "ebs", "Storage of gp2 volumes", "TiB")
GP3 = Quota("L-7A658B76", "ebs", "Storage of gp3 volumes", "TiB")
STANDARD = Quota(
    "L-1216C47A", "ec2", "Running On-Demand Standard instances", "vCPUs", ("a", "c", "d", "h", "i", "m", "r", "t", "z")
)
# Before the standard ones, whose letters some of their names begin with too.
SPECIAL = (
    Quota("L-74FC7D96", "ec2", "Running On-Demand F instances", "vCPUs", ("f",)),
    Quota("L-DB2E81BA", "ec2", "Running On-Demand G and VT instances", "vCPUs", ("g", "gr", "vt")),
    Quota("L-1945791B", "ec2", "Running On-Demand Inf instances", "vCPUs", ("inf",)),
    Quota("L-417A185B", "ec2", "Running On-Demand P instances", "vCPUs", ("p",)),
    Quota("L-7295265B", "ec2", "Running On-Demand X instances", "vCPUs", ("x",)),
)
VCPU_QUOTAS = (*SPECIAL, STANDARD)
DISKS = {"gp2": GP2, "gp3": GP3}
QUOTAS: Dict[str, Quota] = {
    each.code: each for each in (ADDRESSES, VPCS, GATEWAYS, NATS, *VCPU_QUOTAS, BALANCERS, GP2, GP3)
}
ADDRESS_ATTRIBUTE = "vpc-max-elastic-ips"


def vcpu_quota(instance_type: str) -> str:
    """The code of the quota that machines of this type count against; empty for one of a family of its own."""
    letters = ""
    for letter in instance_type:
        if not letter.isalpha():
            break
        letters += letter
    if letters in ("mac", "dl", "trn", "hpc", "u"):
        return ""
    for quota in VCPU_QUOTAS:
        if letters in quota.families:
            return quota.code
    return STANDARD.code if letters[:1] in STANDARD.families else ""


def limits_of(access: AwsAccess, region: str, codes: Iterable[str]) -> Dict[str, Answer[float]]:
    """What the account may have in a region."""
    return in_parallel(codes, lambda code: _limit(access, region, QUOTAS[code]), threads=4)


def _limit(access: AwsAccess, region: str, quota: Quota) -> Answer[float]:
    found = ask(lambda: _applied(access, region, quota))
    if quota is ADDRESSES and not found.known:
        other = ask(lambda: _address_attribute(access, region))
        return other if other.known else found
    return found


def _applied(access: AwsAccess, region: str, quota: Quota) -> float:
    client = access.client("service-quotas", region)
    wanted = {"ServiceCode": quota.service, "QuotaCode": quota.code}
    try:
        return float(client.get_service_quota(**wanted)["Quota"]["Value"])
    except Missing:
        # A quota that was never changed in this region has only its default.
        return float(client.get_aws_default_service_quota(**wanted)["Quota"]["Value"])


def _address_attribute(access: AwsAccess, region: str) -> float:
    answer = access.client("ec2", region).describe_account_attributes(AttributeNames=[ADDRESS_ATTRIBUTE])
    for attribute in answer["AccountAttributes"]:
        for value in attribute["AttributeValues"]:
            return float(value["AttributeValue"])
    raise AwsError(f"AWS does not tell the attribute {ADDRESS_ATTRIBUTE} of the account in {region}.")
