# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is watched for children, and which events are news: most are echoes of what the stand-in wrote itself."""

from __future__ import annotations

from typing import Dict, Optional, Sequence, Tuple

from tests.lab.standin.api import Object, Watched
from tests.lab.standin.faults import WATCHED as FAULTS

from . import kinds
from .cache import Cache
from .commands import Manner

Sign = Tuple[object, ...]


def watched_kinds(manner: Manner) -> Sequence[Watched]:
    """Light children have nothing of Cluster API."""
    found = [kinds.CHILD, kinds.CLUSTER_DEPLOYMENT]
    if not manner.light:
        found += [kinds.CLUSTER, kinds.MACHINE, kinds.CREDENTIAL, kinds.CLUSTER_TEMPLATE, kinds.MULTI_CLUSTER_SERVICE]
        found += list(kinds.IDENTITIES.values())
    return (*(Watched(kind) for kind in found), FAULTS)


class News:
    """Remembers of each object what of it matters."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._signs: Dict[Tuple[str, str, str], Sign] = {}

    def is_news(self, watched: Watched, item: Object) -> bool:
        """Of a Cluster only whether it is paused or goes counts: all else is our own."""
        metadata = item["metadata"]
        namespace, name = str(metadata.get("namespace", "")), str(metadata["name"])
        own = watched.kind is kinds.CLUSTER
        gone = not own and self._cache.get(watched.kind, name, namespace) is None
        sign: Sign = (
            metadata["uid"],
            None if own else metadata.get("generation"),
            metadata.get("deletionTimestamp"),
            (item.get("spec") or {}).get("paused") if own else None,
            sorted((metadata.get("annotations") or {}).items()),
            sorted((metadata.get("labels") or {}).items()),
            gone,
        )
        place = watched.kind.kind, namespace, name
        known, self._signs[place] = self._signs.get(place), sign
        return sign != known


def has_lived(root: Object) -> bool:
    """Whether its status says that it was ready before."""
    status = root.get("status") or {}
    if status.get("kubeConfigSecret"):
        return True
    ready = [one for one in status.get("conditions") or () if one["type"] == "Ready"]
    return any(one["status"] == "True" for one in ready)


def is_dry(made: Optional[Object]) -> bool:
    return bool(((made or {}).get("spec") or {}).get("dryRun"))


def share(age: float, seconds: float) -> float:
    """How much of the way is behind. Timers come a little early."""
    return 1.0 if seconds <= 0 or age >= seconds - 0.005 else max(0.0, age / seconds + 0.001)
