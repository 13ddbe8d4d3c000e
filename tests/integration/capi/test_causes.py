# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the real Cluster API and its provider for AWS say when AWS refuses, and what this collection makes of it.

All children fail at the same time, each in a region of its own, and are followed together, as a user would.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Outcome
from tests.aws.bed import Keys
from tests.capi.bed import CapiBed
from tests.capi.manifests import Wish

from .watching import Watching, causes

UNKNOWN = Keys("AKIAZZZZZZZZZZZZZZZZ", "x" * 40)


@dataclass(frozen=True)
class Case:
    """A child that fails: the fault (service, action, code, text) or the keys that make it, and the cause to be told.

    `evidence`: what has to be in the message besides. `passes`: it is waited for, as it needs nobody.
    """

    name: str
    region: str
    cause: str
    fault: tuple[str, str, str, str] | None = None
    evidence: str = ""
    keys: Keys | None = None
    allowed: Sequence[str] = ()
    machine: Mapping[str, object] = field(default_factory=dict)
    zones: int = 1
    after: int = 0
    passes: bool = False
    status: int = 400


CASES = (
    Case(
        "eip", "us-east-1", "eip-quota", zones=3, after=2, evidence="AddressLimitExceeded",
        fault=("ec2", "AllocateAddress", "AddressLimitExceeded", "The maximum number of addresses has been reached."),
    ),
    Case(
        "vpc", "us-east-2", "vpc-quota", evidence="VpcLimitExceeded",
        fault=("ec2", "CreateVpc", "VpcLimitExceeded", "The maximum number of VPCs has been reached."),
    ),
    Case(
        "nat", "us-west-1", "nat-gateway-quota", evidence="NatGatewayLimitExceeded",
        fault=("ec2", "CreateNatGateway", "NatGatewayLimitExceeded",
               "Performing this operation would exceed the limit of 5 NAT gateways"),
    ),
    Case(
        "igw", "us-west-2", "internet-gateway-quota", evidence="InternetGatewayLimitExceeded",
        fault=("ec2", "CreateInternetGateway", "InternetGatewayLimitExceeded",
               "The maximum number of internet gateways has been reached."),
    ),
    Case(
        "clb", "ca-central-1", "load-balancer-quota", evidence="TooManyLoadBalancers",
        fault=("elasticloadbalancing", "CreateLoadBalancer", "TooManyLoadBalancers",
               "Exceeded quota of account 123456789012"),
    ),
    Case(
        "vcpu", "eu-north-1", "vcpu-quota", evidence="VcpuLimitExceeded",
        fault=("ec2", "RunInstances", "VcpuLimitExceeded",
               "You have requested more vCPU capacity than your current vCPU limit of 16 allows."),
    ),
    Case("no-ec2", "eu-west-2", "permission-denied", allowed=("elasticloadbalancing:*",), evidence="ec2:"),
    Case("no-elb", "eu-west-3", "permission-denied", allowed=("ec2:*", "iam:*", "tag:*"),
         evidence="elasticloadbalancing:"),
    Case("bad-key", "eu-south-1", "credentials-invalid", keys=UNKNOWN, evidence="AuthFailure"),
    Case("no-image", "ap-south-1", "image-unknown", machine={"ami": {"id": "ami-0123456789abcdef0"}},
         evidence="InvalidAMIID.NotFound"),
    Case("no-profile", "ap-southeast-1", "instance-profile-missing",
         machine={"iamInstanceProfile": "nobody.cluster-api-provider-aws.sigs.k8s.io"}, evidence="iamInstanceProfile"),
    Case("throttled", "ap-southeast-2", "throttled", passes=True, status=503, evidence="RequestLimitExceeded",
         fault=("ec2", "*", "RequestLimitExceeded", "Request limit exceeded.")),
)  # fmt: skip


def identity_of(capi: CapiBed, case: Case) -> str:
    if case.allowed:
        return capi.identity(f"id-{case.name}", capi.aws.user_with(actions=case.allowed, name=f"user-{case.name}"))
    return capi.identity(f"id-{case.name}", case.keys) if case.keys else "aws-cluster-identity"


def wish(capi: CapiBed, case: Case) -> Wish:
    return Wish(case.name, case.region, identity_of(capi, case), zones=case.zones, machine=case.machine)


@pytest.fixture(scope="module")
def failed(capi: CapiBed, watching: Watching) -> Mapping[str, Outcome]:
    for case in CASES:
        if case.fault:
            service, action, code, text = case.fault
            capi.aws.faults.expect(
                service, action, code, text, region=case.region, after=case.after, status=case.status
            )
        capi.child(wish(capi, case))
    names = [case.name for case in CASES]
    # The one that is waited for ends with the time.
    return watching.follow(names, timeout=60)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_aws_refuses_is_told_with_its_cause(failed: Mapping[str, Outcome], case: Case) -> None:
    outcome = failed[case.name]
    assert causes(outcome)[:1] == [case.cause], outcome.message
    told = outcome.diagnoses[0]
    assert case.evidence in told.evidence, told
    assert told.cause.needs_person != case.passes
    assert told.cause.remedy in outcome.message
    assert outcome.failed


def test_all_of_them_heal_by_themselves_once_the_cause_is_lifted(
    capi: CapiBed, watching: Watching, failed: Mapping[str, Outcome]
) -> None:
    assert failed
    capi.aws.faults.clear()
    lifted = [case for case in CASES if case.fault]
    # The provider waits longer after each failure; whoever lifts a cause may tell it to look again.
    for case in lifted:
        capi.touch(case.name)
    watching.ready(*(case.name for case in lifted))
    for case in CASES:
        capi.delete("ClusterDeployment", case.name)
    with_their_keys_back = {case.name: case for case in CASES if case.keys or case.allowed}
    for name in with_their_keys_back:
        capi.rotate(f"id-{name}", capi.aws.admin)
    capi.managers.restart_provider()
    watching.gone(*(case.name for case in CASES))
    assert {case.name: capi.in_aws(case.name, case.region) for case in CASES} == {case.name: {} for case in CASES}


@pytest.mark.parametrize(
    ("name", "cause"),
    [("not-allowed", "identity-not-allowed"), ("no-secret", "identity-secret-missing")],
)
def test_what_cluster_api_never_says_about_the_identity_is_found(
    capi: CapiBed, watching: Watching, name: str, cause: str
) -> None:
    keys = None if name == "no-secret" else capi.aws.admin
    capi.identity(f"id-{name}", keys, allowed=name != "not-allowed")
    capi.child(Wish(name, "eu-west-1", f"id-{name}"))
    outcome = watching.follow([name], timeout=60)[name]
    assert outcome.failed
    assert causes(outcome)[:1] == [cause], outcome.message
    cluster = outcome.family.aws_cluster if outcome.family else None
    said = ((cluster or {}).get("status") or {}).get("conditions") or ()
    # The provider says that it is not paused, and then nothing more.
    assert {item["type"] for item in said} <= {"Paused"}
    capi.delete("ClusterDeployment", name)
    watching.gone(name)
