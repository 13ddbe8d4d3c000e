# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What converging a host came to.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeState


@dataclass(frozen=True)
class Outcome:
    """`state` is the host's state at the end, in check mode at the beginning. `differences` show changed texts."""

    changes: Tuple[Change, ...] = ()
    state: Optional[NodeState] = None
    staged: str = ""
    warnings: Tuple[str, ...] = ()
    differences: Tuple[Dict[str, str], ...] = ()

    def result(self, diff: bool = False) -> Dict[str, Any]:
        """The module's result; its keys are always the same but for `diff`."""
        found: Dict[str, Any] = {
            "changed": bool(self.changes),
            "changes": [change.to_dict() for change in self.changes],
            "node": _summary(self.state or NodeState()),
            "staged": self.staged,
        }
        if diff:
            found["diff"] = list(self.differences)
        return found


def _summary(state: NodeState) -> Dict[str, Any]:
    running = state.running
    return {
        "running": running is not None,
        "version": running.version if running else (state.binary.version if state.binary else ""),
        "role": running.role if running else "",
        "ready": bool(state.ready),
        "started_at": running.started_at if running else 0.0,
    }
