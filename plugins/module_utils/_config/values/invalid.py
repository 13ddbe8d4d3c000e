# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a value that cannot be converted is told.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.paths import shortened

LONGEST_SHOWN = 80


class Invalid(ValueError):
    """A value that its field cannot have: what it is, what is allowed, and what to do."""

    def __init__(self, reason: str, allowed: str = "", remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.allowed = allowed
        self.remedy = remedy


def shown(value: Any) -> str:
    """A plain value as it may stand in a message: on one line and short."""
    if isinstance(value, str):
        return f"'{shortened(value, LONGEST_SHOWN)}'"
    if isinstance(value, dict):
        return f"a mapping with the keys {shortened(', '.join(value), LONGEST_SHOWN)}" if value else "an empty mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return json.dumps(value)


def wrong_type(value: Any, allowed: str, remedy: str = "") -> Invalid:
    return Invalid(f"is {shown(value)}", allowed, remedy)
