# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads objects that may be odd: whatever is not there, or is something else than it should be, is empty. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Family

# What comes out of JSON is a dict and nothing else; to ask for any Mapping takes ten times as long.
_NOTHING: Dict[str, Any] = {}


def mapping(holder: Any, *path: str) -> Mapping[str, Any]:
    """The mapping at that place."""
    for step in path:
        holder = holder.get(step) if isinstance(holder, dict) else None
    return holder if isinstance(holder, dict) else _NOTHING


def text_at(holder: Any, *path: str) -> str:
    found = mapping(holder, *path[:-1]).get(path[-1])
    return found if isinstance(found, str) else ""


def listed(value: Any) -> List[Mapping[str, Any]]:
    """The mappings of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def is_leaving(manifest: Optional[Mapping[str, Any]]) -> bool:
    return bool(text_at(manifest, "metadata", "deletionTimestamp"))


def is_going(family: Family) -> bool:
    """Whether the child is being deleted, as any of the objects that stand for all of it says."""
    return any(is_leaving(item) for item in (family.root, family.deployment, family.cluster, family.aws_cluster))
