# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a child that comes up: kcm and Helm, the AWS network, machines, services. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.conditions import Condition, condition_of
from ansible_collections.mke4k.core.plugins.module_utils._children.follow import nodes
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.ends import named, root_of
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.steps import Step, settled
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    CLUSTER_DEPLOYMENT,
    MKE_CHILD_CONFIG,
    Family,
    Manifest,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind

# In the order in which the AWS provider works.
AWS_CONDITIONS: Tuple[str, ...] = (
    "VpcReady",
    "SubnetsReady",
    "InternetGatewayReady",
    "NatGatewaysReady",
    "RouteTablesReady",
    "ClusterSecurityGroupsReady",
    "LoadBalancerReady",
)
# What kcm does before there is anything of Cluster API.
_KCM_CONDITIONS = ("TemplateReady", "CredentialReady", "HelmChartReady", "HelmReleaseReady")
_SERVICES = "ServicesInReadyState"
_COUNT = re.compile(r"\d+/\d+")


def coming_up(family: Family, root_kind: Kind = MKE_CHILD_CONFIG) -> List[Step]:
    return [
        *_before(family, root_kind),
        *_infrastructure(family),
        _machines("ControlPlaneReady", nodes.control_plane(family), family.control_plane, "control plane machines"),
        _machines("WorkersReady", nodes.workers(family), _worst_workers(family), "workers"),
        _services(family),
    ]


def _before(family: Family, root_kind: Kind) -> List[Step]:
    """Until the Cluster is there; then nobody looks back."""
    steps: List[Step] = []
    begun = family.cluster is not None or family.aws_cluster is not None
    if root_kind == MKE_CHILD_CONFIG:
        root = root_of(family, root_kind)
        there = root is not None
        steps.append(Step(root_kind.kind, there or begun, "it does not exist", early=True))
        steps.append(Step(CLUSTER_DEPLOYMENT.kind, family.deployment is not None or begun, _accepted(root), early=True))
    else:
        there = family.deployment is not None
        steps.append(Step(CLUSTER_DEPLOYMENT.kind, there or begun, "it does not exist", early=True))
    for kind in _KCM_CONDITIONS:
        found = condition_of(family.deployment, kind)
        # Before anything is said of Helm, nothing was made.
        fine = begun or (found.is_true if found is not None else kind != _KCM_CONDITIONS[-1])
        steps.append(Step(kind, fine, _words(found), early=True))
    summary = condition_of(family.deployment, "CAPIClusterSummary")
    watched = begun or summary is None or summary.is_true
    steps.append(Step("CAPIClusterSummary", watched, _words(summary), early=True))
    return steps


def _accepted(root: Optional[Manifest]) -> str:
    """Why there is no ClusterDeployment."""
    found = condition_of(root, "Ready")
    if found is not None and not found.is_true:
        return _words(found)
    return f"mke-operator has not made it yet from {named(root)}" if root else ""


def _infrastructure(family: Family) -> List[Step]:
    if family.aws_cluster is None and family.cluster is not None and not _is_aws(family.cluster):
        done = bool((family.cluster.get("status") or {}).get("infrastructureReady"))
        return [Step("InfrastructureReady", done, _words(condition_of(family.cluster, "InfrastructureReady")))]
    # The condition Ready is true there with only the VPC made; this field is what the Cluster looks at.
    if ((family.aws_cluster or {}).get("status") or {}).get("ready"):
        return [Step(kind, True) for kind in AWS_CONDITIONS]
    steps = [_step(kind, condition_of(family.aws_cluster, kind)) for kind in AWS_CONDITIONS]
    if family.aws_cluster is None:
        waiting = _words(condition_of(family.cluster, "InfrastructureReady"))
        return [Step(steps[0].name, False, waiting), *[Step(step.name, False) for step in steps[1:]]]
    found = settled(steps)
    if not all(step.done for step in found):
        return found
    # It still does not say that it is ready: the last one is what it works at.
    return [*found[:-1], Step(found[-1].name, False, f"{named(family.aws_cluster)} does not say that it is ready yet")]


def _is_aws(cluster: Manifest) -> bool:
    kind = str(((cluster.get("spec") or {}).get("infrastructureRef") or {}).get("kind") or "")
    return kind in ("", "AWSCluster")


def _step(name: str, found: Optional[Condition]) -> Step:
    return Step(name, None if found is None else found.is_true, _words(found))


def _machines(name: str, counted: nodes.Nodes, holder: Optional[Manifest], what: str) -> Step:
    if counted.are_complete:
        return Step(name, True)
    if counted.ready is None:
        return Step(name, False, f"no {what} yet")
    told = condition_of(holder, "Ready") or condition_of(holder, "Available")
    words = _words(told) if told is not None and not told.is_true else ""
    return Step(name, False, f"{counted} {what} are ready" + (f"; {words}" if words else ""))


def _worst_workers(family: Family) -> Optional[Manifest]:
    """The MachineDeployment that lacks most."""

    def missing(item: Mapping[str, object]) -> int:
        spec, status = item.get("spec"), item.get("status")
        wanted = spec.get("replicas") if isinstance(spec, Mapping) else 0
        there = status.get("readyReplicas") if isinstance(status, Mapping) else 0
        return int(wanted or 0) - int(there or 0)

    return max(family.machine_deployments.values(), key=missing, default=None)


def _services(family: Family) -> Step:
    found = condition_of(family.deployment, _SERVICES)
    if found is None or found.is_true:
        # A child without services has no such condition.
        return Step("ServicesReady", True)
    count = _COUNT.search(found.message)
    return Step("ServicesReady", False, f"{count.group(0)} services are ready" if count else _words(found))


def _words(found: Optional[Condition]) -> str:
    return (found.message or found.reason) if found is not None else ""
