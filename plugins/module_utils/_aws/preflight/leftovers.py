# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has the name of a child that is still to be made.

Cluster API's AWS provider owns by the name of the cluster alone: it would take such leftovers, or the resources of
another cluster of that name, for its own.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections import Counter
from typing import List, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.belongs import belongings
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.model import Seen, Sought
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.scan import scan
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.model import (
    ERROR,
    OK,
    Finding,
    Need,
    unknown,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.regions import Answer
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess

CHECK, BALANCER = "leftovers", "load_balancer_names"
# Longer names are hashed by Cluster API.
LONGEST = 32
SHOWN = 6


def look(access: AwsAccess, needs: Sequence[Need]) -> Seen:
    return scan(access, _sought(needs), lambda: ())


def findings(needs: Sequence[Need], seen: Seen, checks: Sequence[str]) -> List[Finding]:
    found: List[Finding] = []
    everything = belongings(seen.things, _sought(needs))
    for need in needs:
        if need.exists:
            continue
        if CHECK in checks:
            mine = [
                f"{each.thing.type} {each.thing.id}"
                for each in everything
                if each.child == need.name and not each.thing.leaving
            ]
            found.append(_judged(need, mine))
        if BALANCER in checks:
            found += _named(need, seen)
    return found + [
        unknown(CHECK, Answer(None, each.message, each.action), f"Leftovers ({each.what})", each.region)
        for each in seen.unseen
    ]


def _sought(needs: Sequence[Need]) -> List[Sought]:
    return [Sought(need.name, need.region, exists=False) for need in needs if not need.exists]


def _judged(need: Need, mine: Sequence[str]) -> Finding:
    if not mine:
        return Finding(OK, CHECK, f"Nothing in {need.region} has the tag of {need.name}.", "", need.region, need.name)
    counts = Counter(text.partition(" ")[0] for text in mine)
    summary = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    shown = ", ".join(mine[:SHOWN]) + (", ..." if len(mine) > SHOWN else "")
    return Finding(
        ERROR,
        CHECK,
        f"There is no child {need.name}, but {need.region} has {len(mine)} resources with its tag ({summary}: {shown})."
        " Cluster API would take them for its own.",
        "Find out whose they are. Where they are left of a former child, remove them (mke4k.core.aws_orphans with"
        f" remove: true and confirm: {need.name}). Where another mothership has them, choose another name.",
        need.region,
        need.name,
    )


def _named(need: Need, seen: Seen) -> List[Finding]:
    name = f"{need.name}-apiserver"
    taken = any(
        each.type == "load-balancer" and each.region == need.region and each.name == name and not each.tags
        for each in seen.things
    )
    if len(name) > LONGEST or not taken:
        return []
    message = f"{need.region} has a load balancer {name} already, which is not tagged for {need.name}."
    remedy = "Remove it, or choose another name for the child."
    return [Finding(ERROR, BALANCER, message, remedy, need.region, need.name)]
