# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was said last: conditions flip while Cluster API tries again, and a single look mostly finds no text. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Hashable, Iterable, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.statements import Statement
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

# On the way up a condition without a text is at work again, and may get further. On the way down it flips for as long
# as the resource cannot go.
FLIP_SECONDS = 10.0
_Topic = Tuple[Ref, str]


class Memory:
    """Of one child."""

    def __init__(self) -> None:
        self._said: Dict[_Topic, Tuple[Statement, float]] = {}
        self._since: Dict[Hashable, float] = {}

    def with_texts(self, statements: Iterable[Statement], now: float) -> List[Statement]:
        """A condition without a text gets the last one that it had.

        One that is good now, or that is about another generation of its object, is forgotten.
        """
        known, self._said = self._said, {}
        return [self._with_text(one, known, now) for one in statements]

    def lasting(self, what: Hashable, is_so: bool, now: float) -> float:
        """For how many seconds it has been so at every look; below 0 where it is not."""
        if not is_so:
            self._since.pop(what, None)
            return -1.0
        return now - self._since.setdefault(what, now)

    def _with_text(self, one: Statement, known: Dict[_Topic, Tuple[Statement, float]], now: float) -> Statement:
        topic = (one.ref, one.topic)
        if one.text:
            self._said[topic] = (one, now)
            return one
        before, at = known.get(topic, (one, now))
        flips = one.is_leaving or now - at <= FLIP_SECONDS
        if before is one or before.generation != one.generation or not flips or not one.is_idle:
            return one
        self._said[topic] = (before, at)
        return replace(one, text=before.text, reason=before.reason, severity=before.severity)
