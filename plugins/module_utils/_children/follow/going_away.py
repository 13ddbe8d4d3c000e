# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a child that is deleted, and the resource that holds it up. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.conditions import Condition, condition_of
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.steps import Step, settled
from ansible_collections.mke4k.core.plugins.module_utils._children.model import AWS_CLUSTER, Family, Manifest

# Conditions of the AWSCluster in the order in which the AWS provider deletes, and the kind its events speak of.
AWS_CONDITIONS: Tuple[Tuple[str, str, str], ...] = (
    ("LoadBalancerDeleted", "LoadBalancerReady", "LoadBalancer"),
    ("SecurityGroupsDeleted", "ClusterSecurityGroupsReady", "SecurityGroup"),
    ("RouteTablesDeleted", "RouteTablesReady", "RouteTable"),
    ("NatGatewaysDeleted", "NatGatewaysReady", "NATGateway"),
    ("InternetGatewayDeleted", "InternetGatewayReady", "InternetGateway"),
    ("SubnetsDeleted", "SubnetsReady", "Subnet"),
    ("VpcDeleted", "VpcReady", "VPC"),
)
_DELETED = "Deleted"
_DELETING = ("Deleting", "DeletingFailed", "DeletionFailed")
_SHOWN = 3


def going_away(family: Family) -> List[Step]:
    return [
        _services(family),
        _machines(family),
        *_infrastructure(family),
        Step("ClusterDeleted", family.cluster is None and family.aws_cluster is None, _held(family.cluster)),
        Step("ClusterDeploymentDeleted", family.deployment is None, _held(family.deployment)),
    ]


def _services(family: Family) -> Step:
    """kcm takes the services away first, and only then lets Helm delete the Cluster."""
    begun = family.cluster is None or _is_deleting(family.cluster) or _is_deleting(family.helm_release)
    told = condition_of(family.deployment, "Deleting")
    words = (told.message or told.reason) if told is not None else ""
    if not words and family.deployment is not None and not _is_deleting(family.deployment):
        words = "the ClusterDeployment is not being deleted yet"
    return Step("ServicesDeleted", begun, words)


def _machines(family: Family) -> Step:
    left = sorted({*family.machines, *family.aws_machines})
    if not left:
        return Step("MachinesDeleted", True)
    shown = ", ".join(left[:_SHOWN]) + (f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else "")
    held = next((words for name in left for words in [_machine_words(family, name)] if words), "")
    return Step("MachinesDeleted", False, f"{len(left)} left: {shown}" + (f"; {held}" if held else ""))


def _machine_words(family: Family, name: str) -> str:
    for machine, kinds in (
        (family.machines.get(name), ("DrainingSucceeded", "VolumeDetachSucceeded", "PreTerminateDeleteHookSucceeded")),
        (family.aws_machines.get(name), ("InstanceReady",)),
    ):
        for kind in kinds:
            found = condition_of(machine, kind)
            if found is not None and not found.is_true and found.message:
                return f"{name}: {found.words()}"
    return ""


def _infrastructure(family: Family) -> List[Step]:
    if family.aws_cluster is None:
        return [Step(name, True) for name, _condition, _noun in AWS_CONDITIONS]
    steps = []
    for name, kind, noun in AWS_CONDITIONS:
        found = condition_of(family.aws_cluster, kind)
        steps.append(Step(name, _is_deleted(found), blocking(family, found, noun)))
    return settled(steps)


def _is_deleted(found: Optional[Condition]) -> Optional[bool]:
    """None where the way down has not begun for it: a later step that is on it shows then that this one is over."""
    if found is None or (found.reason != _DELETED and found.reason not in _DELETING):
        return None
    return found.reason == _DELETED


def blocking(family: Family, found: Optional[Condition], noun: str) -> str:
    """What holds it up: the condition flips between its message and none many times a minute, events stay."""
    if found is not None and found.reason != _DELETED and found.message:
        return found.message
    for event in reversed(family.events):
        about: Mapping[str, Any] = event.get("involvedObject") or {}
        if about.get("kind") == AWS_CLUSTER.kind and str(event.get("reason") or "") == f"FailedDelete{noun}":
            return " ".join(str(event.get("message") or "").split())
    return ""


def _held(manifest: Optional[Manifest]) -> str:
    metadata: Mapping[str, Any] = (manifest or {}).get("metadata") or {}
    holders = ", ".join(metadata.get("finalizers") or ())
    return f"held by the finalizers {holders}" if holders else ""


def _is_deleting(manifest: Optional[Manifest]) -> bool:
    return bool(((manifest or {}).get("metadata") or {}).get("deletionTimestamp"))
