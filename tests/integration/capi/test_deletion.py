# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deletions that get stuck with the real provider for AWS, and what this collection tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Outcome
from tests.capi.bed import CapiBed
from tests.capi.manifests import Wish

from .watching import Watching, causes

# Far more flips of a condition than a single look could hit.
SETTLE = 8.0


@dataclass(frozen=True)
class Case:
    """What stands in the way of a deletion, and what has to be read of it."""

    name: str
    region: str
    action: str
    text: str
    cause: str
    evidence: str
    service: str = "ec2"
    code: str = "DependencyViolation"


CASES = (
    Case("subnet", "us-east-1", "DeleteSubnet", "The subnet 'subnet-0123456789abcdef0' has dependencies and cannot be"
         " deleted.", "deletion-blocked", "subnet-0123456789abcdef0"),
    Case("group", "us-east-2", "DeleteSecurityGroup", "resource sg-0123456789abcdef0 has a dependent object",
         "deletion-blocked", "sg-0123456789abcdef0"),
    Case("balancer", "us-west-1", "DeleteLoadBalancer", "User: arn:aws:iam::123456789012:user/k0rdentUser is not"
         " authorized to perform: elasticloadbalancing:DeleteLoadBalancer", "permission-denied",
         "elasticloadbalancing:DeleteLoadBalancer", "elasticloadbalancing", "AccessDenied"),
)  # fmt: skip


@pytest.fixture(scope="module")
def stuck(capi: CapiBed, watching: Watching) -> Mapping[str, Outcome]:
    names = [case.name for case in CASES]
    for case in CASES:
        capi.child(Wish(case.name, case.region, control_planes=0))
    watching.ready(*names)
    for case in CASES:
        capi.aws.faults.expect(case.service, case.action, case.code, case.text, region=case.region)
        capi.delete("ClusterDeployment", case.name)
    return watching.follow(names, "gone", settle=SETTLE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_blocks_a_deletion_is_named(stuck: Mapping[str, Outcome], case: Case) -> None:
    outcome = stuck[case.name]
    assert outcome.failed
    # Conditions flip: that it is blocked may be told beside why.
    assert case.cause in causes(outcome), outcome.message
    assert case.evidence in outcome.message


def test_a_deletion_goes_on_once_nothing_blocks_it(
    capi: CapiBed, watching: Watching, stuck: Mapping[str, Outcome]
) -> None:
    capi.aws.faults.clear()
    for case in CASES:
        capi.touch(case.name)
    watching.gone(*stuck)
    assert {case.name: capi.in_aws(case.name, case.region) for case in CASES} == {case.name: {} for case in CASES}


def test_something_of_others_in_the_network_is_told_by_what_it_blocks(capi: CapiBed, watching: Watching) -> None:
    wish = Wish("guest", "us-west-2", control_planes=0)
    capi.child(wish)
    watching.ready("guest")
    ec2 = capi.aws.client("ec2", wish.region)
    tag = [{"Name": "tag:Name", "Values": ["guest-subnet-private*", "guest-subnet-public*"]}]
    subnet = ec2.describe_subnets(Filters=tag)["Subnets"][0]["SubnetId"]
    foreign = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    capi.delete("ClusterDeployment", "guest")
    outcome = watching.follow(["guest"], "gone", settle=SETTLE)["guest"]
    assert causes(outcome)[:1] == ["deletion-blocked"], outcome.message
    assert subnet in outcome.message
    ec2.delete_network_interface(NetworkInterfaceId=foreign)
    capi.touch("guest")
    watching.gone("guest")
    assert capi.in_aws("guest", wish.region) == {}


def test_keys_that_end_during_a_deletion_are_told_although_no_condition_says_so(
    capi: CapiBed, watching: Watching
) -> None:
    keys = capi.aws.user_with(actions=["*"], name="short")
    wish = Wish("revoked", "sa-east-1", capi.identity("id-revoked", keys), control_planes=0)
    capi.child(wish)
    watching.ready("revoked")
    capi.aws.client("iam").delete_access_key(UserName="short", AccessKeyId=keys.access_key)
    capi.delete("ClusterDeployment", "revoked")
    outcome = watching.follow(["revoked"], "gone", settle=SETTLE)["revoked"]
    assert causes(outcome)[:1] == ["deletion-without-credentials"], outcome.message
    assert capi.in_aws("revoked", wish.region)["vpc"] == 1
    capi.rotate("id-revoked", capi.aws.admin)
    capi.managers.restart_provider()
    watching.gone("revoked")
    assert capi.in_aws("revoked", wish.region) == {}


def test_a_secret_that_is_removed_before_the_child_is_told_although_all_conditions_are_good(
    capi: CapiBed, watching: Watching
) -> None:
    wish = Wish("bare", "ap-northeast-1", capi.identity("id-bare", capi.aws.admin), control_planes=0)
    capi.child(wish)
    watching.ready("bare")
    capi.delete("Secret", "id-bare-secret")
    capi.delete("ClusterDeployment", "bare")
    outcome = watching.follow(["bare"], "gone", settle=SETTLE)["bare"]
    assert outcome.failed
    assert "id-bare-secret" in outcome.message, outcome.message
    capi.identity("id-bare", capi.aws.admin)
    capi.managers.restart_provider()
    watching.gone("bare")
    assert capi.in_aws("bare", wish.region) == {}
