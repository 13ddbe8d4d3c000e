# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings children up: sends what differs, then follows all of them together until each is ready or has failed.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.apply import Sent, send
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.refusal import diagnosis_of_refusal
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.engine import Manner, follow, nothing
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    MKE_CHILD_CONFIG,
    PAUSED,
    READY,
    Child,
    Diagnosis,
    Engine,
    Family,
    Manifest,
    Mothership,
    Outcome,
    Progress,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.phases import progress_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api

FAILED, UNFINISHED = "failed", "unfinished"
Diagnose = Callable[[Family, float], Sequence[Diagnosis]]


@dataclass(frozen=True)
class Terms:
    """How long to wait, and whom to tell. `settle`: seconds that a failure must last before it is believed."""

    timeout: float
    settle: float
    say: Callable[[str], None]
    wait: bool = True
    dry_run: bool = False


@dataclass(frozen=True)
class Run:
    """What was sent, and what became of each child, both in the order of the children."""

    sent: Sequence[Sent]
    outcomes: Sequence[Outcome]

    @property
    def changed(self) -> bool:
        return any(one.changed for one in self.sent)


def bring_up(
    api: Api,
    children: Sequence[Child],
    engine: Engine,
    facts: Mothership,
    terms: Terms,
    diagnose: Diagnose = nothing,
) -> Run:
    """One refused child does not stop the others. Those that are ready already are not waited for."""
    sent = send(api, children, engine, facts, dry_run=terms.dry_run)
    known = {one.child.name: _known(one, engine) for one in sent}
    if terms.wait and not terms.dry_run:
        known.update(_followed(api, [one for one in sent if not _is_settled(one, known)], engine, terms, diagnose))
    return Run(sent, [known[child.name] for child in children])


def unsent(sent: Sequence[Sent], engine: Engine) -> Run:
    """What would be sent, where there is nobody to send it to."""
    return Run(sent, [_known(one, engine) for one in sent])


def _followed(api: Api, sent: Sequence[Sent], engine: Engine, terms: Terms, diagnose: Diagnose) -> Dict[str, Outcome]:
    """Children that are to be paused have a goal of their own."""
    found: Dict[str, Outcome] = {}
    for goal in (READY, PAUSED):
        awaited = [one for one in sent if _goal(one.child) == goal]
        if not awaited:
            continue
        outcomes = follow(
            api,
            [one.child for one in awaited],
            goal=goal,
            timeout=terms.timeout,
            say=terms.say,
            diagnose=diagnose,
            since={one.child.name: one.generation for one in awaited if one.changed},
            manner=Manner(root_kind=engine.root_kind, settle=terms.settle),
        )
        found.update((outcome.name, outcome) for outcome in outcomes)
    return found


def _is_settled(one: Sent, known: Dict[str, Outcome]) -> bool:
    outcome = known[one.child.name]
    return outcome.failed or (not one.changed and outcome.state != UNFINISHED)


def _known(one: Sent, engine: Engine) -> Outcome:
    """What can be said of a child without another look."""
    if one.refusal is not None:
        return refused(one.child.name, (diagnosis_of_refusal(one.refusal),))
    family = _family(one.child.name, one.root, engine)
    goal = _goal(one.child)
    progress = progress_of(family, goal, root_kind=engine.root_kind)
    return Outcome(one.child.name, goal if progress.reached else UNFINISHED, progress, family=family)


def refused(name: str, diagnoses: Tuple[Diagnosis, ...]) -> Outcome:
    return Outcome(name, FAILED, Progress("Refused", message=diagnoses[0].evidence), diagnoses)


def _family(name: str, root: Manifest, engine: Engine) -> Family:
    if engine.root_kind == MKE_CHILD_CONFIG:
        return Family(name, root=root or None)
    return Family(name, deployment=root or None)


def _goal(child: Child) -> str:
    return PAUSED if child.paused else READY
