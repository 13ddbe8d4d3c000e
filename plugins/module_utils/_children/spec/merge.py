# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mappings laid over each other. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Dict, Mapping, Sequence


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> Dict[str, Any]:
    """Mappings inside are merged too; everything else, lists too, is replaced. Neither argument is changed."""
    result = deepcopy(dict(below))
    for key, value in above.items():
        known = result.get(key)
        if isinstance(value, Mapping) and isinstance(known, Mapping):
            result[key] = merged(known, value)
        else:
            result[key] = deepcopy(value)
    return result


def put(mapping: Dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Sets one value deep inside; mappings on the way are made."""
    for step in path[:-1]:
        mapping = mapping.setdefault(step, {})
    mapping[path[-1]] = value
