# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of leftovers, and when an account is called clean."""

from __future__ import annotations

from typing import Any, Sequence

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.kinds import EC2
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.model import Belonging, Sought, Thing, Unseen
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.report import Found, text_of

PROD = Sought("prod", "r", False)
VOLUME = Belonging("prod", Thing("volume", "vol-1", "r", "low", "available"), "tag")
GOING = Belonging("prod", Thing("volume", "vol-2", "r", "low", "deleting", leaving=True), "tag")
LIVE = Belonging("prod", Thing("vpc", "vpc-1", "r"), "tag", True, "the child exists")
DENIED = Unseen("r", "volume", "refused", "ec2:DescribeVolumes")
CLOSED = Unseen("r", "everything", "AWS did not answer")


@pytest.mark.parametrize(
    ("belongings", "unseen", "clean", "said"),
    [
        ((), (), True, "Nothing is left of prod."),
        ((VOLUME,), (), False, "1 left of prod, 0 of them of high cost."),
        ((GOING,), (), True, "1 are being deleted by AWS. Nothing is left of prod."),
        ((), (DENIED,), False, "Nothing was found of prod, but not everything could be looked at."),
        ((LIVE,), (), True, "1 resources of 1 that exists."),
    ],
)
def test_the_last_line_is_the_verdict(belongings: Any, unseen: Any, clean: bool, said: str) -> None:
    found = Found(belongings, unseen)
    assert found.to_dict({})["clean"] is clean
    assert text_of(found, [PROD], {})[-1].startswith(said)


@pytest.mark.parametrize(("unseen", "line"), [(DENIED, "  r: volume: allow ec2:DescribeVolumes"),
                                              (CLOSED, "  r: everything: AWS did not answer")])  # fmt: skip
def test_what_could_not_be_looked_at_is_told(unseen: Unseen, line: str) -> None:
    assert line in text_of(Found((), (unseen,)), [PROD], {})


def test_why_something_stayed_is_told() -> None:
    found = Found((VOLUME,), ())
    assert "  volume vol-1 (prod): in use" in text_of(found, [PROD], {"vol-1": "in use"})
    assert found.to_dict({"vol-1": "in use"})["orphans"][0]["reason"] == "in use"


def test_nothing_asked_is_nothing_found() -> None:
    assert text_of(Found((), ()), [], {}) == ["Nothing was found."]


def things(kind: str, raw: Any) -> Sequence[Thing]:
    return EC2[kind].things([raw], "r")


@pytest.mark.parametrize(
    ("raw", "goes_with"),
    [
        ({"InterfaceType": "nat_gateway"}, "it goes with its NAT gateway"),
        ({"RequesterManaged": True, "RequesterId": "amazon-elb"}, "AWS made it for amazon-elb"),
        (
            {"Attachment": {"InstanceId": "i-1", "DeleteOnTermination": True}},
            "it goes with its instance i-1",
        ),
        ({"Attachment": {"InstanceId": "i-1", "DeleteOnTermination": False}}, ""),
        ({}, ""),
    ],
)
def test_an_interface_goes_with_what_it_was_made_for(raw: Any, goes_with: str) -> None:
    assert things("network-interface", {"NetworkInterfaceId": "eni-1", **raw})[0].goes_with == goes_with


def test_the_main_route_table_goes_with_its_network() -> None:
    found = things("route-table", {"RouteTableId": "rtb-1", "Associations": [{"Main": True}]})
    assert found[0].goes_with == "it goes with its VPC"


@pytest.mark.parametrize(
    ("kind", "raw", "states"),
    [
        ("instance", {"Instances": [{"InstanceId": "i", "State": {"Name": "terminated"}}]}, []),
        ("instance", {"Instances": [{"InstanceId": "i", "State": {"Name": "shutting-down"}}]}, ["shutting-down"]),
        ("nat-gateway", {"NatGatewayId": "n", "State": "deleted"}, []),
        ("nat-gateway", {"NatGatewayId": "n", "State": "deleting"}, ["deleting"]),
        ("elastic-ip", {"AllocationId": "e"}, ["unused"]),
        ("elastic-ip", {"AllocationId": "e", "AssociationId": "a"}, ["associated"]),
        ("security-group", {"GroupId": "g", "GroupName": "default"}, []),
        ("internet-gateway", {"InternetGatewayId": "g", "Attachments": [{"VpcId": "v"}]}, [""]),
    ],
)
def test_the_true_state_counts(kind: str, raw: Any, states: Any) -> None:
    assert [thing.state for thing in things(kind, raw)] == states


def test_methods_are_those_of_boto3() -> None:
    assert [kind.method for kind in EC2.values()][:3] == [
        "describe_instances", "describe_nat_gateways", "describe_addresses",
    ]  # fmt: skip
