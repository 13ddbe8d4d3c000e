# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWSCluster: the network of a child, up and down. Pure."""

from __future__ import annotations

from typing import List, Tuple

from tests.lab.standin.api import Object
from tests.lab.standin.children.kinds import AWS_CLUSTER
from tests.lab.standin.children.wish import digest

from .view import View, Wanted, old_condition, owned

FINALIZERS = ["awscluster.infrastructure.cluster.x-k8s.io", "k0rdent.mirantis.com/cleanup"]
CONDITIONS: Tuple[Tuple[str, str], ...] = (
    ("vpc", "VpcReady"),
    ("subnets", "SubnetsReady"),
    ("igw", "InternetGatewayReady"),
    ("nat", "NatGatewaysReady"),
    ("routes", "RouteTablesReady"),
    ("endpoints", "VpcEndpointsReady"),
    ("security-groups", "ClusterSecurityGroupsReady"),
    ("load-balancer", "LoadBalancerReady"),
)
# What is said while it is being made; nothing is said of the others before they are there.
_BEGUN = {"nat": "NatGatewaysCreationStarted", "load-balancer": "WaitForDNSName"}
# The order of deletion is another than that of creation.
_LEAVING = ("load-balancer", "security-groups", "routes", "nat", "igw", "subnets", "vpc")


def coming(view: View) -> Wanted:
    conditions = _coming(view)
    status: Object = {"ready": is_ready(view), "conditions": _with_summary(conditions)}
    spec = _spec(view)
    if is_ready(view):
        host = view.ids.get("dns") or dns_name(view)
        status["networkStatus"] = {"apiServerElb": {"name": f"{view.wish.name}-apiserver", "dnsName": host}}
        status["failureDomains"] = {zone: {"controlPlane": True} for zone in view.wish.zones}
        spec["controlPlaneEndpoint"] = {"host": host, "port": 6443}
    if not conditions:
        del status["conditions"]
    bastion = view.wish.config.get("bastion") or {}
    if bastion.get("enabled") and is_ready(view):
        status["bastion"] = {"id": view.ids.get("bastion", "i-0ba5710"), "publicIp": "203.0.113.9", "state": "running"}
    return Wanted(AWS_CLUSTER, _made(view, spec), status)


def is_ready(view: View) -> bool:
    """What Cluster API looks at; it is never taken back."""
    return view.lived or view.way.done("load-balancer")


def summary(view: View) -> Object:
    """The condition Ready, which the Cluster repeats."""
    found = _with_summary(_coming(view))
    return found[0] if found else {}


def going(view: View) -> Wanted:
    """It is being deleted: each part says so when its turn has come."""
    failure = view.fails_by("AWSCluster")
    names = dict(CONDITIONS)
    left = [old_condition(names[stage], status=True) for stage, _name in CONDITIONS if stage not in _LEAVING]
    for stage in _LEAVING:
        kind = names[stage]
        if view.failure is not None and view.failure.kind == "nobody":
            left.append(old_condition(kind, status=True))
        elif view.way.done(stage):
            left.append(old_condition(kind, False, "Deleted"))
        elif failure is not None and failure.condition == kind and failure.severity == "Warning" and view.flip:
            left.append(old_condition(kind, False, failure.reason, view.text(failure), failure.severity))
        elif view.way.begun(stage):
            left.append(old_condition(kind, False, "Deleting"))
        else:
            left.append(old_condition(kind, status=True))
    return Wanted(AWS_CLUSTER, _made(view, _spec(view)), {"ready": True, "conditions": _with_summary(left, down=True)})


def dns_name(view: View) -> str:
    number = int(digest(view.wish.name, 12), 16) % 10**10
    return f"{view.wish.name}-apiserver-{number}.{view.wish.region}.elb.amazonaws.com"


def _coming(view: View) -> List[Object]:
    found: List[Object] = []
    failure = view.fails_by("AWSCluster")
    for stage, kind in CONDITIONS:
        if failure is not None and failure.condition == kind:
            found.append(old_condition(kind, False, failure.reason, view.text(failure), failure.severity))
            if not view.lived:
                break
        elif view.lived or view.way.done(stage):
            found.append(old_condition(kind, status=True))
        else:
            if stage in _BEGUN and view.way.begun(stage):
                found.append(old_condition(kind, False, _BEGUN[stage]))
            break
    return found


def _with_summary(conditions: List[Object], *, down: bool = False) -> List[Object]:
    """Ready sums up those that are there: it is true with only the VPC made."""
    if not conditions:
        return []
    worst = next((one for one in conditions if one["status"] == "False"), None)
    if worst is None:
        return [old_condition("Ready", status=True), *conditions]
    done = sum(one["status"] == "True" for one in conditions)
    message = worst.get("message", "") if down else f"{done} of {len(CONDITIONS)} completed"
    return [old_condition("Ready", False, worst["reason"], message, worst["severity"]), *conditions]


def _made(view: View, spec: Object) -> Object:
    made = owned(view, AWS_CLUSTER, view.wish.name, list(FINALIZERS), spec)
    made["metadata"]["annotations"] = {"aws.cluster.x-k8s.io/external-resource-gc": "true"}
    return made


def _spec(view: View) -> Object:
    wish = view.wish
    spec: Object = {
        "region": wish.region,
        "identityRef": {
            "kind": view.ids.get("identity-kind", "AWSClusterStaticIdentity"),
            "name": view.ids.get("identity", "aws-cluster-identity"),
        },
        "controlPlaneLoadBalancer": {"healthCheckProtocol": "TCP"},
    }
    if wish.config.get("sshKeyName") is not None:
        spec["sshKeyName"] = wish.config["sshKeyName"]
    bastion = wish.config.get("bastion")
    if bastion:
        spec["bastion"] = {key: bastion[key] for key in ("enabled", "instanceType", "ami") if bastion.get(key)}
    vpc: Object = {}
    limit = ((wish.config.get("network") or {}).get("vpc") or {}).get("availabilityZoneUsageLimit")
    if limit is not None:
        vpc["availabilityZoneUsageLimit"] = limit
    if view.lived or view.way.done("vpc"):
        vpc["id"] = view.ids.get("vpc") or f"vpc-0{digest(wish.name, 16)}"
    if vpc:
        spec["network"] = {"vpc": vpc}
    return spec
