# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps in their order, and where a child is among them. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import List, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Progress
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import MET, Verdict

# A step back counts only when nothing farther was seen for so long.
BACK_SECONDS = 30.0


@dataclass(frozen=True)
class Step:
    """One step. `done` is None where nobody says anything about it.

    A step before the others (`early`) has no number: what comes first in all ways is none of the way itself.
    """

    name: str
    done: Optional[bool]
    message: str = ""
    early: bool = False


def settled(steps: Sequence[Step]) -> List[Step]:
    """A step of which nothing is said is done where a later one is told of: the order is always the same."""
    found: List[Step] = []
    later = False
    for step in reversed(steps):
        found.append(step if step.done is not None else replace(step, done=later))
        later = later or step.done is not None
    return list(reversed(found))


def progress(steps: Sequence[Step], last: str, verdict: Verdict) -> Progress:
    """The first step that is not done is the next one; after all of them there is the last one, the goal itself."""
    numbered = [step for step in steps if not step.early]
    total = len(numbered) + 1
    if verdict.state == MET:
        return Progress(last, total, total, reached=True)
    step = next((step for step in steps if not step.done), None)
    if step is None:
        return Progress(last, len(numbered), total, verdict.message)
    return Progress(step.name, 0 if step.early else numbered.index(step), total, step.message)


class Farthest:
    """The farthest step that was seen of late.

    The AWS provider begins anew many times a minute with what it deletes: its conditions run through all steps again
    until the one that is blocked, and that one has words only for a moment.
    """

    def __init__(self) -> None:
        self._progress = Progress("")
        self._seen_at = self._said_at = 0.0

    def of(self, progress: Progress, now: float) -> Progress:
        last = self._progress
        if progress.done < last.done and not last.reached and now - self._seen_at < BACK_SECONDS:
            return last
        is_quiet = progress.phase == last.phase and not progress.message and not progress.reached
        if is_quiet and now - self._said_at < BACK_SECONDS:
            progress = replace(progress, message=last.message)
        else:
            self._said_at = now
        self._seen_at = now
        self._progress = progress
        return progress
