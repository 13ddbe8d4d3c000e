# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the components of an operator have come. Time is injected."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Callable, Dict, Optional

from .faults import Fault


@dataclass(frozen=True)
class State:
    """`message` says what is wrong with a component; empty while it is merely not ready yet."""

    ready: bool
    message: str = ""


class Progress:
    """Remembers since when each stage runs, and when somebody has to look again."""

    def __init__(self, pace: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.pace = pace
        self._clock = clock
        self._began: Dict[str, float] = {}
        self._next: Optional[float] = None

    def begin(self) -> None:
        """Starts another look at the cluster."""
        self._next = None

    def next_look(self) -> Optional[float]:
        """In how many seconds the next stage ends; None when only an event changes something."""
        return self._next

    def over(self, stage: str, seconds: float) -> bool:
        """Whether that long has passed since the stage was first asked for."""
        left = self._began.setdefault(stage, self._clock()) + seconds - self._clock()
        if left <= 0:
            return True
        self._next = left if self._next is None else min(left, self._next)
        return False

    def state(self, stage: str, fault: Fault, *, was_ready: bool = False) -> State:
        """The state of a component that takes one `pace` to become ready, and of one with a fault."""
        if fault.error:
            return State(ready=False, message=fault.error)
        if fault.never:
            return State(ready=False)
        if not was_ready and not self.over(stage, self.pace + fault.slow):
            return State(ready=False)
        flaps = fault.flap and self.over(f"{stage}/up", 2 * self.pace)
        if flaps and not self.over(f"{stage}/down", fault.flap):
            return State(ready=False, message="it stopped answering")
        return State(ready=True)
