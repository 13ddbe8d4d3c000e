# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was said last, and when: conditions flip while Cluster API tries again, and events stay when they are past.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Iterable, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.statements import Statement
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

# An event that was not said again for so long is about something that is over.
FRESH_SECONDS = 300.0
_Topic = Tuple[Ref, str]


class Memory:
    """Of one child."""

    def __init__(self) -> None:
        self._texts: Dict[_Topic, Statement] = {}
        self._heard: Dict[str, float] = {}

    def with_texts(self, statements: Iterable[Statement]) -> List[Statement]:
        """A condition without a text gets the last one that it had; one that is good now, or of another generation
        of its object, is forgotten.
        """
        said = list(statements)
        known, self._texts = self._texts, {}
        return [self._with_text(one, known) for one in said]

    def fresh(self, events: Iterable[Statement], now: float) -> List[Statement]:
        return [one for one in events if now - self._heard.setdefault(one.mark, now) <= FRESH_SECONDS]

    def _with_text(self, one: Statement, known: Dict[_Topic, Statement]) -> Statement:
        topic = (one.ref, one.topic)
        before = known.get(topic)
        if not one.text and before is not None and before.generation == one.generation:
            one = replace(one, text=before.text, reason=before.reason, severity=before.severity)
        if one.text:
            self._texts[topic] = one
        return one
