# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows many children at once until each of them is at its goal, has failed, or time is over.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Callable, List, Mapping, Optional, Sequence, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.follow.streams import Streams
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.talk import Talk, phases_of
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.tracker import FAILED_STATE, Tracker
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    GONE,
    MKE_CHILD_CONFIG,
    PAUSED,
    Child,
    Diagnosis,
    Family,
    Outcome,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, NotReachable
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind

Diagnose = Callable[[Family, float], Sequence[Diagnosis]]
# Resources in AWS that are in each other's way mostly go after some minutes.
SETTLE_SECONDS, SETTLE_SECONDS_GONE = 20.0, 300.0
# How long news are waited for before the clock is looked at again.
_SLICE_SECONDS = 0.5
# How often a child is looked at of which no news come: some causes show only by nothing happening.
_LOOK_SECONDS = 5.0
# After that everything there was has come through a new watch.
_KNOWN_SECONDS = 1.0


def _time_of_day() -> str:
    return time.strftime("%H:%M")


@dataclass(frozen=True)
class Manner:
    """How children are followed. Before `grace` seconds the deeper kinds are not looked at; `settle`: see Tracker.

    `root_kind` is the kind that stands for a child, which depends on the engine that made it.
    """

    root_kind: Kind = MKE_CHILD_CONFIG
    grace: float = 10.0
    settle: Optional[float] = None
    clock: Callable[[], float] = time.monotonic
    time_of_day: Callable[[], str] = _time_of_day


def nothing(_family: Family, _now: float) -> Sequence[Diagnosis]:
    """Diagnoses of somebody who does not look for causes."""
    return ()


def follow(
    api: Api,
    children: Sequence[Child],
    goal: str,
    timeout: float,
    say: Callable[[str], None],
    diagnose: Diagnose = nothing,
    since: Optional[Mapping[str, int]] = None,
    manner: Optional[Manner] = None,
) -> List[Outcome]:
    """What became of each child, in their order. Nothing that the API says is raised: it is told of each child.

    `since`: the generations that were sent, by name.
    """
    if not children:
        return []
    how = manner or Manner()
    usual = SETTLE_SECONDS_GONE if goal == GONE else SETTLE_SECONDS
    settle = usual if how.settle is None else how.settle
    start = how.clock()
    trackers = [
        Tracker(child, goal, how.root_kind, (since or {}).get(child.name, 0), settle, start) for child in children
    ]
    talk = Talk(say, how.time_of_day, goal, [child.name for child in children])
    return _Chase(Streams(api, children, goal, how.root_kind), trackers, talk, diagnose, timeout, how).run()


class _Chase:
    """One run from the first watch to the last outcome."""

    def __init__(
        self, streams: Streams, trackers: List[Tracker], talk: Talk, diagnose: Diagnose, timeout: float, how: Manner
    ) -> None:
        self._streams = streams
        self._trackers = trackers
        self._talk = talk
        self._diagnose = diagnose
        self._timeout = timeout
        self._how = how
        self._start = trackers[0].start
        self._looked_at = self._start
        self._deep_at: Optional[float] = None
        self._knew = (False, False)

    def run(self) -> List[Outcome]:
        self._streams.open()
        try:
            while not self._is_over():
                self._streams.receive(min(self._left(), _SLICE_SECONDS))
        except KubeError as error:
            # A kind that decides can't be followed: this ends it for all that are not at their goal yet.
            for tracker in self._unfinished():
                tracker.end(self._streams.family(tracker.child), FAILED_STATE, str(error), self._how.clock())
        finally:
            self._streams.close()
        self._sum_up(self._how.clock())
        return self._outcomes()

    def _left(self) -> float:
        return self._start + self._timeout - self._how.clock()

    def _is_over(self) -> bool:
        now = self._how.clock()
        late = self._left() <= 0
        if late:
            self._streams.drain()
        self._look(now, everything=late)
        if late:
            self._time_out(now)
        elif self._needs_depth(now):
            self._streams.deepen()
            self._deep_at = now
        return not self._unfinished()

    def _is_partial(self, now: float) -> bool:
        """Whether the children may have become more than was seen so far."""
        goal = self._trackers[0].goal
        if goal == PAUSED:
            return False
        if goal == GONE and not self._streams.is_complete:
            return True
        return self._deep_at is None or now - self._deep_at < _KNOWN_SECONDS

    def _unfinished(self) -> List[Tracker]:
        return [tracker for tracker in self._trackers if tracker.outcome is None]

    def _needs_depth(self, now: float) -> bool:
        goal = self._trackers[0].goal
        if self._streams.is_deep or goal == PAUSED or not self._unfinished():
            return False
        # Changed children are done when their machines are; deleted ones when what they have become is gone.
        at_once = self._streams.is_complete if goal == GONE else any(tracker.since > 1 for tracker in self._trackers)
        return at_once or now - self._start >= self._how.grace or any(item.needs_person for item in self._trackers)

    def _look(self, now: float, everything: bool) -> None:
        changed = self._streams.changed()
        # That there is nothing of a child is no news of an object.
        knows = (self._streams.is_complete, self._is_partial(now))
        knows_more = knows != self._knew
        # Nobody fails because of what lasts while there are no news of it.
        calm = self._streams.is_reachable
        due = everything or knows_more or (calm and now - self._looked_at >= _LOOK_SECONDS)
        self._knew = knows
        if due:
            self._looked_at = now
        for tracker in self._trackers:
            if self._is_to_be_looked_at(tracker, changed, due, calm):
                self._judge(tracker, now)
        if now - self._start >= self._how.grace:
            self._sum_up(now)

    def _sum_up(self, now: float) -> None:
        phases = phases_of([tracker.progress for tracker in self._unfinished()])
        self._talk.summary([tracker.outcome for tracker in self._trackers], phases, now)

    @staticmethod
    def _is_to_be_looked_at(tracker: Tracker, changed: Set[Tuple[str, str]], due: bool, calm: bool) -> bool:
        key = (tracker.child.namespace, tracker.child.name)
        return key in changed or (calm and tracker.ripens) or (due and tracker.outcome is None)

    def _judge(self, tracker: Tracker, now: float) -> None:
        family = self._streams.family(tracker.child)
        found: Sequence[Diagnosis] = tracker.diagnoses
        # Who diagnoses may ask the API, and bad weather there is no news about the child.
        if self._streams.is_reachable:
            try:
                found = self._diagnose(family, now)
            except NotReachable:
                found = tracker.diagnoses
        partial = self._is_partial(now)
        tracker.judge(family, self._streams.unknown(tracker.child.namespace), found, now, partial)
        cause = tracker.cause(now)
        if tracker.outcome is not None:
            self._talk.end(tracker.outcome)
        elif not partial and not tracker.progress.reached:
            self._talk.step(tracker.child.name, tracker.progress, now)
            if cause is not None:
                self._talk.cause(tracker.child.name, cause)

    def _time_out(self, now: float) -> None:
        troubles = self._streams.troubles_in_words()
        for tracker in self._unfinished():
            tracker.time_out(self._streams.family(tracker.child), troubles, now)
            if tracker.outcome is not None:
                self._talk.end(tracker.outcome)

    def _outcomes(self) -> List[Outcome]:
        return [tracker.outcome for tracker in self._trackers if tracker.outcome is not None]
