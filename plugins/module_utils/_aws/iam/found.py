# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in the account already, of what there is to be.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, FrozenSet, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.client import Client
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import Missing, NotAllowed
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.documents import same
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.wish import ROLE_DESCRIPTION, Wish, WishedPolicy


@dataclass(frozen=True)
class FoundPolicy:
    """`versions`: the ids of those that are not the default, oldest first; only read where they are needed."""

    arn: str
    version: str
    document: Mapping[str, Any]
    tags: Mapping[str, str] = field(default_factory=dict)
    versions: Tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundRole:
    name: str
    arn: str
    trust: Mapping[str, Any]
    boundary: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    attached: FrozenSet[str] = frozenset()
    description: str = ""


@dataclass(frozen=True)
class FoundProfile:
    name: str
    arn: str
    roles: Tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FoundKey:
    key: str
    active: bool


@dataclass(frozen=True)
class FoundUser:
    name: str
    arn: str
    boundary: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    attached: FrozenSet[str] = frozenset()
    keys: Tuple[FoundKey, ...] = ()


@dataclass(frozen=True)
class Found:
    """By name."""

    policies: Mapping[str, FoundPolicy] = field(default_factory=dict)
    roles: Mapping[str, FoundRole] = field(default_factory=dict)
    profiles: Mapping[str, FoundProfile] = field(default_factory=dict)
    user: Optional[FoundUser] = None

    @property
    def strange_roles(self) -> Tuple[FoundRole, ...]:
        """Those that somebody else has made."""
        return tuple(role for role in self.roles.values() if role.description != ROLE_DESCRIPTION)


def read(iam: Client, wish: Wish, *, all_versions: bool = False) -> Found:
    return Found(
        policies=_policies(iam, wish, all_versions=all_versions),
        roles={role.name: role for role in (_role(iam, each.name) for each in wish.roles) if role},
        profiles={profile.name: profile for profile in (_profile(iam, each) for each in wish.profiles) if profile},
        user=_user(iam, wish.user) if wish.user else None,
    )


def _policies(iam: Client, wish: Wish, *, all_versions: bool) -> Dict[str, FoundPolicy]:
    looked = {each.name: _policy(iam, each.arn, each, all_versions=all_versions) for each in wish.policies}
    if None in looked.values():
        # Names count once in an account: a policy may be there with another path.
        others = _arns_by_name(iam)
        for wished in wish.policies:
            if looked[wished.name] is None and wished.name in others:
                looked[wished.name] = _policy(iam, others[wished.name], wished, all_versions=all_versions)
    return {name: policy for name, policy in looked.items() if policy}


def _arns_by_name(iam: Client) -> Dict[str, str]:
    try:
        return {each["PolicyName"]: each["Arn"] for each in iam.pages("list_policies", "Policies", Scope="Local")}
    except NotAllowed:
        # Then AWS itself says so when the policy is made.
        return {}


def _policy(iam: Client, arn: str, wished: WishedPolicy, *, all_versions: bool) -> Optional[FoundPolicy]:
    try:
        policy = iam.get_policy(PolicyArn=arn)["Policy"]
    except Missing:
        return None
    version = policy["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    versions: Tuple[str, ...] = ()
    if all_versions or not same(document, wished.document):
        listed = iam.pages("list_policy_versions", "Versions", PolicyArn=arn)
        others = [each["VersionId"] for each in listed if not each["IsDefaultVersion"]]
        versions = tuple(sorted(others, key=_number))
    return FoundPolicy(policy["Arn"], version, document, _tags(policy), versions)


def _number(version: str) -> int:
    return int(version.lstrip("v"))


def _role(iam: Client, name: str) -> Optional[FoundRole]:
    try:
        role = iam.get_role(RoleName=name)["Role"]
        attached = iam.pages("list_attached_role_policies", "AttachedPolicies", RoleName=name)
    except Missing:
        return None
    return FoundRole(
        name=name,
        arn=role["Arn"],
        trust=role["AssumeRolePolicyDocument"],
        boundary=_boundary(role),
        tags=_tags(role),
        attached=frozenset(each["PolicyArn"] for each in attached),
        description=str(role.get("Description") or ""),
    )


def _profile(iam: Client, name: str) -> Optional[FoundProfile]:
    try:
        profile = iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
    except Missing:
        return None
    roles = tuple(role["RoleName"] for role in profile["Roles"])
    return FoundProfile(name, profile["Arn"], roles, _tags(profile))


def _user(iam: Client, name: str) -> Optional[FoundUser]:
    try:
        user = iam.get_user(UserName=name)["User"]
        attached = iam.pages("list_attached_user_policies", "AttachedPolicies", UserName=name)
        keys = iam.pages("list_access_keys", "AccessKeyMetadata", UserName=name)
    except Missing:
        return None
    return FoundUser(
        name=name,
        arn=user["Arn"],
        boundary=_boundary(user),
        tags=_tags(user),
        attached=frozenset(each["PolicyArn"] for each in attached),
        keys=tuple(FoundKey(each["AccessKeyId"], each["Status"] == "Active") for each in keys),
    )


def _boundary(given: Mapping[str, Any]) -> str:
    return str((given.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn") or "")


def _tags(given: Mapping[str, Any]) -> Dict[str, str]:
    return {each["Key"]: each["Value"] for each in given.get("Tags") or ()}
