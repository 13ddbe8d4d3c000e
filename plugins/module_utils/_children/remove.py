# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes children away: records what they have in AWS first, deletes them together, and believes only what is gone.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Dict, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.errors import ChildrenError
from ansible_collections.mke4k.core.plugins.module_utils._children.model import PROTECTED_MARK, Manifest
from ansible_collections.mke4k.core.plugins.module_utils._children.record import (
    Record,
    record_object,
    seen_in,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import AT_ONCE, Change, apply_all, delete_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref


@dataclass(frozen=True)
class Doomed:
    """A child that is to go, and whether it is there at all."""

    name: str
    ref: Ref
    live: Manifest

    @property
    def region(self) -> str:
        spec = self.live.get("spec") or {}
        found = (spec.get("infrastructure") or {}).get("region") or (spec.get("config") or {}).get("region")
        return str(found or "")

    @property
    def is_there(self) -> bool:
        return bool(self.live)


def refuse_unconfirmed(doomed: Sequence[Doomed], confirmed: Sequence[str]) -> None:
    """Every child that is protected has to be named: all that are not are told at once."""
    bare = [
        item.name
        for item in doomed
        if item.is_there and _is_protected(item.live) and item.name not in confirmed
    ]
    if bare:
        raise ChildrenError(
            f"Nothing was deleted: {', '.join(bare)} {'is' if len(bare) == 1 else 'are'} protected (annotation"
            f" {PROTECTED_MARK}: \"true\"). To delete, name each of them in `confirm`: {bare}.",
            protected=bare,
        )


def keep_records(api: Api, namespace: str, records: Mapping[str, Record], dry_run: bool = False) -> List[Change]:
    objects = [record_object(name, namespace, record) for name, record in sorted(records.items())]
    return list(apply_all(api, objects, dry_run=dry_run).changes)


def delete(api: Api, doomed: Sequence[Doomed], dry_run: bool = False) -> Tuple[Change, ...]:
    """All at once, without waiting: a child takes minutes, and they do not depend on each other."""
    return delete_all(api, [item.ref for item in doomed if item.is_there], dry_run=dry_run).changes


def asked_together(apis: Mapping[str, Api], regions: Mapping[str, str]) -> Dict[str, Record]:
    """What the children themselves say, side by side."""
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        found = pool.map(lambda name: seen_in(apis[name], regions[name]), apis)
    return dict(zip(apis, found))


def _is_protected(live: Mapping[str, object]) -> bool:
    metadata = live.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    return str((annotations or {}).get(PROTECTED_MARK) or "").lower() == "true"
