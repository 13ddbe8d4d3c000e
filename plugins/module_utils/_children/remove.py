# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes children away: records what they have in AWS first, deletes them together, and believes only what is gone.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.errors import ChildrenError
from ansible_collections.mke4k.core.plugins.module_utils._children.model import PROTECTED_MARK, Engine, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._children.record import Record, record_object
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import at
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import Change, apply_all, delete_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref


@dataclass(frozen=True)
class Doomed:
    """A child that is to go. `live` is the object that stands for it, empty where there is none any more."""

    name: str
    ref: Ref
    live: Mapping[str, Any]
    region: str = ""

    @classmethod
    def of(cls, name: str, engine: Engine, facts: Mothership) -> Doomed:
        live = facts.others.get(name) or {}
        region = str(at(engine.spec_of(live), ("infrastructure", "region"), ""))
        return cls(name, engine.root_ref(name, facts.namespace), live, region)

    @property
    def is_there(self) -> bool:
        return bool(self.live)

    def to_dict(self) -> Dict[str, Any]:
        """As aws_orphans takes it."""
        return {"name": self.name, "region": self.region, "exists": self.is_there}


def names_of(given: Sequence[Any]) -> List[str]:
    """The names of children that are given as names, or as mappings that have one."""
    names = [str(item.get("name") or "") if isinstance(item, Mapping) else str(item) for item in given]
    if not names or not all(names):
        raise ChildrenError("Nothing was deleted: name every child that is to go, as text or as a mapping with `name`.")
    return list(dict.fromkeys(names))


def refuse_unconfirmed(doomed: Sequence[Doomed], confirmed: Sequence[str]) -> None:
    """Every child that is protected has to be named: all that are not are told at once."""
    bare = [item.name for item in doomed if item.is_there and _is_protected(item.live) and item.name not in confirmed]
    if bare:
        raise ChildrenError(
            f"Nothing was deleted: {', '.join(bare)} {'is' if len(bare) == 1 else 'are'} protected (annotation"
            f' {PROTECTED_MARK}: "true"). To delete, name each of them in `confirm`: {bare}.',
            protected=bare,
        )


def keep_records(api: Api, namespace: str, records: Mapping[str, Record], dry_run: bool = False) -> List[Change]:
    objects = [record_object(name, namespace, record) for name, record in sorted(records.items())]
    return list(apply_all(api, objects, dry_run=dry_run).changes)


def delete(api: Api, doomed: Sequence[Doomed], dry_run: bool = False) -> Tuple[Change, ...]:
    """All at once, without waiting: a child takes minutes, and they do not depend on each other."""
    return delete_all(api, [item.ref for item in doomed if item.is_there], dry_run=dry_run).changes


def _is_protected(live: Mapping[str, Any]) -> bool:
    return str(at(live, ("metadata", "annotations", PROTECTED_MARK), "")).lower() == "true"
