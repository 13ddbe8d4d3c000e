# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a resource is: by the tags of Cluster API and of Kubernetes, or by what was recorded.

Both tags name a cluster and nothing else. What names two clusters, or another one, is never taken for somebody's.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Dict, Iterable, List, Mapping, Optional, Sequence, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.model import (
    RECORD,
    TAG,
    VPC,
    Belonging,
    Sought,
    Thing,
)

CLUSTER_API = "sigs.k8s.io/cluster-api-provider-aws/cluster/"
KUBERNETES = "kubernetes.io/cluster/"
OWNED = "owned"


def owners_of(tags: Mapping[str, str]) -> Set[str]:
    """The clusters that own what has these tags."""
    return {
        key[len(prefix) :]
        for key, value in tags.items()
        for prefix in (CLUSTER_API, KUBERNETES)
        if key.startswith(prefix) and value == OWNED
    }


def belongings(things: Iterable[Thing], sought: Sequence[Sought]) -> List[Belonging]:
    """What belongs to which child. A child is only asked about in its own region."""
    everything = list(things)
    networks: Dict[Tuple[str, str], Belonging] = {}
    for thing in everything:
        if thing.type == "vpc":
            owner = _by_tag_or_record(thing, sought)
            if owner:
                networks[thing.region, thing.id] = owner
    found: List[Belonging] = []
    for thing in everything:
        belonging = _by_tag_or_record(thing, sought) or _by_network(thing, networks)
        if belonging:
            found.append(belonging)
    return found


def _by_tag_or_record(thing: Thing, sought: Sequence[Sought]) -> Optional[Belonging]:
    owners = owners_of(thing.tags)
    for child in sought:
        if child.region and child.region != thing.region:
            continue
        if child.name in owners:
            return _made(child, thing, TAG, owners - {child.name})
        if not owners and _is_recorded(thing, child):
            return _made(child, thing, RECORD, set())
    return None


def _by_network(thing: Thing, networks: Mapping[Tuple[str, str], Belonging]) -> Optional[Belonging]:
    """What keeps a VPC from being deleted, although it says nothing of the child."""
    home = networks.get((thing.region, thing.vpc)) if thing.vpc and thing.type != "vpc" else None
    if home is None or owners_of(thing.tags):
        return None
    reason = thing.goes_with or "it is in the child's VPC, but has neither its tag nor is it recorded"
    return Belonging(home.child, thing, VPC, home.live, "the child exists" if home.live else reason)


def _made(child: Sought, thing: Thing, by: str, others: Set[str]) -> Belonging:
    if child.exists:
        return Belonging(child.name, thing, by, True, "the child exists")
    if others:
        return Belonging(child.name, thing, by, False, f"its tags name {', '.join(sorted(others))} too")
    return Belonging(child.name, thing, by, False, thing.goes_with)


def _is_recorded(thing: Thing, child: Sought) -> bool:
    record = child.record
    if thing.type == "volume":
        return thing.id in record.volumes
    if thing.type == "network-interface":
        return thing.id in record.network_interfaces
    if thing.type == "vpc":
        return thing.id in record.vpcs
    if thing.type == "load-balancer":
        noted = {text.lower() for text in record.load_balancers}
        return bool(noted & {text.lower() for text in (thing.id, thing.arn, thing.dns_name) if text})
    return False
