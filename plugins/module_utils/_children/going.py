# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes children away: what they have in AWS is recorded first, they are deleted together, and only what is gone counts.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.coming import Diagnose, Terms
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.engine import follow
from ansible_collections.mke4k.core.plugins.module_utils._children.model import GONE, Child, Engine, Outcome, Progress
from ansible_collections.mke4k.core.plugins.module_utils._children.record import Record, read_records
from ansible_collections.mke4k.core.plugins.module_utils._children.remove import (
    Doomed,
    delete,
    keep_records,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import Change


@dataclass(frozen=True)
class Removal:
    """`records`: everything that was ever known of each child, also of those that were gone before."""

    changes: Sequence[Change]
    outcomes: Sequence[Outcome]
    records: Mapping[str, Record]

    @property
    def changed(self) -> bool:
        return any(change.changed for change in self.changes)


def take_away(
    api: Api,
    doomed: Sequence[Doomed],
    engine: Engine,
    namespace: str,
    seen: Mapping[str, Record],
    terms: Terms,
    diagnose: Optional[Diagnose] = None,
) -> Removal:
    """`seen`: what was found just now in the children and in their accounts."""
    records = united(read_records(api, namespace), seen, [item.name for item in doomed])
    there = [item for item in doomed if item.is_there]
    changes: List[Change] = keep_records(
        api, namespace, {item.name: records[item.name] for item in there}, dry_run=terms.dry_run
    )
    changes += delete(api, there, dry_run=terms.dry_run)
    outcomes = {item.name: Outcome(item.name, GONE, Progress("Gone", reached=True)) for item in doomed}
    if terms.dry_run or not terms.wait:
        outcomes.update((item.name, _leaving(item)) for item in there)
    elif doomed:
        # Also those whose first object is gone: Cluster API may still be at work for them.
        followed = follow(
            api,
            [Child(item.name, item.live.get("spec") or {}, namespace) for item in doomed],
            goal=GONE,
            timeout=terms.timeout,
            say=terms.say,
            diagnose=diagnose,
            since={},
            root_kind=engine.root_kind,
        )
        outcomes.update((outcome.name, outcome) for outcome in followed)
    return Removal(changes, [outcomes[item.name] for item in doomed], records)


def united(kept: Mapping[str, Record], seen: Mapping[str, Record], names: Sequence[str]) -> Dict[str, Record]:
    return {name: seen.get(name, Record()).joined(kept.get(name, Record())) for name in names}


def _leaving(item: Doomed) -> Outcome:
    return Outcome(item.name, "unfinished", Progress("Deleting"))
