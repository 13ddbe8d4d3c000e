# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CloudFormation stack of clusterawsadm, which most accounts with Cluster API have already.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import FrozenSet, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, NotAllowed
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import ANY_REGION, AwsAccess

# CloudFormation puts it on the roles that it makes.
ID_TAG = "aws:cloudformation:stack-id"
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


def find_stack(access: AwsAccess, name: str, tags: Mapping[str, str]) -> Tuple[Optional[Stack], str]:
    """The stack, and what people should know where it could not be looked for. `tags` are those of a role."""
    told = tags.get(ID_TAG, "").split(":")
    known = len(told) > 5
    region = told[3] if known else access.region or ANY_REGION
    name = told[5].split("/")[1] if known else name
    client = access.client("cloudformation", region)
    try:
        status = client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        owned = frozenset(
            str(each.get("PhysicalResourceId"))
            for each in client.pages("list_stack_resources", "StackResourceSummaries", StackName=name)
            if each.get("ResourceStatus") != "DELETE_COMPLETE"
        )
    except NotAllowed as error:
        if known:
            return Stack(name, region, "unknown"), ""
        return None, (
            f"Whether the roles and policies belong to a CloudFormation stack could not be looked up: {error.action} is"
            " not allowed."
        )
    except AwsError as error:
        if error.code != NOT_THERE:
            raise
        return None, ""
    return Stack(name, region, str(status), owned), ""
