# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is to be in the account.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.iam import policies
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.documents import check_size, document, trust
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.names import Naming

EC2, EKS, PODS = "ec2.amazonaws.com", "eks.amazonaws.com", "pods.eks.amazonaws.com"
# By which the roles of this collection are known.
ROLE_DESCRIPTION = "For clusters of Cluster API, made by mke4k.core"
PROFILES = ("control-plane", "controllers", "nodes")


@dataclass(frozen=True)
class Settings:
    """The options that decide what is made."""

    eks: bool = True
    checks: bool = False
    pass_roles: Tuple[str, ...] = ()
    user: str = ""
    boundary: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WishedPolicy:
    name: str
    arn: str
    description: str
    document: Mapping[str, Any]


@dataclass(frozen=True)
class WishedRole:
    name: str
    trust: Mapping[str, Any]
    policies: Tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    """`profiles` have the name of the one role in them. `user_policies` are ARNs."""

    naming: Naming
    policies: Tuple[WishedPolicy, ...]
    roles: Tuple[WishedRole, ...]
    profiles: Tuple[str, ...]
    user: str = ""
    user_policies: Tuple[str, ...] = ()
    boundary: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


def wish(naming: Naming, settings: Settings) -> Wish:
    wanted = [policy for policy in policies.ALL if settings.eks or not policy.eks]
    own = [policies.CHECKS] if settings.checks else []
    roles = _roles(naming, wanted, eks=settings.eks)
    passed = naming.passed_roles(PROFILES, settings.pass_roles)
    made = tuple(_policy(naming, each, passed) for each in [*wanted, *own])
    return Wish(
        naming=naming,
        policies=made,
        roles=roles,
        profiles=tuple(naming.name(base) for base in PROFILES),
        user=settings.user,
        user_policies=tuple(policy.arn for policy in made) if settings.user else (),
        boundary=settings.boundary,
        tags=dict(settings.tags),
    )


def _policy(naming: Naming, given: policies.Policy, passed: Tuple[str, ...]) -> WishedPolicy:
    made = document(given.statements, naming.partition, passed)
    name = naming.name(given.name)
    check_size(name, made)
    return WishedPolicy(name, naming.policy_arn(given.name), given.description, made)


def _roles(naming: Naming, wanted: List[policies.Policy], *, eks: bool) -> Tuple[WishedRole, ...]:
    trusts: Dict[str, Mapping[str, Any]] = {
        "control-plane": trust(EC2),
        "controllers": trust(EC2, PODS, tag_session=True) if eks else trust(EC2),
        "nodes": trust(EC2),
    }
    kept_by_aws: Dict[str, Tuple[str, ...]] = (
        {"nodes": ("AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy")} if eks else {}
    )
    if eks:
        trusts["eks-controlplane"] = trust(EKS)
        kept_by_aws["eks-controlplane"] = ("AmazonEKSClusterPolicy",)
    return tuple(
        WishedRole(
            naming.name(base),
            trusted,
            tuple(
                [naming.policy_arn(policy.name) for policy in wanted if base in policy.roles]
                + [naming.aws_policy_arn(name) for name in kept_by_aws.get(base, ())]
            ),
        )
        for base, trusted in trusts.items()
    )
