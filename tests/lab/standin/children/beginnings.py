# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When things began, for each child: how far it is follows from that. Time is injected."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, Mapping, Optional, Tuple

# Times of the API are whole seconds: what began that long ago has just begun.
JUST = 2.0


def seconds_since(text: str, now: Optional[datetime.datetime] = None) -> float:
    """The age of a time of the API."""
    then = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    return max(0.0, ((now or datetime.datetime.now(datetime.timezone.utc)) - then).total_seconds())


@dataclass
class Began:
    """`life`: when it was made; `work`: when its newest form was first seen."""

    uid: str
    generation: int
    life: float
    work: float
    deletion: Optional[float] = None
    lived: bool = False


class Beginnings:
    """A stand-in that is started again goes on where the objects' own times say that it was."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, age: Callable[[str], float] = seconds_since
    ) -> None:
        self._clock = clock
        self._age = age
        self._known: Dict[Tuple[str, str], Began] = {}

    def of(self, root: Mapping[str, Any], *, lived: bool) -> Began:
        """`lived`: its status says that it was ready before."""
        metadata = root["metadata"]
        place = str(metadata.get("namespace", "")), str(metadata["name"])
        uid, generation = str(metadata["uid"]), int(metadata.get("generation") or 1)
        known = self._known.get(place)
        if known is None or known.uid != uid:
            life = self._ago(metadata["creationTimestamp"])
            changed = lived and int((root.get("status") or {}).get("observedGeneration") or 0) < generation
            known = Began(uid, generation, life, self._clock() if changed else life, lived=lived)
            self._known[place] = known
        elif known.generation != generation:
            known.generation, known.work = generation, self._clock()
        deletion = metadata.get("deletionTimestamp")
        if deletion and known.deletion is None:
            known.deletion = self._ago(deletion)
        return known

    def forget(self, namespace: str, name: str) -> None:
        self._known.pop((namespace, name), None)

    def now(self) -> float:
        return self._clock()

    def _ago(self, text: str) -> float:
        age = self._age(text)
        return self._clock() - (0.0 if age <= JUST else age)
