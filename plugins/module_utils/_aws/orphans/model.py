# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is looked for, and what was found.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError

NO_COST, LOW, HIGH = "none", "low", "high"
TAG, RECORD, VPC = "tag", "record", "vpc"


@dataclass(frozen=True)
class Record:
    """Identifiers that were noted while the child was there. `load_balancers`: DNS names, ARNs or names."""

    volumes: Tuple[str, ...] = ()
    load_balancers: Tuple[str, ...] = ()
    network_interfaces: Tuple[str, ...] = ()
    vpcs: Tuple[str, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Record:
        lists = {each.name: tuple(map(str, given.get(each.name) or ())) for each in fields(cls)}
        if given.get("vpc"):
            lists["vpcs"] += (str(given["vpc"]),)
        return cls(**lists)


@dataclass(frozen=True)
class Sought:
    """A child. Without a region it is looked for in all of them; `exists` is None where nobody said."""

    name: str
    region: str = ""
    exists: Optional[bool] = None
    record: Record = field(default_factory=Record)


@dataclass(frozen=True)
class Thing:
    """A resource. `goes_with`: what it is removed by, where it cannot be removed itself."""

    type: str
    id: str
    region: str
    cost: str = NO_COST
    state: str = ""
    name: str = ""
    arn: str = ""
    dns_name: str = ""
    vpc: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    goes_with: str = ""
    leaving: bool = False
    detail: str = ""


@dataclass(frozen=True)
class Belonging:
    """A resource of a child. `reason` says why it is not removable."""

    child: str
    thing: Thing
    by: str
    live: bool = False
    reason: str = ""

    @property
    def removable(self) -> bool:
        return not self.reason

    def to_dict(self) -> Dict[str, Any]:
        thing = self.thing
        return {
            "child": self.child,
            "region": thing.region,
            "type": thing.type,
            "id": thing.id,
            "name": thing.name,
            "dns_name": thing.dns_name,
            "vpc": thing.vpc,
            "cost": thing.cost,
            "state": thing.state,
            "belongs_by": self.by,
            "removable": self.removable,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Unseen:
    """What could not be looked at. `action` is the permission that is missing, where it is one."""

    region: str
    what: str
    message: str
    action: str = ""

    def to_dict(self) -> Dict[str, str]:
        return {"region": self.region, "what": self.what, "message": self.message, "action": self.action}


@dataclass(frozen=True)
class Seen:
    """Of one region, or of several."""

    things: Tuple[Thing, ...] = ()
    unseen: Tuple[Unseen, ...] = ()

    def joined(self, other: Seen) -> Seen:
        return Seen(self.things + other.things, self.unseen + other.unseen)


def sought_of(given: Sequence[Mapping[str, Any]]) -> List[Sought]:
    """From the options. Raises AwsError for what is no child."""
    found: List[Sought] = []
    for number, item in enumerate(given):
        name = str(item.get("name") or "") if isinstance(item, Mapping) else ""
        if not name:
            raise AwsError(f"children[{number}] has no name. Give every child as a mapping with name and region.")
        noted: Mapping[str, Any] = item.get("record") or {}
        exists = item.get("exists")
        found.append(
            Sought(
                name,
                str(item.get("region") or noted.get("region") or ""),
                None if exists is None else bool(exists),
                Record.of(noted),
            )
        )
    return found
