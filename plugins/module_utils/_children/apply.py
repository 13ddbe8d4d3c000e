# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes many children what they should be, side by side: what one of them is refused for does not stop the others.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child, Engine, Manifest, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._children.pause import set_pauses
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import (
    AT_ONCE,
    Applied,
    Change,
    apply_all,
    apply_one,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.diff import redact
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref


@dataclass(frozen=True)
class Sent:
    """What became of the objects of one child. `refusal`: the API server, or a webhook behind it, said no."""

    child: Child
    changes: Sequence[Change] = ()
    root: Manifest = field(default_factory=dict)
    refusal: Optional[Refused] = None

    @property
    def changed(self) -> bool:
        return any(change.changed for change in self.changes)

    @property
    def action(self) -> str:
        """What was done to the object that stands for the child; the last one that is sent."""
        return "refused" if self.refusal else self.changes[-1].action

    @property
    def generation(self) -> int:
        return int((self.root.get("metadata") or {}).get("generation") or 0)

    def diffs(self) -> List[Dict[str, Any]]:
        return [change.diff() for change in self.changes if change.changed]


def send(api: Api, children: Sequence[Child], engine: Engine, facts: Mothership, dry_run: bool = False) -> List[Sent]:
    """In the order of `children`. One that is as it should be costs no request: the caller has just read them all."""
    pauses = {change.ref.name: change for change in set_pauses(api, children, facts.others, dry_run)}

    def one(child: Child) -> Sent:
        *others, root = engine.manifests(child, facts)
        try:
            before = apply_all(api, others, dry_run=dry_run).changes if others else ()
            change, found = apply_one(api, root, facts.others.get(child.name), dry_run=dry_run)
        except Refused as error:
            return Sent(child, refusal=error)
        paused = [pauses[child.name]] if child.name in pauses else []
        return Sent(child, [*paused, *before, change], found)

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return list(pool.map(one, children))


def without_cluster(children: Sequence[Child], engine: Engine, facts: Mothership) -> List[Sent]:
    """What check mode predicts before there is a mothership."""

    def made(manifest: Mapping[str, Any]) -> Change:
        ref = Ref.of(manifest)
        return Change(ref, "created", {}, redact(manifest, ref))

    return [Sent(child, [made(item) for item in engine.manifests(child, facts)]) for child in children]


def all_of(sent: Sequence[Sent]) -> Applied:
    return Applied(tuple(change for one in sent for change in one.changes))
