# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what all new children of a region need together fits into its quotas, beside what is used already. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Dict, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.model import (
    ERROR,
    OK,
    UNCHECKED,
    Facts,
    Finding,
    Need,
    unknown,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.quotas import (
    ADDRESSES,
    BALANCERS,
    DISKS,
    GATEWAYS,
    GP3,
    NATS,
    QUOTAS,
    VPCS,
    Quota,
    vcpu_quota,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.regions import Answer

CHECK = "quotas"
GIB_IN_TIB = 1024.0


@dataclass(frozen=True)
class Demand:
    """By the code of the quota; NAT gateways by zone. `strange`: instance types that no quota is known for."""

    amounts: Mapping[str, float] = field(default_factory=dict)
    nats: Mapping[str, int] = field(default_factory=dict)
    strange: Tuple[str, ...] = ()


def demand(needs: Sequence[Need], facts: Facts) -> Demand:
    """Of all children that are not there yet, together."""
    new = [need for need in needs if not need.exists]
    amounts: Dict[str, float] = {}
    nats: Dict[str, int] = {}
    strange: List[str] = []

    def add(code: str, amount: float) -> None:
        amounts[code] = amounts.get(code, 0) + amount

    for need in new:
        for quota in (VPCS, GATEWAYS, BALANCERS):
            add(quota.code, 1)
        add(ADDRESSES.code, facts.zone_count(need))
        for zone in facts.zones_of(need):
            nats[zone] = nats.get(zone, 0) + 1
        machines = [(group.instance_type, group.count) for group in need.groups]
        for name, count in machines + ([(need.bastion, 1)] if need.bastion else []):
            _add_vcpus(facts, name, count, add, strange)
        for group in need.groups:
            image = facts.image_of(group).value
            disk = DISKS.get(image.disk_type if image else "", GP3)
            add(disk.code, group.count * group.root_volume / GIB_IN_TIB)
    return Demand({code: amount for code, amount in amounts.items() if amount}, nats, tuple(dict.fromkeys(strange)))


def _add_vcpus(facts: Facts, name: str, count: int, add: Callable[[str, float], None], strange: List[str]) -> None:
    machine, code = facts.type_of(name), vcpu_quota(name)
    if count and not code:
        strange.append(name)
    elif machine:
        add(code, count * machine.vcpus)


def weigh(needs: Sequence[Need], facts: Facts) -> List[Finding]:
    wanted = demand(needs, facts)
    found = [
        _weighed(facts, QUOTAS[code], amount, _used(facts, code), needs)
        for code, amount in sorted(wanted.amounts.items())
    ]
    if wanted.nats:
        found.append(_weighed_nats(facts, wanted.nats))
    for name in wanted.strange:
        message = f"No quota is known here for machines of type {name}: look at Service Quotas."
        found.append(Finding(UNCHECKED, CHECK, message, region=facts.region))
    return found


def _used(facts: Facts, code: str) -> Answer[float]:
    usage = facts.usage
    if code in (ADDRESSES.code, VPCS.code, GATEWAYS.code):
        counted = {ADDRESSES.code: usage.addresses, VPCS.code: usage.vpcs, GATEWAYS.code: usage.gateways}[code]
        return counted.but(float(counted.value or 0))
    if code == BALANCERS.code:
        return usage.balancers.but(float(len(usage.balancers.value or ())))
    if code in (disk.code for disk in DISKS.values()):
        return usage.disks.but(float((usage.disks.value or {}).get(code, 0)))
    return usage.vcpus.but(float((usage.vcpus.value or {}).get(code, 0)))


def _weighed(facts: Facts, quota: Quota, wanted: float, used: Answer[float], needs: Sequence[Need]) -> Finding:
    limit = facts.limits.get(quota.code) or Answer(None, "it was not asked for")
    for answer in (limit, used):
        if not answer.known:
            what = f"{quota.name} ({quota.code}): {_amount(wanted)} needed"
            return unknown(CHECK, answer, what, facts.region)
    said = (
        f"{quota.name} ({quota.code}): {_amount(wanted)} needed, {_amount(used.given)} of {_amount(limit.given)} used"
    )
    if used.given + wanted <= limit.given:
        return Finding(OK, CHECK, f"{said}.", region=facts.region)
    missing = used.given + wanted - limit.given
    return Finding(
        ERROR,
        CHECK,
        f"{said}: {_amount(missing)} {quota.unit} too few.",
        _remedy(facts, quota, used.given + wanted, missing, needs),
        facts.region,
    )


def _remedy(facts: Facts, quota: Quota, value: float, missing: float, needs: Sequence[Need]) -> str:
    remedy = f"Ask for more: {quota.request(value, facts.region)}"
    if quota is not ADDRESSES:
        return f"{remedy}; or remove what is not needed, or take another region."
    new = [need for need in needs if not need.exists]
    saved = sum(facts.zone_count(need) - 1 for need in new)
    if not saved:
        return f"{remedy}; or release Elastic IPs that nothing uses."
    enough = "which is enough" if saved >= missing else "which is not enough alone"
    return (
        f"{remedy}; or set availability_zones: 1 (availabilityZoneUsageLimit) for new children: that saves {saved}"
        f" Elastic IPs, {enough}; or release Elastic IPs that nothing uses."
    )


def _weighed_nats(facts: Facts, wanted: Mapping[str, int]) -> Finding:
    limit, used = facts.limits.get(NATS.code) or Answer(None, "it was not asked for"), facts.usage.nats
    for answer in (limit, used):
        if not answer.known:
            return unknown(CHECK, answer, f"{NATS.name} ({NATS.code})", facts.region)
    totals = {zone: count + used.given.get(zone, 0) for zone, count in wanted.items()}
    over = {zone: total for zone, total in totals.items() if total > limit.given}
    if not over:
        most = max(wanted.values())
        return Finding(
            OK, CHECK, f"{NATS.name} ({NATS.code}): {most} needed, {_amount(limit.given)} allowed.", region=facts.region
        )
    zones = ", ".join(
        f"{zone} {wanted[zone]} needed, {used.given.get(zone, 0)} of {_amount(limit.given)} used"
        for zone in sorted(over)
    )
    return Finding(
        ERROR,
        CHECK,
        f"{NATS.name} ({NATS.code}): {zones}.",
        f"Ask for more: {NATS.request(max(over.values()), facts.region)}; or take another region.",
        facts.region,
    )


def _amount(value: float) -> str:
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.2f}"
