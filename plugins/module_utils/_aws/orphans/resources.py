# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a child can have in AWS: the types, what they cost, and whose a resource is. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

INSTANCE, VOLUME, ENI = "instance", "volume", "network-interface"
CLASSIC_LB, LB, TARGET_GROUP = "classic-load-balancer", "load-balancer", "target-group"
NAT, EIP, IGW, VPC = "nat-gateway", "elastic-ip", "internet-gateway", "vpc"
SUBNET, ROUTE_TABLE, SECURITY_GROUP = "subnet", "route-table", "security-group"
# In the order in which they have to go: what depends on others comes first.
TYPES: Tuple[str, ...] = (
    INSTANCE, CLASSIC_LB, LB, TARGET_GROUP, NAT, EIP, ENI, SECURITY_GROUP, SUBNET, ROUTE_TABLE, IGW, VPC, VOLUME,
)  # fmt: skip
# What each costs while nobody uses it.
COSTS: Mapping[str, str] = {
    **dict.fromkeys((INSTANCE, NAT, CLASSIC_LB, LB), "high"),
    **dict.fromkeys((VOLUME, EIP), "low"),
}
# The tags of Cluster API Provider AWS and of the cloud controller inside the child; the value is `owned`.
OWNED_BY_CAPA = "sigs.k8s.io/cluster-api-provider-aws/cluster/"
OWNED_BY_CLOUD_CONTROLLER = "kubernetes.io/cluster/"
OWNED = "owned"
BY_TAG, BY_RECORD = "tag", "record"


@dataclass(frozen=True)
class Resource:
    """One thing in a region. `names` are all that it can be recorded by: id, ARN, name in DNS."""

    type: str
    id: str
    region: str
    tags: Mapping[str, str] = field(default_factory=dict)
    state: str = ""
    names: Tuple[str, ...] = ()

    @property
    def cost(self) -> str:
        return COSTS.get(self.type, "none")

    @property
    def clusters(self) -> Tuple[str, ...]:
        """The clusters that its tags name."""
        return tuple(
            key[len(prefix) :]
            for prefix in (OWNED_BY_CAPA, OWNED_BY_CLOUD_CONTROLLER)
            for key, value in self.tags.items()
            if key.startswith(prefix) and value == OWNED
        )


@dataclass(frozen=True)
class Wanted:
    """A child whose resources are looked for. `exists`: it is still there, all of them are its own."""

    name: str
    region: str
    exists: bool = False
    recorded: Tuple[str, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, Any], region: str) -> Wanted:
        record: Mapping[str, Any] = given.get("record") or {}
        ids = [str(item) for value in record.values() if isinstance(value, list) for item in value]
        return cls(
            str(given["name"]),
            str(given.get("region") or record.get("region") or region),
            bool(given.get("exists")),
            tuple(sorted({item for item in ids if item})),
        )

    @property
    def tag_keys(self) -> Tuple[str, str]:
        return (OWNED_BY_CAPA + self.name, OWNED_BY_CLOUD_CONTROLLER + self.name)


@dataclass(frozen=True)
class Belonging:
    """A resource of one child, and how that is known."""

    child: Wanted
    resource: Resource
    by: str

    def to_dict(self) -> Dict[str, Any]:
        found = self.resource
        return {
            "child": self.child.name,
            "region": found.region,
            "type": found.type,
            "id": found.id,
            "state": found.state,
            "cost": found.cost,
            "belongs_by": self.by,
            "removable": not self.child.exists,
        }


def owner_of(resource: Resource, children: Sequence[Wanted]) -> Optional[Belonging]:
    """Whose it is. A tag counts before a record: what another cluster's tag is on is never ours by a record."""
    here = [child for child in children if child.region == resource.region]
    tagged = next((child for child in here if child.name in resource.clusters), None)
    if tagged is not None:
        return Belonging(tagged, resource, BY_TAG)
    if resource.clusters:
        return None
    names = {resource.id, *resource.names}
    recorded = next((child for child in here if names.intersection(child.recorded)), None)
    return Belonging(recorded, resource, BY_RECORD) if recorded is not None else None
