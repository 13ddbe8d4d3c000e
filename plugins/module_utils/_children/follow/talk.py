# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said while children are followed: short lines that also read well in a job log. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Callable, Dict, List, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children import lines
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Diagnosis, Outcome, Progress

# More children than this are told of together.
MANY = 20
EVERY_SECONDS = 30.0


class Talk:
    """Knows what was said, and when."""

    def __init__(
        self, say: Callable[[str], None], time_of_day: Callable[[], str], goal: str, names: Sequence[str]
    ) -> None:
        self._say = say
        self._goal = goal
        self._time_of_day = time_of_day
        self._width = max((len(name) for name in names), default=0)
        self._are_many = len(names) > MANY
        self._phases: Dict[str, str] = {}
        self._told: Dict[Tuple[str, str], float] = {}
        self._causes: Dict[str, str] = {}
        self._ends: Dict[str, str] = {}
        self._summary: Tuple[str, Optional[float]] = "", None

    def step(self, name: str, progress: Progress, now: float) -> None:
        """A line where the phase is another one. One that comes and goes is told of again only after a while."""
        if self._are_many or self._phases.get(name) == progress.phase:
            return
        before = self._told.get((name, progress.phase))
        if before is not None and now - before < EVERY_SECONDS:
            return
        self._phases[name] = progress.phase
        self._told[(name, progress.phase)] = now
        self._tell(lines.step(name, progress, self._width))

    def cause(self, name: str, diagnosis: Diagnosis) -> None:
        """A line where the reason is another one."""
        if not self._are_many and self._causes.get(name) != diagnosis.cause.name:
            self._causes[name] = diagnosis.cause.name
            self._tell(lines.cause(name, diagnosis, self._width))

    def end(self, outcome: Outcome) -> None:
        """What became of a child; of many only those that failed are named."""
        if self._ends.get(outcome.name) == outcome.state:
            return
        healed = self._ends.get(outcome.name) is not None
        self._ends[outcome.name] = outcome.state
        if outcome.failed:
            self._tell(lines.failure(outcome, self._width))
        elif healed or not self._are_many:
            self._phases[outcome.name] = outcome.progress.phase
            self._tell(lines.step(outcome.name, outcome.progress, self._width))

    def summary(self, outcomes: Sequence[Optional[Outcome]], phases: Sequence[str], now: float) -> None:
        """Now and then one line for all, where they are many and something has changed; and one at the end."""
        text, at = self._summary
        is_last = all(outcome is not None for outcome in outcomes)
        if not self._are_many or (at is not None and now - at < EVERY_SECONDS and not is_last):
            return
        fresh = lines.summary(self._goal, outcomes, phases)
        if fresh != text:
            self._summary = fresh, now
            self._tell(fresh)

    def _tell(self, text: str) -> None:
        self._say(f"{self._time_of_day()} {text}")


def phases_of(progresses: Sequence[Progress]) -> List[str]:
    return [item.phase for item in progresses if item.phase]
