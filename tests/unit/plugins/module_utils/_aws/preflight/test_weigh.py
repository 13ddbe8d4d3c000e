# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What children need together, against what a region has."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import pytest
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.model import (
    ERROR,
    OK,
    UNCHECKED,
    Facts,
    Finding,
    ImageWish,
    InstanceType,
    Machines,
    Need,
    Usage,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.weigh import demand, weigh
from ansible_collections.mke4k.core.plugins.module_utils._aws.quotas import (
    ADDRESSES,
    GP3,
    NATS,
    QUOTAS,
    STANDARD,
    VPCS,
    vcpu_quota,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.regions import Answer

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")


def need(name: str = "prod", zones: int = 3, planes: int = 3, workers: int = 2, **more: Any) -> Need:
    image = ImageWish(ami="ami-1")
    groups = (
        Machines("control plane", planes, "m5.xlarge", image, "profile", 32),
        Machines("worker", workers, "m5.large", image, "profile", 32),
    )
    return Need(name, "eu-west-1", zones, groups, **more)


def facts(allowed: Dict[str, float], **more: Any) -> Facts:
    every = {code: Answer(allowed.get(code, 1000.0)) for code in QUOTAS}
    types = {"m5.xlarge": InstanceType(4), "m5.large": InstanceType(2), "t2.micro": InstanceType(1)}
    return Facts(
        "eu-west-1", **{"zones": Answer(ZONES), "types": Answer(types), "offers": Answer({}), "limits": every, **more}
    )


def of(found: List[Finding], severity: str) -> List[str]:
    return [each.message for each in found if each.severity == severity]


def test_a_default_child_needs_what_the_providers_own_tests_reserve() -> None:
    wanted = demand([need()], facts({}))
    assert wanted.amounts[ADDRESSES.code] == 3
    assert wanted.amounts[STANDARD.code] == 16
    assert wanted.amounts[GP3.code] == pytest.approx(5 * 32 / 1024)
    assert wanted.nats == dict.fromkeys(ZONES, 1)


def test_a_bastion_needs_a_machine_too() -> None:
    assert demand([need(bastion="t2.micro")], facts({})).amounts[STANDARD.code] == 17


def test_fewer_zones_in_a_region_need_fewer_addresses() -> None:
    assert demand([need()], facts({}, zones=Answer(ZONES[:2]))).amounts[ADDRESSES.code] == 2


def test_without_knowing_the_zones_the_wish_counts() -> None:
    wanted = demand([need()], facts({}, zones=Answer(None, "no", "ec2:DescribeAvailabilityZones")))
    assert wanted.amounts[ADDRESSES.code] == 3
    assert not wanted.nats


@pytest.mark.parametrize(("used", "severity"), [(1, OK), (2, OK), (3, ERROR)])
def test_the_last_one_that_fits_fits(used: int, severity: str) -> None:
    found = weigh([need()], facts({ADDRESSES.code: 5}, usage=Usage(addresses=Answer(used))))
    assert [each.severity for each in found if ADDRESSES.code in each.message] == [severity]


def test_a_remedy_names_the_total_that_is_needed() -> None:
    found = weigh([need("a"), need("b")], facts({ADDRESSES.code: 5}, usage=Usage(addresses=Answer(1))))
    remedy = next(each.remedy for each in found if each.severity == ERROR)
    assert "--quota-code L-0263D0A3 --desired-value 7 --region eu-west-1" in remedy
    assert "saves 4 Elastic IPs, which is enough" in remedy


def test_one_zone_each_is_no_way_out_where_it_is_so_already() -> None:
    found = weigh([need(zones=1)], facts({ADDRESSES.code: 0}))
    assert "availability_zones" not in next(each.remedy for each in found if each.severity == ERROR)


def test_one_zone_that_is_not_enough_is_said_to_be_so() -> None:
    found = weigh([need()], facts({ADDRESSES.code: 0}))
    assert "not enough alone" in next(each.remedy for each in found if each.severity == ERROR)


def test_nat_gateways_count_by_zone() -> None:
    used = Usage(nats=Answer({"eu-west-1b": 5, "eu-west-1a": 1}))
    found = of(weigh([need()], facts({NATS.code: 5}, usage=used)), ERROR)
    assert len(found) == 1
    assert "eu-west-1b 1 needed, 5 of 5 used" in found[0]
    assert "eu-west-1a" not in found[0]


def test_what_was_not_answered_is_unchecked() -> None:
    limits = {**facts({}).limits, VPCS.code: Answer(None, "denied", "servicequotas:GetServiceQuota")}
    found = of(weigh([need()], facts({}, limits=limits)), UNCHECKED)
    assert found == [
        "VPCs per region (L-F678F1CE): 1 needed: not checked, servicequotas:GetServiceQuota is not allowed."
    ]


def test_usage_that_was_not_answered_is_unchecked() -> None:
    denied: Any = Answer(None, "denied", "ec2:DescribeNatGateways")
    found = of(weigh([need()], facts({}, usage=Usage(nats=denied, vcpus=denied, disks=denied))), UNCHECKED)
    assert len(found) == 3


def test_a_family_without_a_known_quota_is_unchecked() -> None:
    groups = (Machines("worker", 1, "mac2.metal", ImageWish(ami="ami-1"), "profile", 8),)
    found = weigh([Need("prod", "eu-west-1", 1, groups)], facts({}))
    assert any("mac2.metal" in message for message in of(found, UNCHECKED))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("m5.large", STANDARD.code),
        ("im4gn.large", STANDARD.code),
        ("t3a.micro", STANDARD.code),
        ("g5.xlarge", "L-DB2E81BA"),
        ("vt1.3xlarge", "L-DB2E81BA"),
        ("inf2.xlarge", "L-1945791B"),
        ("p4d.24xlarge", "L-417A185B"),
        ("x2gd.large", "L-7295265B"),
        ("f1.2xlarge", "L-74FC7D96"),
        ("mac2.metal", ""),
        ("trn1.2xlarge", ""),
        ("u-6tb1.metal", ""),
        ("dl1.24xlarge", ""),
        ("hpc6a.48xlarge", ""),
    ],
)
def test_each_type_counts_against_its_quota(name: str, code: str) -> None:
    assert vcpu_quota(name) == code


CHILDREN = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 7), st.integers(0, 9), st.booleans()), max_size=8)


@given(CHILDREN)
def test_together_they_need_the_sum_of_what_each_needs(children: List[Tuple[int, int, int, bool]]) -> None:
    region = facts({})
    needs = [need(f"c{i}", zones, cp, w, exists=there) for i, (zones, cp, w, there) in enumerate(children)]
    together = demand(needs, region)
    for code in QUOTAS:
        alone = sum(demand([each], region).amounts.get(code, 0) for each in needs)
        assert together.amounts.get(code, 0) == pytest.approx(alone)
    assert sum(together.nats.values()) == together.amounts.get(ADDRESSES.code, 0)


@given(CHILDREN, st.integers(0, 40), st.integers(0, 40))
def test_an_error_is_told_exactly_when_it_does_not_fit(
    children: List[Tuple[int, int, int, bool]], used: int, limit: int
) -> None:
    needs = [need(f"c{i}", zones, cp, w, exists=there) for i, (zones, cp, w, there) in enumerate(children)]
    region = facts({ADDRESSES.code: limit}, usage=Usage(addresses=Answer(used)))
    wanted = demand(needs, region).amounts.get(ADDRESSES.code, 0)
    errors = [each for each in weigh(needs, region) if each.severity == ERROR]
    assert bool(errors) == (wanted > 0 and used + wanted > limit)
    if errors:
        assert f"--desired-value {used + wanted:.0f} " in errors[0].remedy
