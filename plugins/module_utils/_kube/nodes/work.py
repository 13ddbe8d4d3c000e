# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One order for several nodes, one node after another.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import delete_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes import owners
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.cordon import (
    cordon,
    is_cordoned,
    is_ours,
    uncordon,
    unknown_node,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.drain import Progress, drain, pods_to_move
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.objects import (
    NODE,
    full_name,
    is_leaving,
    name_of,
    node_ref,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.present import Marks, make_present
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.wish import DrainWish


@dataclass(frozen=True)
class Work:
    state: str
    wish: DrainWish = field(default_factory=DrainWish)
    marks: Marks = field(default_factory=Marks)
    timeout: float = 300.0
    dry_run: bool = False


@dataclass(frozen=True)
class Done:
    """What was done to one node. `lines` say it in words."""

    name: str
    lines: Tuple[str, ...] = ()
    evicted: Tuple[str, ...] = ()
    cordoned: bool = False

    @property
    def changed(self) -> bool:
        return bool(self.lines)

    def to_dict(self) -> Dict[str, Any]:
        return {
            "name": self.name,
            "changed": self.changed,
            "cordoned": self.cordoned,
            "evicted": list(self.evicted),
            "changes": list(self.lines),
        }


def work(api: Api, names: Sequence[str], order: Work, progress: Optional[Progress] = None) -> List[Done]:
    if order.state == "drained":
        return _drained(api, names, order, progress)
    steps: Mapping[str, Callable[[], List[Done]]] = {
        "cordoned": lambda: [_cordoned(api, name, order) for name in names],
        "uncordoned": lambda: _uncordoned(api, names, order),
        "present": lambda: [_present(api, name, order) for name in names],
        "absent": lambda: [_absent(api, name, order) for name in names],
    }
    return steps[order.state]()


def _cordoned(api: Api, name: str, order: Work) -> Done:
    changed = cordon(api, name, order.dry_run)
    return Done(name, ("cordoned",) if changed else (), cordoned=True)


def _uncordoned(api: Api, names: Sequence[str], order: Work) -> List[Done]:
    """One look at all nodes tells which of them have a cordon of ours."""
    nodes = {name_of(node): node for node in api.list(NODE).items}
    found = []
    for name in names:
        changed = is_ours(nodes.get(name)) and uncordon(api, name, order.dry_run)
        still = is_cordoned(nodes.get(name)) and not changed
        found.append(Done(name, ("uncordoned",) if changed else (), cordoned=still))
    return found


def _present(api: Api, name: str, order: Work) -> Done:
    lines = make_present(api, name, order.marks, order.dry_run)
    return Done(name, lines)


def _absent(api: Api, name: str, order: Work) -> Done:
    applied = delete_all(api, [node_ref(name)], dry_run=order.dry_run, wait_seconds=order.timeout)
    return Done(name, tuple("deleted" for change in applied.changes if change.changed))


def _drained(api: Api, names: Sequence[str], order: Work, progress: Optional[Progress]) -> List[Done]:
    """The next node has to wait until what was on the one before is back."""
    found: List[Done] = []
    moved: Tuple[owners.Owner, ...] = ()
    for name in names:
        if order.dry_run:
            found.append(_would_drain(api, name, order.wish))
            continue
        if order.wish.owners_timeout > 0:
            owners.until_back(api, moved, order.wish.owners_timeout)
        done = drain(api, name, order.wish, progress, leaders_seen=bool(found))
        moved = done.owners
        found.append(Done(name, _words(done.cordoned, done.evicted), done.evicted, cordoned=True))
    return found


def _would_drain(api: Api, name: str, wish: DrainWish) -> Done:
    node = api.get(node_ref(name))
    if node is None:
        raise unknown_node(api, name)
    evicted = tuple(full_name(pod) for pod in pods_to_move(api, name, wish).moved if not is_leaving(pod))
    return Done(name, _words(not is_cordoned(node), evicted), evicted, cordoned=True)


def _words(cordoned: bool, evicted: Sequence[str]) -> Tuple[str, ...]:
    return (("cordoned",) if cordoned else ()) + tuple(f"evicted {pod}" for pod in evicted)
