# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children that fail, each for one cause, in the words of the real controllers.

Texts of AWS are told as Cluster API Provider AWS 2.8 and 2.11 tell them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._children.model import AWS_CLUSTER, AWS_MACHINE, Family
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.follow.objects import (
    DELETED_AT,
    aws_cluster,
    cluster,
    condition,
    conditions,
    deployment,
    helm_release,
    made,
    root,
)

OLD, NEW = "2.8", "2.11"
REQUEST = "7f1a0c1e-93a5-4c7e-9f6a-0d8b3a8e5b11"
USER = "arn:aws:iam::123456789012:user/k0rdentUser"
DENIED = (
    f"You are not authorized to perform this operation. User: {USER} is not authorized to perform: {{0}} on resource:"
    " {1} because no identity-based policy allows the {0} action. Encoded authorization failure message: Zm9vYmFy"
)
AT, LATER = "2026-11-01T12:00:10Z", "2026-11-01T12:00:20Z"
DUMP = (
    "&{example-apiserver internet-facing [vpc-0a1b2c3d] [{TCP 6443 TCP 6443}] 0xc0012f2a80"
    " {10s 5s 3 5} map[Name:prod-apiserver] (*elb.SourceSecurityGroup)(0xc000f1c2d0)}"
)
Made = Callable[[str], Family]


@dataclass(frozen=True)
class Provoked:
    """`forms`: in which an AWS error is told. `evidence`: words that have to be told to people."""

    cause: str
    family: Made
    evidence: str
    forms: tuple[str, ...] = (OLD, NEW)

    def __str__(self) -> str:
        return f"{self.cause}: {self.evidence}"


def told(form: str, code: str, message: str, operation: str = "EC2: CreateVpc", status: int = 400) -> str:
    """An error of AWS in the words of that release of CAPA."""
    if form == OLD:
        return f"{code}: {message}\n\tstatus code: {status}, request id: {REQUEST}"
    answered = f"https response error StatusCode: {status}, RequestID: {REQUEST}"
    return f"operation error {operation}, {answered}, api error {code}: {message}"


def network(topic: str, reason: str, code: str, message: str, prefix: str = "", operation: str = "EC2: Any") -> Made:
    def make(form: str) -> Family:
        text = prefix + told(form, code, message, operation)
        failed = condition(topic, False, text, reason, severity="Warning", lastTransitionTime=AT)
        waiting = condition("InfrastructureReady", False, "3 of 8 completed", reason, severity="Warning")
        return Family("prod", cluster=cluster(waiting), aws_cluster=aws_cluster(failed))

    return make


def vpc(code: str, message: str) -> Made:
    return network("VpcReady", "VpcReconciliationFailed", code, message, "failed to create vpc: ", "EC2: CreateVpc")


def machine(text: str, reason: str = "InstanceProvisionFailed", topic: str = "InstanceReady") -> Family:
    failed = condition(topic, False, text, reason, severity="Error", lastTransitionTime=AT)
    return Family(
        "prod",
        aws_cluster=aws_cluster(condition("VpcReady"), ready=True),
        aws_machines={"prod-cp-0": made(AWS_MACHINE, "prod-cp-0", status=conditions(failed))},
    )


def run(code: str, message: str) -> Made:
    """RunInstances was refused."""
    return lambda form: machine(
        "failed to create AWSMachine instance: " + told(form, code, message, "EC2: RunInstances")
    )


def said(text: str, reason: str = "InstanceProvisionFailed") -> Made:
    return lambda _form: machine(text, reason)


def kcm(topic: str, text: str, reason: str = "Failed", **status: Any) -> Made:
    return lambda _form: Family("prod", deployment=deployment(condition(topic, False, text, reason), **status))


def helm(text: str, reason: str = "InstallFailed") -> Made:
    return lambda _form: Family("prod", helm_release=helm_release(condition("Ready", False, text, reason)))


def event(reason: str, text: str, kind: str = "AWSCluster", name: str = "prod", at: str = AT) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{name}.{reason}.{at}", "namespace": "k0rdent"},
        "involvedObject": {"apiVersion": AWS_CLUSTER.api_version, "kind": kind, "name": name, "namespace": "k0rdent"},
        "type": "Warning",
        "reason": reason,
        "message": text,
        "lastTimestamp": at,
    }


def going(*items: dict[str, Any], events: list[dict[str, Any]] | None = None, **more: Any) -> Family:
    gone: dict[str, Any] = {"deletionTimestamp": DELETED_AT}
    return Family(
        "prod",
        root=root(spec={}),
        cluster=cluster(**gone),
        aws_cluster=aws_cluster(*items, ready=True, **gone),
        events=events or [],
        **more,
    )


def blocked(topic: str, code: str, message: str) -> Made:
    return lambda form: going(
        condition(topic, False, told(form, code, message), "DeletingFailed", severity="Warning", lastTransitionTime=AT)
    )


def nat_quota(form: str) -> Family:
    """2.8 goes on without gateways; its condition says that there are none, and only the event says why."""
    text = told(form, "NatGatewayLimitExceeded", "Performing this operation would exceed the limit of 5 NAT gateways")
    if form == NEW:
        return network("NatGatewaysReady", "NatGatewaysReconciliationFailed", "NatGatewayLimitExceeded", text)(form)
    hidden = 'no nat gateways available in "us-west-2a" for private subnet "subnet-0a1b2c3d4e5f60718"'
    reason = "RouteTableReconciliationFailed"
    routes = condition("RouteTablesReady", False, hidden, reason, severity="Warning", lastTransitionTime=AT)
    failed = event("FailedCreateNATGateway", f"Failed to create new NAT Gateway: {text}")
    return Family("prod", aws_cluster=aws_cluster(routes), events=[failed])


def keys_revoked_midway(form: str) -> Family:
    """The condition says that it is deleting and no word more."""
    quiet = condition("LoadBalancerReady", False, "", "Deleting", severity="Info", lastTransitionTime=AT)
    text = told(form, "AuthFailure", "AWS was not able to validate the provided access credentials")
    return going(quiet, events=[event("AuthFailure", text, at=LATER)])


def service(name: str, state: str) -> dict[str, Any]:
    return {"conditions": [{"type": f"mke.{name}/SveltosHelmReleaseReady", "status": state, "message": ""}]}


def waiting_for_dns(_form: str) -> Family:
    return Family("prod", aws_cluster=aws_cluster(condition("LoadBalancerReady", False, "", "WaitForDNSName",
                                                            severity="Info")))  # fmt: skip


def late(_form: str) -> Family:
    text = "Cluster is not ready. Check the provider logs for more details."
    return Family("prod", deployment=deployment(condition("Ready", False, text, "Failed")))


def mke_says(text: str) -> Made:
    return lambda _form: Family("prod", root=root(condition("Ready", False, text, "Failed")))
