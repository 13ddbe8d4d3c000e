# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which changes lead from what is found to what is wished. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.documents import compact, covers, lacking, same
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.found import (
    Found,
    FoundPolicy,
    FoundProfile,
    FoundRole,
    FoundUser,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.parts import Context, Part
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.stack import Stack
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.steps import POLICY, PROFILE, ROLE, USER, Step
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.wish import (
    ROLE_DESCRIPTION,
    Wish,
    WishedPolicy,
    WishedRole,
)

# AWS keeps so many versions of a policy, the default one included.
VERSIONS = 5
_SHOWN = 8


@dataclass
class Plan:
    """`actions`: what becomes of each thing, by kind and name."""

    steps: List[Step] = field(default_factory=list)
    diffs: List[Dict[str, str]] = field(default_factory=list)
    notes: List[str] = field(default_factory=list)
    actions: Dict[Tuple[str, str], str] = field(default_factory=dict)


def plan(wish: Wish, found: Found, stack: Optional[Stack]) -> Plan:
    """`stack` is None where there is none, or where its things are changed too."""
    context = Context(wish, {name: policy.arn for name, policy in found.policies.items()}, stack)
    parts = [policy_part(context, each, found.policies.get(each.name)) for each in wish.policies]
    parts += [role_part(context, each, found.roles.get(each.name)) for each in wish.roles]
    parts += [profile_part(context, each, found.profiles.get(each)) for each in wish.profiles]
    if wish.user:
        parts.append(user_part(context, found.user))
    made = Plan()
    for part in parts:
        made.steps += part.steps
        made.diffs += part.diffs
        made.notes += part.notes
        made.actions[part.kind, part.name] = part.action
    return made


def policy_part(context: Context, wished: WishedPolicy, found: Optional[FoundPolicy]) -> Part:
    part = Part(POLICY, wished.name)
    if found is None:
        part.create(
            "create_policy",
            PolicyName=wished.name,
            Path=context.wish.naming.path,
            Description=wished.description,
            PolicyDocument=compact(wished.document),
            **context.tags,
        )
        part.show(f"policy {wished.name}", None, wished.document)
    elif context.owned(found.arn):
        part.kept = True
        part.notes += _lack_of_policy(context, wished, found)
    else:
        if not same(found.document, wished.document):
            _new_version(part, wished, found)
        part.tag(context.wish.tags, found.tags, "tag_policy", PolicyArn=found.arn)
    return part


def _new_version(part: Part, wished: WishedPolicy, found: FoundPolicy) -> None:
    too_many = max(len(found.versions) + 1 - (VERSIONS - 1), 0)
    for version in found.versions[:too_many]:
        says = f"old version {version} removed"
        part.step(says, "delete_policy_version", PolicyArn=found.arn, VersionId=version)
    part.step(
        "new version made the default",
        "create_policy_version",
        PolicyArn=found.arn,
        PolicyDocument=compact(wished.document),
        SetAsDefault=True,
    )
    part.show(f"policy {wished.name}", found.document, wished.document)


def _lack_of_policy(context: Context, wished: WishedPolicy, found: FoundPolicy) -> List[str]:
    missing = lacking(found.document, wished.document)
    if not missing or not context.stack:
        return []
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    text = (
        f"The policy {wished.name} belongs to the stack {context.stack.name} and is kept, but lacks"
        f" {', '.join(missing[:_SHOWN])}{more}. Update the stack with a newer clusterawsadm, or let adopt=update change"
        " it here."
    )
    return [text]


def role_part(context: Context, wished: WishedRole, found: Optional[FoundRole]) -> Part:
    part = Part(ROLE, wished.name)
    policies = context.real(wished.policies)
    if found is None:
        part.create(
            "create_role",
            RoleName=wished.name,
            Path=context.wish.naming.path,
            AssumeRolePolicyDocument=compact(wished.trust),
            Description=ROLE_DESCRIPTION,
            **context.boundary,
            **context.tags,
        )
        part.show(f"trust of role {wished.name}", None, wished.trust)
    elif context.owned(found.name):
        part.kept = True
        part.notes += _lack_of_role(context, found, [arn for arn in policies if arn not in found.attached])
        return part
    else:
        _changed_role(context, part, wished, found)
    part.attach(policies, found.attached if found else (), "attach_role_policy", RoleName=wished.name)
    return part


def _changed_role(context: Context, part: Part, wished: WishedRole, found: FoundRole) -> None:
    """Who else may act as the role stays."""
    if not covers(found.trust, wished.trust):
        document = compact(wished.trust)
        part.step("trust changed", "update_assume_role_policy", RoleName=wished.name, PolicyDocument=document)
        part.show(f"trust of role {wished.name}", found.trust, wished.trust)
    part.bound(context, found.boundary, "put_role_permissions_boundary", RoleName=wished.name)
    part.tag(context.wish.tags, found.tags, "tag_role", RoleName=wished.name)


def _lack_of_role(context: Context, found: FoundRole, missing: List[str]) -> List[str]:
    if not missing or not context.stack:
        return []
    text = (
        f"The role {found.name} belongs to the stack {context.stack.name} and is kept, but these policies are not"
        f" attached to it: {', '.join(missing)}. Update the stack, or let adopt=update attach them."
    )
    return [text]


def profile_part(context: Context, name: str, found: Optional[FoundProfile]) -> Part:
    part = Part(PROFILE, name)
    if found is None:
        path = context.wish.naming.path
        part.create("create_instance_profile", InstanceProfileName=name, Path=path, **context.tags)
    elif context.owned(name):
        part.kept = True
        return part
    else:
        part.tag(context.wish.tags, found.tags, "tag_instance_profile", InstanceProfileName=name)
    if found is None or name not in found.roles:
        _require_room(name, found)
        part.step(f"role {name} put in", "add_role_to_instance_profile", InstanceProfileName=name, RoleName=name)
    return part


def _require_room(name: str, found: Optional[FoundProfile]) -> None:
    if found and found.roles:
        raise AwsError(
            f"The instance profile {name} has the role {found.roles[0]} in it, and there is room for one. Take it out"
            f" (aws iam remove-role-from-instance-profile --instance-profile-name {name} --role-name {found.roles[0]}),"
            " or choose another prefix or suffix."
        )


def user_part(context: Context, found: Optional[FoundUser]) -> Part:
    name = context.wish.user
    part = Part(USER, name)
    if found is None:
        path = context.wish.naming.path
        part.create("create_user", UserName=name, Path=path, **context.boundary, **context.tags)
    else:
        part.bound(context, found.boundary, "put_user_permissions_boundary", UserName=name)
        part.tag(context.wish.tags, found.tags, "tag_user", UserName=name)
    policies = context.real(context.wish.user_policies)
    part.attach(policies, found.attached if found else (), "attach_user_policy", UserName=name)
    return part
