# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of leftovers.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.model import Belonging, Sought, Unseen
from ansible_collections.mke4k.core.plugins.module_utils._config.text_table import text_table

HEADING = ("CHILD", "REGION", "TYPE", "ID", "STATE", "COST", "BY", "REMOVABLE")


@dataclass(frozen=True)
class Found:
    """What belongs to children, and what could not be looked at."""

    belongings: Tuple[Belonging, ...]
    unseen: Tuple[Unseen, ...]

    @property
    def live(self) -> List[Belonging]:
        return [each for each in self.belongings if each.live]

    @property
    def orphans(self) -> List[Belonging]:
        return [each for each in self.belongings if not each.live and not each.thing.leaving]

    @property
    def leaving(self) -> List[Belonging]:
        """What AWS is deleting already."""
        return [each for each in self.belongings if not each.live and each.thing.leaving]

    @property
    def complete(self) -> bool:
        return not self.unseen

    def to_dict(self, failures: Mapping[str, str]) -> Dict[str, Any]:
        return {
            "orphans": [{**each.to_dict(), **_failure(each, failures)} for each in self.orphans],
            "leaving": [each.to_dict() for each in self.leaving],
            "resources": [each.to_dict() for each in self.live],
            "unchecked": [each.to_dict() for each in self.unseen],
            "complete": self.complete,
            "clean": self.complete and not self.orphans,
        }


def _failure(item: Belonging, failures: Mapping[str, str]) -> Dict[str, str]:
    return {"reason": failures[item.thing.id]} if item.thing.id in failures else {}


def text_of(found: Found, sought: Sequence[Sought], failures: Mapping[str, str]) -> List[str]:
    """Lines for people: what is left, what stayed and why, what was not seen, and the verdict."""
    lines: List[str] = []
    if found.orphans:
        lines += text_table([HEADING, *map(_row, found.orphans)])
    reasons = [
        f"{each.thing.type} {each.thing.id} ({each.child}): {failures.get(each.thing.id) or each.reason}"
        for each in found.orphans
        if each.thing.id in failures or each.reason
    ]
    if reasons:
        lines += ["Not removable or not removed:", *(f"  {line}" for line in reasons)]
    lines += unseen_lines(found.unseen)
    return lines + [verdict(found, sought)]


def unseen_lines(unseen: Sequence[Unseen]) -> List[str]:
    if not unseen:
        return []
    lines = ["Could not be looked at:"]
    for each in unseen:
        why = f"allow {each.action}" if each.action else each.message
        lines.append(f"  {each.region}: {each.what}: {why}")
    return lines


def verdict(found: Found, sought: Sequence[Sought]) -> str:
    gone = [child.name for child in sought if not child.exists]
    parts: List[str] = []
    if found.live:
        children = len({each.child for each in found.live})
        parts.append(f"{len(found.live)} resources of {children} that exist{'s' if children == 1 else ''}.")
    if found.leaving:
        parts.append(f"{len(found.leaving)} are being deleted by AWS.")
    if found.orphans:
        costly = sum(each.thing.cost == "high" for each in found.orphans)
        names = ", ".join(sorted({each.child for each in found.orphans}))
        parts.append(f"{len(found.orphans)} left of {names}, {costly} of them of high cost.")
    elif gone and found.complete:
        parts.append(f"Nothing is left of {', '.join(gone)}.")
    elif gone:
        parts.append(f"Nothing was found of {', '.join(gone)}, but not everything could be looked at.")
    return " ".join(parts) or "Nothing was found."


def _row(item: Belonging) -> Tuple[str, ...]:
    thing = item.thing
    shown = thing.name if thing.arn else thing.id
    return (item.child, thing.region, thing.type, shown, thing.state, thing.cost, item.by,
            "yes" if item.removable else "no")  # fmt: skip
