# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes children away: what they have in AWS is recorded, they are deleted together, and only what is gone counts.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.coming import Diagnose, Terms
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.engine import Manner, follow, nothing
from ansible_collections.mke4k.core.plugins.module_utils._children.model import GONE, Child, Engine, Outcome, Progress
from ansible_collections.mke4k.core.plugins.module_utils._children.record import (
    Record,
    read_records,
    record_object,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.remove import (
    Doomed,
    delete,
    keep_records,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.results import told
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import DELETED, Change


@dataclass(frozen=True)
class Removal:
    """`records`: everything that was ever known of each child, also of those that were gone before."""

    changes: Sequence[Change]
    outcomes: Sequence[Outcome]
    records: Mapping[str, Record]
    namespace: str

    @property
    def changed(self) -> bool:
        return any(change.changed for change in self.changes)

    def diffs(self) -> List[Dict[str, Any]]:
        return [change.diff() for change in self.changes if change.changed]

    def to_dict(self) -> Dict[str, Any]:
        """`gone`: those that are, as aws_orphans takes them to prove that nothing is left."""
        gone = [outcome.name for outcome in self.outcomes if outcome.state == GONE]
        records = {name: record.to_dict() for name, record in self.records.items()}
        deleted = {change.ref.name for change in self.changes if change.action == DELETED}
        return {
            "changed": self.changed,
            "children": [
                told(outcome, "deleted" if outcome.name in deleted else "absent") for outcome in self.outcomes
            ],
            "gone": [
                {"name": name, "region": records[name]["region"], "exists": False, "record": records[name]}
                for name in gone
            ],
            "records": records,
            "record_objects": [record_object(name, self.namespace, self.records[name]) for name in gone],
        }


def take_away(
    api: Api,
    doomed: Sequence[Doomed],
    engine: Engine,
    namespace: str,
    seen: Mapping[str, Record],
    terms: Terms,
    diagnose: Diagnose = nothing,
) -> Removal:
    """`seen`: what was found just now in the children and in their accounts."""
    records = united(read_records(api, namespace), seen, doomed)
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
            manner=Manner(root_kind=engine.root_kind),
        )
        outcomes.update((outcome.name, outcome) for outcome in followed)
    return Removal(changes, [outcomes[item.name] for item in doomed], records, namespace)


def united(kept: Mapping[str, Record], seen: Mapping[str, Record], doomed: Sequence[Doomed]) -> Dict[str, Record]:
    nothing_new = {item.name: Record(region=item.region) for item in doomed}
    return {
        name: seen.get(name, bare).joined(kept.get(name, Record())).joined(bare) for name, bare in nothing_new.items()
    }


def _leaving(item: Doomed) -> Outcome:
    return Outcome(item.name, "unfinished", Progress("Deleting"))
