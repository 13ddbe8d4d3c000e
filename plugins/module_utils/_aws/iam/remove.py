# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes away what was made, unless something still uses it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.client import Client
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import InUse, NotAllowed, NotReachable
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.found import Found, FoundUser, read
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.stack import UNKNOWN, Stack, find_stack
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.steps import (
    POLICY,
    PROFILE,
    ROLE,
    USER,
    Patience,
    Step,
    run_removal,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.wish import Wish
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import ANY_REGION, AwsAccess

THREADS = 8
_ALIVE = ("pending", "running", "stopping", "stopped", "shutting-down")
# kind, key in the answer, key of the name, call that detaches
_HOLDERS = (
    ("role", "PolicyRoles", "RoleName", "detach_role_policy"),
    ("user", "PolicyUsers", "UserName", "detach_user_policy"),
    ("group", "PolicyGroups", "GroupName", "detach_group_policy"),
)


@dataclass(frozen=True)
class RemovalTerms:
    stack_name: str
    force: bool = False
    dry_run: bool = False
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True)
class Removed:
    changes: List[str]
    notes: List[str]


@dataclass(frozen=True)
class Holder:
    """Something that a policy is attached to."""

    kind: str
    name: str
    policy: str
    detach: str
    key: str


def remove(access: AwsAccess, wish: Wish, terms: RemovalTerms) -> Removed:
    """Raises InUse, before anything is changed, where something is used by others."""
    iam = access.client("iam")
    found = read(iam, wish, all_versions=True)
    stack, note = find_stack(access, terms.stack_name, found)
    if stack and not (terms.force and stack.status == UNKNOWN):
        _require_no_stack(found, stack)
    outsiders = _outsiders(iam, found)
    notes = [note] if note else []
    if not terms.force:
        _require_unused(access, found, outsiders)
    steps = _user_steps(found.user) + _role_steps(iam, found) + _policy_steps(found, outsiders)
    if terms.dry_run:
        return Removed([step.text for step in steps], notes)
    return Removed(run_removal(iam, steps, terms.patience), notes)


def _require_no_stack(found: Found, stack: Stack) -> None:
    names = [*found.roles, *found.profiles, *(policy.arn for policy in found.policies.values())]
    owned = [name for name in names if stack.owns(name)]
    if owned and stack.status == UNKNOWN:
        raise InUse(
            f"The roles and policies may belong to a CloudFormation stack, such as {stack.name} in {stack.region},"
            " which could not be looked up. Allow cloudformation:DescribeStacks and cloudformation:ListStackResources,"
            " or say force=true where you know that none does."
        )
    if owned:
        raise InUse(
            f"{len(owned)} of the roles, instance profiles and policies belong to the CloudFormation stack {stack.name}"
            f" in {stack.region} ({stack.status}), such as {owned[0]}. Remove the stack instead: clusterawsadm"
            " bootstrap iam delete-cloudformation-stack, or aws cloudformation delete-stack --stack-name"
            f" {stack.name} --region {stack.region}."
        )


def _outsiders(iam: Client, found: Found) -> List[Holder]:
    """What the policies are attached to that is not removed with them."""
    outsiders: List[Holder] = []
    ours = {("role", name) for name in found.roles} | ({("user", found.user.name)} if found.user else set())
    for policy in found.policies.values():
        answers: Dict[str, Any] = {}
        for _kind, key, _name, _call in _HOLDERS:
            answers[key] = iam.pages("list_entities_for_policy", key, PolicyArn=policy.arn)
        for kind, key, name, call in _HOLDERS:
            holders = [Holder(kind, each[name], policy.arn, call, name) for each in answers[key]]
            outsiders += [holder for holder in holders if (kind, holder.name) not in ours]
    return outsiders


def _require_unused(access: AwsAccess, found: Found, outsiders: Sequence[Holder]) -> None:
    problems = [f"{each.kind} {each.name} has the policy {each.policy.rsplit('/', 1)[-1]}" for each in outsiders]
    instances, blind = _instances(access, found)
    problems += [f"instance {name} in {region} runs with {profile}" for region, name, profile in instances]
    if problems:
        raise InUse(
            f"Roles and policies are still in use: {'; '.join(sorted(problems))}. Remove the clusters first, or detach"
            " the policies. With force=true they are removed all the same."
        )
    if blind:
        raise InUse(
            f"Whether machines still use the roles could not be seen: {'; '.join(blind)}. Allow it, or say force=true"
            " where you know that none does."
        )


def _instances(access: AwsAccess, found: Found) -> Tuple[List[Tuple[str, str, str]], List[str]]:
    """Machines with one of the profiles, in all regions of the account; and what could not be seen."""
    profiles = {profile.arn: profile.name for profile in found.profiles.values()}
    if not profiles:
        return [], []
    try:
        regions = access.client("ec2", access.region or ANY_REGION).describe_regions()["Regions"]
    except NotAllowed as error:
        return [], [f"{error.action} is not allowed"]

    def look(region: str) -> Tuple[List[Tuple[str, str, str]], str]:
        filters = [
            {"Name": "iam-instance-profile.arn", "Values": sorted(profiles)},
            {"Name": "instance-state-name", "Values": list(_ALIVE)},
        ]
        try:
            reservations = access.client("ec2", region).pages("describe_instances", "Reservations", Filters=filters)
        except (NotAllowed, NotReachable) as error:
            return [], f"{region}: {error}"
        instances = [each for reservation in reservations for each in reservation["Instances"]]
        return [(region, each["InstanceId"], profiles[each["IamInstanceProfile"]["Arn"]]) for each in instances], ""

    with ThreadPoolExecutor(THREADS) as pool:
        looks = list(pool.map(look, sorted(each["RegionName"] for each in regions)))
    return [one for some, _blind in looks for one in some], [blind for _some, blind in looks if blind]


def _user_steps(user: Optional[FoundUser]) -> List[Step]:
    if user is None:
        return []
    who = {"UserName": user.name}
    steps = [
        Step(USER, user.name, f"access key {each.key} removed", "delete_access_key", {**who, "AccessKeyId": each.key})
        for each in user.keys
    ]
    steps += [
        Step(
            USER,
            user.name,
            f"policy {arn.rsplit('/', 1)[-1]} detached",
            "detach_user_policy",
            {**who, "PolicyArn": arn},
        )
        for arn in sorted(user.attached)
    ]
    return [*steps, Step(USER, user.name, "removed", "delete_user", who)]


def _role_steps(iam: Client, found: Found) -> List[Step]:
    steps: List[Step] = []
    for name, profile in found.profiles.items():
        which = {"InstanceProfileName": name}
        for role in profile.roles:
            call = "remove_role_from_instance_profile"
            steps.append(Step(PROFILE, name, f"role {role} taken out", call, {**which, "RoleName": role}))
        steps.append(Step(PROFILE, name, "removed", "delete_instance_profile", which))
    for name, role_found in found.roles.items():
        who = {"RoleName": name}
        for each in iam.pages("list_instance_profiles_for_role", "InstanceProfiles", **who):
            other = each["InstanceProfileName"]
            if other not in found.profiles:
                call = "remove_role_from_instance_profile"
                arguments = {"InstanceProfileName": other, **who}
                steps.append(Step(ROLE, name, f"taken out of the instance profile {other}", call, arguments))
        for arn in sorted(role_found.attached):
            says = f"policy {arn.rsplit('/', 1)[-1]} detached"
            steps.append(Step(ROLE, name, says, "detach_role_policy", {**who, "PolicyArn": arn}))
        for inline in iam.pages("list_role_policies", "PolicyNames", **who):
            arguments = {**who, "PolicyName": inline}
            steps.append(Step(ROLE, name, f"own policy {inline} removed", "delete_role_policy", arguments))
        steps.append(Step(ROLE, name, "removed", "delete_role", who))
    return steps


def _policy_steps(found: Found, outsiders: Sequence[Holder]) -> List[Step]:
    steps: List[Step] = []
    for name, policy in found.policies.items():
        which = {"PolicyArn": policy.arn}
        for holder in outsiders:
            if holder.policy == policy.arn:
                says = f"detached from {holder.kind} {holder.name}"
                steps.append(Step(POLICY, name, says, holder.detach, {**which, holder.key: holder.name}))
        for version in policy.versions:
            says = f"old version {version} removed"
            steps.append(Step(POLICY, name, says, "delete_policy_version", {**which, "VersionId": version}))
        steps.append(Step(POLICY, name, "removed", "delete_policy", which))
    return steps
