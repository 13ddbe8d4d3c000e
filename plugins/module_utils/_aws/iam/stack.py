# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CloudFormation stack of clusterawsadm, which most accounts with Cluster API have already.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import FrozenSet, List, Mapping, Optional, Tuple, Union

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, NotAllowed, NotReachable
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.found import Found
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import ANY_REGION, AwsAccess

# CloudFormation puts it on the roles that it makes.
ID_TAG = "aws:cloudformation:stack-id"
THREADS = 8
UNKNOWN = "unknown"
# Its word for a stack of that name not being there.
NOT_THERE = "ValidationError"


@dataclass(frozen=True)
class Stack:
    """`owned`: names of roles and profiles, ARNs of policies. None: nobody may say, so it owns all of those names."""

    name: str
    region: str
    status: str
    owned: Optional[FrozenSet[str]] = None

    def owns(self, *identities: str) -> bool:
        return self.owned is None or any(identity in self.owned for identity in identities)

    def to_dict(self) -> Mapping[str, str]:
        return {"name": self.name, "region": self.region, "status": self.status}


def find_stack(access: AwsAccess, name: str, found: Found) -> Tuple[Optional[Stack], str]:
    """The stack, and what people should know where it could not be looked for.

    It may be in any region. Where somebody else has made the roles, it is looked for in all of them, and where that
    is not possible all is taken for the stack's.
    """
    told = _told(found)
    home = access.region or ANY_REGION
    first = _look(access, *(told or (name, home)))
    if isinstance(first, Stack):
        return first, ""
    if told and first:
        return Stack(*told, status=UNKNOWN), ""
    if not found.strange_roles:
        return None, first
    looks = [first, *_elsewhere(access, name, home)]
    stacks = [look for look in looks if isinstance(look, Stack)]
    unseen = next((look for look in looks if isinstance(look, str) and look), "")
    if unseen and not stacks:
        return Stack(name, home, UNKNOWN), unseen
    return (stacks[0] if stacks else None), ""


def _told(found: Found) -> Optional[Tuple[str, str]]:
    """The name and the region of the stack, as the tags of its roles say."""
    for role in found.roles.values():
        parts = role.tags.get(ID_TAG, "").split(":")
        if len(parts) > 5:
            return parts[5].split("/")[1], parts[3]
    return None


def _elsewhere(access: AwsAccess, name: str, home: str) -> List[Union[Stack, str]]:
    try:
        regions = access.client("ec2", home).describe_regions()["Regions"]
    except NotAllowed as error:
        return [f"Whether a stack in another region than {home} owns the roles could not be looked up: {error}"]
    others = [each["RegionName"] for each in regions if each["RegionName"] != home]
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda region: _look(access, name, region), others))


def _look(access: AwsAccess, name: str, region: str) -> Union[Stack, str]:
    """The stack, or why it could not be looked for; empty where there is none."""
    client = access.client("cloudformation", region)
    try:
        status = client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        resources = client.pages("list_stack_resources", "StackResourceSummaries", StackName=name)
    except (NotAllowed, NotReachable) as error:
        return f"Whether roles and policies belong to a CloudFormation stack could not be looked up: {error}"
    except AwsError as error:
        if error.code != NOT_THERE:
            raise
        return ""
    there = [each for each in resources if each.get("ResourceStatus") != "DELETE_COMPLETE"]
    return Stack(name, region, str(status), frozenset(str(each.get("PhysicalResourceId")) for each in there))
