# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said while something is waited for, so that it reads well in a job log. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import List, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Lack

# A line at most so often, and only when there is something new to say.
EVERY_SECONDS = 30.0
SHOWN = 4
WIDTH = 160


class Reporter:
    """Knows what was said last."""

    def __init__(self, start: float) -> None:
        self._start = start
        self._said = ""
        self._said_at: Optional[float] = None

    def line(self, now: float, lacking: Sequence[Lack], total: int) -> str:
        """What is to be said now; empty: nothing."""
        text = waiting_for(lacking, total)
        if not lacking or text == self._said or not self._may_speak(now):
            return ""
        self._said, self._said_at = text, now
        return f"{duration(now - self._start)}: {text}"

    def _may_speak(self, now: float) -> bool:
        return self._said_at is None or now - self._said_at >= EVERY_SECONDS


def waiting_for(lacking: Sequence[Lack], total: int) -> str:
    """`2 of 5 ready; waiting for Deployment mke/ui: 1 of 2 replicas are available`."""
    return f"{max(total - len(lacking), 0)} of {total} ready; waiting for " + "; ".join(shortened(lacking))


def shortened(lacking: Sequence[Lack]) -> List[str]:
    shown = [_cut(str(lack)) for lack in lacking[:SHOWN]]
    rest = len(lacking) - SHOWN
    return [*shown, f"{rest} more"] if rest > 0 else shown


def duration(seconds: float) -> str:
    """`4 s`, `2 min 5 s`."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 1].rstrip() + "…"
