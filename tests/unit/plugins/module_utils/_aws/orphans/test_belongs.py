# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a resource is."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.belongs import (
    CLUSTER_API,
    KUBERNETES,
    belongings,
    owners_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.model import (
    Belonging,
    Record,
    Sought,
    Thing,
    sought_of,
)

PROD = Sought("prod", "r", False, Record(("vol-1",), ("lb.example",), ("eni-1",), ("vpc-1",)))


def thing(kind: str = "volume", identity: str = "id", region: str = "r", **more: Any) -> Thing:
    return Thing(kind, identity, region, **more)


def only(found: Thing, *sought: Sought) -> Belonging:
    result = belongings([found], sought or [PROD])
    assert len(result) == 1
    return result[0]


@pytest.mark.parametrize(
    ("tags", "owners"),
    [
        ({CLUSTER_API + "prod": "owned"}, {"prod"}),
        ({KUBERNETES + "prod": "owned"}, {"prod"}),
        ({KUBERNETES + "prod": "shared"}, set()),
        ({CLUSTER_API + "prod": "owned", KUBERNETES + "other": "owned"}, {"prod", "other"}),
        ({"Name": "prod"}, set()),
    ],
)
def test_owners_are_those_that_the_tags_name(tags: Dict[str, str], owners: Any) -> None:
    assert owners_of(tags) == owners


@pytest.mark.parametrize(
    "found",
    [
        thing("volume", "vol-1"),
        thing("network-interface", "eni-1"),
        thing("vpc", "vpc-1"),
        thing("load-balancer", "lb", dns_name="LB.example"),
    ],
)
def test_what_was_recorded_belongs_to_the_child(found: Thing) -> None:
    assert (only(found).by, only(found).removable) == ("record", True)


@pytest.mark.parametrize(
    "found",
    [
        thing("volume", "vol-2"),
        thing("snapshot", "vol-1"),
        thing("volume", "vol-1", "elsewhere"),
        thing("volume", "vol-1", tags={KUBERNETES + "other": "owned"}),
        thing("subnet", "s", vpc="vpc-9"),
        thing("volume", tags={CLUSTER_API + "prod-eu": "owned"}),
    ],
)
def test_what_is_of_others_does_not_belong_to_the_child(found: Thing) -> None:
    assert not belongings([found], [PROD])


def test_what_is_only_in_the_network_of_the_child_is_told_and_not_removable() -> None:
    found = belongings([thing("vpc", "vpc-1"), thing("network-interface", "eni-9", vpc="vpc-1")], [PROD])
    assert [(each.by, each.removable) for each in found] == [("record", True), ("vpc", False)]


def test_what_another_cluster_has_in_the_network_is_its_own() -> None:
    other = thing("network-interface", "eni-9", vpc="vpc-1", tags={KUBERNETES + "other": "owned"})
    assert len(belongings([thing("vpc", "vpc-1"), other], [PROD])) == 1


def test_what_names_two_clusters_is_not_removable() -> None:
    both = only(thing(tags={CLUSTER_API + "prod": "owned", CLUSTER_API + "other": "owned"}))
    assert not both.removable
    assert "other" in both.reason


def test_what_a_child_has_that_exists_is_not_removable() -> None:
    live = only(thing(tags={CLUSTER_API + "prod": "owned"}), Sought("prod", "r", True))
    assert (live.live, live.removable) == (True, False)


def test_a_child_without_a_region_is_found_in_each() -> None:
    assert only(thing(region="anywhere", tags={CLUSTER_API + "prod": "owned"}), Sought("prod")).child == "prod"


NAMES = st.sampled_from(["prod", "prod-eu", "eu", "p"])


@given(
    st.lists(st.tuples(NAMES, st.sampled_from([CLUSTER_API, KUBERNETES]), st.sampled_from(["owned", "shared"]))), NAMES
)
def test_nothing_is_removable_whose_tags_name_another_cluster(tags: List[Any], name: str) -> None:
    marks = {prefix + owner: value for owner, prefix, value in tags}
    found = belongings([thing("volume", "vol-1", tags=marks)], [Sought(name, "r", False, Record(("vol-1",)))])
    if any(each.removable for each in found):
        assert owners_of(marks) <= {name}


def test_a_child_needs_a_name() -> None:
    with pytest.raises(AwsError, match=r"children.1. has no name"):
        sought_of([{"name": "prod"}, {"region": "r"}])


def test_the_region_of_a_record_counts_where_no_other_is_given() -> None:
    found = sought_of([{"name": "prod", "region": "", "record": {"region": "r", "vpc": "vpc-1", "volumes": ["v"]}}])
    assert found == [Sought("prod", "r", None, Record(("v",), (), (), ("vpc-1",)))]
