# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a node is drained, in kubectl's words. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional

# Kept beside plugins/doc_fragments/_drain.py.
DRAIN_OPTIONS: Dict[str, Any] = {
    "enabled": {"type": "bool", "default": True},
    "grace_period": {"type": "int", "default": -1},
    "timeout": {"type": "int", "default": 300},
    "force": {"type": "bool", "default": False},
    "delete_emptydir_data": {"type": "bool", "default": True},
    "pod_selector": {"type": "str", "default": ""},
    "skip_wait_for_delete_timeout": {"type": "int", "default": 0},
    "owners_timeout": {"type": "int", "default": 300},
}


@dataclass(frozen=True)
class DrainWish:
    """Not `enabled`: no pod is moved. `grace_period` below 0: the pods' own. `skip_wait_for_delete_timeout` and
    `owners_timeout`: 0 is never.
    """

    enabled: bool = True
    grace_period: int = -1
    timeout: int = 300
    force: bool = False
    delete_emptydir_data: bool = True
    pod_selector: str = ""
    skip_wait_for_delete_timeout: int = 0
    owners_timeout: int = 300

    @classmethod
    def of(cls, options: Optional[Mapping[str, Any]]) -> DrainWish:
        given = options or {}
        return cls(**{name: given[name] for name in DRAIN_OPTIONS if given.get(name) is not None})
