# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a diagnosis says besides its cause: whose call, which resource, which services, and in which order."""

from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.diagnose import Diagnoser
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.evidence import LONGEST, cleaned
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Diagnosis, Family
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.causes.cases import ROLE
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.causes.provoked import (
    DENIED,
    blocked,
    kcm,
    network,
    run,
    service,
    told,
    vpc,
    waiting_for_dns,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.follow.objects import (
    aws_cluster,
    cluster,
    condition,
    deployment,
)


def first(family: Family) -> Diagnosis:
    return Diagnoser().diagnose(family, 0.0)[0]


@pytest.mark.parametrize(
    ("message", "action"),
    [
        (DENIED.format("ec2:CreateVpc", "*"), "ec2:CreateVpc"),
        ("You are not authorized to perform this operation.", "ec2:CreateVpc"),
    ],
)
def test_a_denied_call_is_named(message: str, action: str) -> None:
    assert action in first(vpc("UnauthorizedOperation", message)("2.11")).cause.title


def test_a_denied_call_that_nobody_names_is_still_told() -> None:
    assert first(vpc("UnauthorizedOperation", "no")("2.8")).cause.title == "AWS does not permit a call"


def test_a_denied_call_of_another_service_is_named_as_iam_names_it() -> None:
    made = network("LoadBalancerReady", "LoadBalancerFailed", "AccessDenied", "no", "",
                   "Elastic Load Balancing: CreateLoadBalancer")  # fmt: skip
    assert "elasticloadbalancing:CreateLoadBalancer" in first(made("2.11")).cause.title


def test_the_role_that_may_not_be_passed_is_named() -> None:
    assert ROLE in first(run("UnauthorizedOperation", DENIED.format("iam:PassRole", ROLE))("2.8")).cause.remedy


def test_the_resource_that_is_in_the_way_is_named() -> None:
    text = "The subnet 'subnet-0123456789abcdef0' has dependencies: eni-0123456789abcdef0"
    title = first(blocked("SubnetsReady", "DependencyViolation", text)("2.8")).cause.title
    assert "subnet-0123456789abcdef0, eni-0123456789abcdef0" in title


def test_services_that_do_not_run_are_named() -> None:
    services = [service("dex", "False"), service("ui", "True"), service("ingress-nginx", "False")]
    title = first(kcm("ServicesInReadyState", "1/3", services=services)("2.8")).cause.title
    assert title.endswith(": dex, ingress-nginx")


def test_services_of_newer_releases_have_names_and_states() -> None:
    services = [{"name": "dex", "state": "Failed"}, {"name": "ui", "state": "Deployed"}]
    assert first(kcm("ServicesInReadyState", "1/2", services=services)("2.8")).cause.title.endswith(": dex")


def test_of_many_services_some_are_named() -> None:
    services = [service(f"s{number}", "False") for number in range(8)]
    title = first(kcm("ServicesInReadyState", "0/8", services=services)("2.8")).cause.title
    assert title.endswith("s0, s1, s2, s3, s4 and 3 more")


def test_what_needs_a_person_is_told_before_what_passes() -> None:
    family = waiting_for_dns("2.8")
    family.aws_machines = run("VcpuLimitExceeded", "no")("2.8").aws_machines
    family.machines = run("RequestLimitExceeded", "no")("2.8").aws_machines
    found = [item.cause.name for item in Diagnoser().diagnose(family, 0.0)]
    assert found == ["vcpu-quota", "throttled", "dns-wait"]


def test_many_machines_that_fail_alike_are_one_cause() -> None:
    family = run("VcpuLimitExceeded", "no")("2.8")
    machine = family.aws_machines["prod-cp-0"]
    family.aws_machines = {f"prod-{number}": machine for number in range(5)}
    assert [item.cause.name for item in Diagnoser().diagnose(family, 0.0)] == ["vcpu-quota"]


def test_that_k0rdent_gave_up_is_only_told_where_nothing_else_is_known() -> None:
    late = condition("Ready", False, "Cluster is not ready. Check the provider logs for more details.", "Failed")
    family = run("InsufficientInstanceCapacity", "no")("2.8")
    family.deployment = deployment(late)
    assert [item.cause.name for item in Diagnoser().diagnose(family, 0.0)] == ["insufficient-capacity"]


def test_services_of_a_cluster_that_is_not_there_yet_are_no_cause() -> None:
    waiting = condition("ServicesInReadyState", False, "0/10", "Failed")
    summary = condition("CAPIClusterSummary", False, "ControlPlaneInitialized: not yet", "IssuesReported")
    late = condition("Ready", False, "Cluster is not ready. Check the provider logs for more details.", "Failed")
    family = Family("prod", deployment=deployment(waiting, summary))
    assert Diagnoser().diagnose(family, 0.0) == []
    family = Family("prod", deployment=deployment(waiting, late))
    assert [item.cause.name for item in Diagnoser().diagnose(family, 0.0)] == ["cluster-late"]


def test_what_nobody_knows_is_told_in_its_own_words() -> None:
    failed = condition("S3BucketCreated", False, "the bucket is odd", "S3BucketCreationFailed", severity="Error")
    found = first(Family("prod", aws_cluster=aws_cluster(failed)))
    assert found.cause.name == "unknown"
    assert "S3BucketCreationFailed: the bucket is odd" in found.text()


def test_a_condition_that_nobody_has_looked_at_yet_is_no_cause() -> None:
    waiting = condition("TemplateReady", "Unknown", "Template is not yet validated", "Progressing")
    assert Diagnoser().diagnose(Family("prod", deployment=deployment(waiting)), 0.0) == []


def test_conditions_of_the_newer_kind_are_read() -> None:
    text = told("2.11", "VpcLimitExceeded", "no")
    failed = {"type": "VpcReady", "status": "False", "reason": "VpcReconciliationFailed", "message": text}
    for status in ({"v1beta2": {"conditions": [failed]}}, {"deprecated": {"v1beta1": {"conditions": [failed]}}}):
        family = Family("prod", aws_cluster={**aws_cluster(), "status": status})
        assert first(family).cause.name == "vpc-quota"


def test_what_every_cluster_says_on_its_way_up_is_no_cause() -> None:
    probe = condition("RemoteConnectionProbe", False, "Remote connection not established yet", "ProbeFailed")
    initialized = condition("ControlPlaneInitialized", False, "Control plane not yet initialized", "NotInitialized")
    status = {"v1beta2": {"conditions": [probe, initialized]}}
    assert Diagnoser().diagnose(Family("prod", cluster={**cluster(), "status": status}), 0.0) == []


def test_what_kcm_calls_failed_is_told_although_nobody_knows_it() -> None:
    failed = condition("PredeclaredSecretsExist", False, "secret ca not found", "Failed")
    found = first(Family("prod", deployment=deployment(failed)))
    assert (found.cause.name, found.evidence) == ("unknown", "Failed: secret ca not found")


def test_a_pause_is_no_trouble() -> None:
    assert Diagnoser().diagnose(Family("prod", cluster=cluster(condition("Paused", False, "", "NotPaused"))), 0.0) == []


def test_a_whole_diagnosis_reads_like_this() -> None:
    assert first(vpc("VpcLimitExceeded", "The maximum number of VPCs has been reached.")("2.11")).text() == (
        "The quota of VPCs in the region is used up (AWSCluster k0rdent/prod, VpcReady: failed to create vpc: operation"
        " error EC2: CreateVpc, api error VpcLimitExceeded: The maximum number of VPCs has been reached.). Ask AWS for"
        " more (service vpc, quota L-F678F1CE): `aws service-quotas request-service-quota-increase --service-code vpc"
        " --quota-code L-F678F1CE --desired-value N --region R`; or remove VPCs that nobody uses"
        " (mke4k.core.aws_orphans finds those of former children), or take another region. Cluster API goes on by"
        " itself once the quota is raised or something was freed."
    )


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("A: b\n\tstatus code: 400, request id: 1b2c-3d", "A: b"),
        ("failed: &{Name:x Listeners:[{TCP 6443}] Health:0xc000d1e3c0}: Code: words", "failed: Code: words"),
        ("value (*elb.Input)(0xc000f1c2d0) is odd", "value is odd"),
        ("spec {a: b} is kept", "spec {a: b} is kept"),
        ("an { that nobody closes", "an { that nobody closes"),
        ("denied. Encoded authorization failure message: Zm9v-Yg_==", "denied."),
        ("", ""),
    ],
)
def test_evidence_is_cleaned(text: str, clean: str) -> None:
    assert cleaned(text) == clean


def test_the_code_stays_in_evidence_however_long_the_words_before_it_are() -> None:
    evidence = cleaned("word " * 200 + "TooManyLoadBalancers: Exceeded quota", "TooManyLoadBalancers")
    assert evidence == "…TooManyLoadBalancers: Exceeded quota"


def test_long_evidence_is_cut() -> None:
    evidence = cleaned("word " * 200)
    assert len(evidence) <= LONGEST
    assert evidence.endswith("…")
