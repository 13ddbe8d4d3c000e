# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at everything in a region that may belong to children, in as many calls as there are kinds of resources.

The tagging API says what carries a tag, but late, and not whether it is still there: what EC2 has is asked of EC2.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Callable, Dict, List, Mapping, Sequence, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.balancers import balancers
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.belongs import belongings
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.kinds import EC2, KINDS, Kind
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.model import Seen, Sought, Thing, Unseen
from ansible_collections.mke4k.core.plugins.module_utils._aws.regions import ask, in_parallel
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess

# AWS takes at most 200 values in a filter. Above FILTERED children, everything in the region is fewer calls.
VALUES = 200
FILTERED = 20
Filters = List[Dict[str, Any]]


def scan(access: AwsAccess, sought: Sequence[Sought], everywhere: Callable[[], Sequence[str]]) -> Seen:
    """Of all regions of the children at once; `everywhere` names the regions for those without one."""
    homeless = [child for child in sought if not child.region]
    regions = {child.region for child in sought if child.region}
    if homeless:
        regions.update(everywhere())
    found = in_parallel(
        sorted(regions),
        lambda region: scan_region(access, region, [each for each in sought if each.region in ("", region)]),
    )
    seen = Seen()
    for each in found.values():
        seen = seen.joined(each)
    return seen


def scan_region(access: AwsAccess, region: str, sought: Sequence[Sought]) -> Seen:
    seen = _of_ec2(access, region, sought)
    if len(seen.unseen) == len(KINDS) and not any(each.action for each in seen.unseen):
        return Seen(unseen=(Unseen(region, "everything", seen.unseen[0].message),))
    seen = seen.joined(balancers(access, region))
    return _without_doubles(seen.joined(_in_networks(access, region, sought, seen)))


def _of_ec2(access: AwsAccess, region: str, sought: Sequence[Sought]) -> Seen:
    def look(name: str) -> Seen:
        return _asked(access, region, EC2[name], _filters_for(EC2[name], sought))

    seen = Seen()
    for each in in_parallel(EC2, look, threads=6).values():
        seen = seen.joined(each)
    return seen


def _filters_for(kind: Kind, sought: Sequence[Sought]) -> List[Filters]:
    if len(sought) > FILTERED and not kind.may_be_many:
        return [[]]
    return _tagged(sought) + _recorded(kind, sought)


def _tagged(sought: Sequence[Sought]) -> List[Filters]:
    """Of both kinds of tags, with one value for a child: what matches is judged by its tags later."""
    return _by_values("tag-key", [f"*/cluster/{child.name}" for child in sought])


def _recorded(kind: Kind, sought: Sequence[Sought]) -> List[Filters]:
    fields = {"volume": "volumes", "network-interface": "network_interfaces", "vpc": "vpcs"}
    if kind.type not in fields:
        return []
    ids = sorted({noted for child in sought for noted in getattr(child.record, fields[kind.type])})
    return _by_values(kind.by_id, ids)


def _by_values(name: str, values: Sequence[str]) -> List[Filters]:
    return [[{"Name": name, "Values": list(values[at : at + VALUES])}] for at in range(0, len(values), VALUES)]


def _asked(access: AwsAccess, region: str, kind: Kind, questions: Sequence[Filters]) -> Seen:
    client = access.client("ec2", region)
    things: Dict[str, Thing] = {}
    for filters in questions:
        arguments: Dict[str, Any] = {**kind.more, **({"Filters": filters} if filters else {})}
        answer = ask(partial(client.pages, kind.method, kind.key, **arguments))
        if not answer.known:
            return Seen(tuple(things.values()), (Unseen(region, kind.type, answer.problem, answer.action),))
        things.update((thing.id, thing) for thing in kind.things(answer.given, region))
    return Seen(tuple(things.values()))


def _in_networks(access: AwsAccess, region: str, sought: Sequence[Sought], seen: Seen) -> Seen:
    """What has no tag of the child, but keeps its VPC from being deleted."""
    networks = sorted({each.thing.id for each in belongings(seen.things, sought) if each.thing.type == "vpc"})
    denied: Set[str] = {each.what for each in seen.unseen}
    found = Seen()
    for kind in KINDS:
        if kind.by_vpc and networks and kind.type not in denied:
            found = found.joined(_asked(access, region, kind, _by_values(kind.by_vpc, networks)))
    return found


def _without_doubles(seen: Seen) -> Seen:
    things: Mapping[Tuple[str, str], Thing] = {(thing.type, thing.id): thing for thing in seen.things}
    return Seen(tuple(things.values()), tuple(dict.fromkeys(seen.unseen)))
