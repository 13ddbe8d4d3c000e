# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds a child up, in the words of the object that is nearest to the cause. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Dict, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.statements import objects
from ansible_collections.mke4k.core.plugins.module_utils._children.conditions import (
    ERROR,
    INFO,
    WARNING,
    Condition,
    conditions_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.ends import named
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Family

# Something that waits for something else is seldom what is wrong.
_RANKS: Dict[str, int] = {ERROR: 0, WARNING: 1, "": 2, INFO: 3}
_WAITING_RANK = 4
_SUMMARIES = frozenset(("Ready", "Available", "CAPIClusterSummary"))


def deepest(family: Family) -> str:
    """`AWSCluster k0rdent/prod-eu: NatGatewaysReady is False (Reason): message`; empty where all is said to be well."""
    found: List[Tuple[Tuple[int, int, bool], str]] = []
    for depth, manifest in enumerate(objects(family)):
        for condition in conditions_of(manifest):
            if not condition.is_good:
                key = (_rank(condition), depth, condition.type in _SUMMARIES)
                found.append((key, f"{named(manifest)}: {condition.words()}"))
    return min(found, key=lambda item: item[0])[1] if found else ""


def _rank(condition: Condition) -> int:
    if not condition.message and condition.severity != ERROR:
        return _WAITING_RANK
    waits = condition.reason.startswith(("WaitingFor", "WaitFor")) and condition.severity not in (ERROR, WARNING)
    return _WAITING_RANK if waits else _RANKS.get(condition.severity, _RANKS[""])
