# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a child comes up and goes away, as places on a way from 0 to 1. Pure.

The order is that of the real controllers; the time is whatever the whole way is to take.
"""

from __future__ import annotations

from typing import Mapping, Sequence, Tuple

# A stage and where it is over.
UP: Tuple[Tuple[str, float], ...] = (
    ("deployment", 0.0),
    ("template", 0.03),
    ("helm", 0.06),
    ("capi", 0.09),
    ("vpc", 0.18),
    ("subnets", 0.22),
    ("igw", 0.26),
    ("nat", 0.38),
    ("routes", 0.42),
    ("endpoints", 0.42),
    ("security-groups", 0.46),
    ("load-balancer", 0.56),
    ("control-plane", 0.74),
    ("workers", 0.86),
    ("services", 0.96),
    ("ready", 1.0),
)
# From here on a child goes when its spec was changed: its network stays.
CHANGED = 0.56
DOWN: Tuple[Tuple[str, float], ...] = (
    ("services", 0.1),
    ("machines", 0.4),
    ("load-balancer", 0.5),
    ("security-groups", 0.55),
    ("routes", 0.6),
    ("nat", 0.7),
    ("igw", 0.75),
    ("subnets", 0.8),
    ("vpc", 0.85),
    ("cluster", 0.9),
    ("deployment", 0.95),
    ("root", 1.0),
)
NETWORK = ("vpc", "subnets", "igw", "nat", "routes", "endpoints", "security-groups", "load-balancer")


class Way:
    """How far somebody is on one of the ways. `blocked` is the stage that fails; with `only` the others go on."""

    def __init__(
        self, stages: Sequence[Tuple[str, float]], position: float, blocked: str = "", *, only: bool = False
    ) -> None:
        self._ends: Mapping[str, float] = dict(stages)
        self._names = [name for name, _end in stages]
        self.position = position
        self.blocked = blocked
        self._only = only

    def done(self, stage: str) -> bool:
        if self.blocked == stage:
            return False
        if self.blocked and not self._only and self._names.index(stage) > self._names.index(self.blocked):
            return False
        return self._ends[stage] <= self.position

    def begun(self, stage: str) -> bool:
        """Whether it is its turn, or over already."""
        place = self._names.index(stage)
        return place == 0 or self.done(self._names[place - 1])

    def fails(self, stage: str) -> bool:
        """Whether its turn has come and it cannot be done."""
        return self.blocked == stage and self.begun(stage)

    def next_end(self) -> float | None:
        """The next place at which something changes; None at the end of the way, or where it is blocked."""
        stop = self._ends[self.blocked] if self.blocked and not self._only else 1.0
        return min((end for end in self._ends.values() if self.position < end <= stop), default=None)
