# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of one child in time: when it is at its goal, and when it is of no use to wait any longer. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.follow.deepest import deepest
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.ends import gone, root_of
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.steps import Farthest
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    GONE,
    Child,
    Diagnosis,
    Family,
    Outcome,
    Progress,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.phases import progress_by, verdict_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import FAILED, MET, PENDING, Verdict
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.progress import duration

FAILED_STATE, UNFINISHED = "failed", "unfinished"
# Conditions of a child that was changed may still be those of before for a moment.
STEADY_SECONDS = 2.0
# A cause that has lasted so long is told although it may pass.
CAUSE_SECONDS = 30.0


@dataclass
class Tracker:
    """Follows one child. `since`: the generation that was sent. `settle`: how long a cause has to last."""

    child: Child
    goal: str
    root_kind: Kind
    since: int
    settle: float
    start: float
    outcome: Optional[Outcome] = None
    progress: Progress = field(default_factory=lambda: Progress(""))
    diagnoses: Tuple[Diagnosis, ...] = ()
    _farthest: Farthest = field(default_factory=Farthest)
    _causes: Dict[str, float] = field(default_factory=dict)
    _met_at: Optional[float] = None
    _verdict: Verdict = field(default_factory=lambda: Verdict(PENDING, "nobody has looked at it yet"))

    @property
    def ripens(self) -> bool:
        """Whether time alone may bring it to an end."""
        return self.outcome is None and (self.needs_person or self._met_at is not None)

    @property
    def needs_person(self) -> bool:
        return any(item.cause.needs_person for item in self.diagnoses)

    def cause(self, now: float) -> Optional[Diagnosis]:
        """What has held it up for a while: much is not ready on the way that needs no words."""
        return self._lasting(self.diagnoses, CAUSE_SECONDS, now)

    def judge(
        self, family: Family, unknown: Sequence[Kind], diagnoses: Sequence[Diagnosis], now: float, partial: bool = False
    ) -> None:
        """Look at the family as it is now. `unknown`: kinds of which nobody can tell yet what there is.

        With `partial` there may be more objects than have been seen: how far the child is may be wrong then.

        What has ended may change while others are waited for: who failed heals, and who was ready is deleted.
        """
        self._verdict = verdict = self._judged(family, unknown)
        progress = progress_by(verdict, family, self.goal, self.root_kind)
        self.progress = progress if partial else self._farthest.of(progress, now)
        self.diagnoses = () if verdict.state == MET else tuple(diagnoses)
        self._causes = {item.cause.name: self._causes.get(item.cause.name, now) for item in self.diagnoses}
        if verdict.state == MET:
            self._met_at = now if self._met_at is None else self._met_at
            is_steady = self.since <= 1 or now - self._met_at >= STEADY_SECONDS
            if is_steady and (self.outcome is None or self.outcome.failed):
                self.end(family, self.goal, "", now)
            return
        self._met_at = None
        if verdict.state == FAILED:
            if self.outcome is None or not self.outcome.failed:
                self.end(family, FAILED_STATE, verdict.message, now)
        elif self.outcome is None:
            wanting = [item for item in self.diagnoses if item.cause.needs_person]
            lasting = self._lasting(wanting, self.settle, now)
            if lasting is not None:
                self.end(family, FAILED_STATE, lasting.text(), now)

    def time_out(self, family: Family, troubles: Sequence[str], now: float) -> None:
        """It has not come to its goal in time; say what is missing and who says so."""
        if self._met_at is not None:
            self.end(family, self.goal, "", now)
            return
        text = f"not {self.goal} after {duration(now - self.start)}: {self._lack(family)}"
        self.end(family, FAILED_STATE, ". ".join([text, *troubles]), now)

    def end(self, family: Family, state: str, message: str, now: float) -> None:
        self.outcome = Outcome(self.child.name, state, self.progress, self.diagnoses, family, now - self.start, message)

    def _judged(self, family: Family, unknown: Sequence[Kind]) -> Verdict:
        if self.goal == GONE:
            return gone(family, [kind.kind for kind in unknown])
        if root_of(family, self.root_kind) is None and self.root_kind not in unknown:
            name = f"{self.root_kind.kind} {self.child.namespace}/{self.child.name}"
            return Verdict(FAILED, f"{name} is not there any more: somebody else has deleted it during the wait")
        return verdict_of(family, self.goal, self.root_kind, self.since)

    def _lasting(self, diagnoses: Sequence[Diagnosis], seconds: float, now: float) -> Optional[Diagnosis]:
        """The first that has been there long enough: conditions flip."""
        return next((item for item in diagnoses if now - self._causes[item.cause.name] >= seconds), None)

    def _lack(self, family: Family) -> str:
        if self.diagnoses:
            return self.diagnoses[0].text()
        verdict = self._verdict
        parts: List[str] = []
        if self.goal == GONE:
            step = self.progress
            parts.append(f"at {step.phase} ({step.done} of {step.steps} steps done)")
            parts.append(step.message if step.message not in verdict.message else "")
        else:
            parts.append(deepest(family))
        parts.append(verdict.message if verdict.message not in " ".join(parts) else "")
        return "; ".join(part for part in parts if part)
