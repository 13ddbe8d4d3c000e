# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a child is, on its way up and on its way down, from the objects it has become. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._children.follow.coming_up import coming_up
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.ends import gone, paused, ready
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.going_away import going_away
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.steps import progress
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    GONE,
    MKE_CHILD_CONFIG,
    PAUSED,
    READY,
    Family,
    Progress,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import MET, Verdict


def progress_of(family: Family, goal: str = READY, root_kind: Kind = MKE_CHILD_CONFIG, since: int = 0) -> Progress:
    """The step that is next, how many are behind it, and what the objects say about it."""
    return progress_by(verdict_of(family, goal, root_kind, since), family, goal, root_kind)


def progress_by(verdict: Verdict, family: Family, goal: str, root_kind: Kind = MKE_CHILD_CONFIG) -> Progress:
    """The same for somebody who knows more than the objects tell."""
    if goal == PAUSED:
        done = verdict.state == MET
        return Progress("Paused", int(done), 1, verdict.message, reached=done)
    if goal == GONE:
        return progress(going_away(family), "Gone", verdict)
    return progress(coming_up(family, root_kind), "Ready", verdict)


def verdict_of(family: Family, goal: str = READY, root_kind: Kind = MKE_CHILD_CONFIG, since: int = 0) -> Verdict:
    """Whether the child is at its goal, is on its way, or can't get there any more."""
    if goal == GONE:
        return gone(family)
    if goal == PAUSED:
        return paused(family, root_kind)
    return ready(family, since, root_kind)
