# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of k0s_support to what was collected.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.host_options import HOST_OPTIONS
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.info import look
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.collect import Item, Limits, collect
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.sources import SYSTEM_NAMESPACES, Sources

SUPPORT: Dict[str, Any] = {
    "dest": {"type": "path"},
    "since_hours": {"type": "int", "default": 24},
    "item_limit_kib": {"type": "int", "default": 1024},
    "limit_mib": {"type": "int", "default": 16},
    "namespaces": {"type": "list", "elements": "str", "default": []},
    **HOST_OPTIONS,
}


def gathered(params: Mapping[str, Any]) -> Tuple[List[Item], Dict[str, Any]]:
    """What was collected, and whether and as what k0s runs."""
    seen: Dict[str, Any] = {}

    def state() -> Dict[str, Any]:
        seen.update(
            look(
                {"data_dir": params["data_dir"], "binary_path": params["binary_path"], "files": []},
            )
        )
        return seen

    sources = Sources(
        data_dir=params["data_dir"],
        binary=params["binary_path"],
        since=f"{params['since_hours']} hours ago",
        namespaces=(*SYSTEM_NAMESPACES, *params["namespaces"]),
    )
    limits = Limits(params["item_limit_kib"] * 1024, params["limit_mib"] * 1024 * 1024)
    items = collect(sources, state, limits)
    running = (seen.get("node") or {}).get("running") or {}
    return items, {"running": bool(running), "role": str(running.get("role") or "")}
