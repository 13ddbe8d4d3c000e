# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types, images and key pairs of children."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, Optional

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.machines import (
    image_findings,
    key_findings,
    type_findings,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.model import (
    ERROR,
    OK,
    UNCHECKED,
    WARNING,
    Facts,
    Image,
    InstanceType,
    Need,
    needs_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.regions import Answer

ZONES = ("a", "b", "c")
DENIED: Any = Answer(None, "denied", "ec2:DescribeX")


def need(**more: Any) -> Need:
    machines = {"instance_type": "m5.large", "ami_id": "ami-1"}
    given = {"name": "prod", "region": "r", "control_plane": machines, "worker": machines, **more}
    return needs_of([given])[0]


def facts(**more: Any) -> Facts:
    offers: Dict[str, FrozenSet[str]] = {"m5.large": frozenset(ZONES)}
    given = {"zones": Answer(ZONES), "types": Answer({"m5.large": InstanceType(2)}), "offers": Answer(offers), **more}
    return Facts("r", **given)


def with_image(image: Optional[Image]) -> Facts:
    return facts(images={(need().groups[0].image, ""): Answer(image)})


def offered_in(*zones: str) -> Facts:
    return facts(offers=Answer({"m5.large": frozenset(zones)}))


@pytest.mark.parametrize(
    ("region", "zones", "severity", "said"),
    [
        (facts(), 3, OK, "offered in a, b, c"),
        (offered_in("a", "b"), 2, OK, "offered in a, b"),
        (offered_in("a", "b"), 3, ERROR, "availability_zones: 2"),
        (offered_in("b", "c"), 1, ERROR, "not offered in a,"),
        (facts(types=Answer({"m5.large": None})), 3, ERROR, "There is no instance type m5.large"),
        (facts(offers=DENIED), 3, UNCHECKED, "ec2:DescribeX"),
        (facts(types=DENIED), 3, UNCHECKED, "ec2:DescribeX"),
        (facts(zones=DENIED), 3, UNCHECKED, "ec2:DescribeX"),
    ],
)
def test_a_type_has_to_be_offered_in_the_zones_that_are_used(
    region: Facts, zones: int, severity: str, said: str
) -> None:
    found = type_findings(need(availability_zones=zones), region)
    assert [each.severity for each in found] == [severity]
    assert said in f"{found[0].message} {found[0].remedy}"


def test_a_region_with_fewer_zones_is_told() -> None:
    found = type_findings(need(), facts(zones=Answer(ZONES[:2])))
    assert [each.severity for each in found] == [OK, OK]
    assert "2 availability zones" in found[1].message


@pytest.mark.parametrize(
    ("image", "severity", "said"),
    [
        (Image("ami-1", "n", "x86_64", disk=32), OK, "ami-1 (n), x86_64"),
        (Image("ami-1", "n", "x86_64", disk=33), ERROR, "root_volume_size to 33"),
        (Image("ami-1", "n", "arm64"), ERROR, "is for arm64"),
        (Image("ami-1", "n", "x86_64", "deregistered"), ERROR, "is deregistered"),
        (None, ERROR, "There is no image ami-1"),
    ],
)
def test_an_image_has_to_fit(image: Optional[Image], severity: str, said: str) -> None:
    found = image_findings(need(), with_image(image))
    assert {each.severity for each in found} == {severity}
    assert said in f"{found[0].message} {found[0].remedy}"


@pytest.mark.parametrize(
    ("region", "said"),
    [
        (facts(types=DENIED), "ec2:DescribeX"),
        (facts(types=Answer({})), "architecture of its instance type"),
        (facts(images={(need().groups[0].image, ""): DENIED}), "ec2:DescribeX"),
    ],
)
def test_what_is_not_known_of_an_image_is_unchecked(region: Facts, said: str) -> None:
    found = image_findings(need(), region)
    assert {each.severity for each in found} == {UNCHECKED}
    assert said in found[0].message


def test_a_name_that_only_the_controllers_can_complete_is_unchecked() -> None:
    lookup = {"image_lookup": {"format": "capa-{{.BaseOS}}-{{.K8sVersion}}-*", "base_os": "ubuntu"}}
    found = image_findings(need(control_plane=lookup, worker=lookup), facts())
    assert [each.severity for each in found] == [UNCHECKED]


def test_a_base_os_becomes_part_of_the_name() -> None:
    lookup = {"image_lookup": {"format": "capa-{{.BaseOS}}-*", "base_os": "ubuntu"}}
    assert need(worker=lookup).groups[1].image.pattern == "capa-ubuntu-*"


def test_machines_of_which_there_are_none_need_no_image() -> None:
    assert not image_findings(need(control_plane_number=0, workers_number=0), facts())


@pytest.mark.parametrize(
    ("key", "keys", "severities"),
    [
        ("", Answer(frozenset()), []),
        ("ops", Answer(frozenset({"ops"})), [OK]),
        ("ops", Answer(frozenset()), [ERROR]),
        (None, Answer(frozenset({"default"})), [OK]),
        ("ops", DENIED, [UNCHECKED]),
    ],
)
def test_a_key_pair_has_to_be_there_when_one_is_named(key: Any, keys: Any, severities: Any) -> None:
    assert [each.severity for each in key_findings(need(ssh_key_name=key), facts(keys=keys))] == severities


def test_what_a_child_lacks_that_exists_is_a_warning() -> None:
    there = need(exists=True, ssh_key_name="ops")
    found = [
        *type_findings(there, offered_in("a")),
        *image_findings(there, with_image(None)),
        *key_findings(there, facts()),
    ]
    assert {each.severity for each in found} == {WARNING}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"region": "r"}, "name and region"),
        ({"name": "prod"}, "name and region"),
        ("prod", "name and region"),
        ({"name": "prod", "region": "r", "workers_number": "many"}, "workers_number of prod is 'many'"),
    ],
)
def test_what_is_no_child_is_said_to_be_so(given: Any, said: str) -> None:
    with pytest.raises(AwsError, match=said):
        needs_of([given])


def test_texts_of_a_survey_are_numbers_too() -> None:
    found = need(control_plane_number="5", workers_number="", availability_zones="1", bastion={"enabled": True})
    assert ([group.count for group in found.groups], found.zones, found.bastion) == ([5, 2], 1, "t2.micro")
