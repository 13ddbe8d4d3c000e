# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nearest known name for one that is not known.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Iterable, List, Optional, Sequence, Tuple

LONGEST = 64


def nearest(name: str, known: Iterable[str]) -> Optional[str]:
    """The known name that `name` was most likely meant to be, or None where none is close.

    Upper and lower case, `_` and `-` do not count. Otherwise at most a third of the letters may differ.
    """
    wanted = _folded(name)
    if not wanted or len(wanted) > LONGEST:
        return None
    best: Optional[Tuple[int, str]] = None
    for candidate in sorted(set(known)):
        folded = _folded(candidate)
        if wanted == folded:
            return candidate
        limit = max(1, max(len(wanted), len(folded)) // 3)
        if abs(len(wanted) - len(folded)) > limit:
            continue
        found = distance(wanted, folded)
        if found <= limit and (best is None or found < best[0]):
            best = (found, candidate)
    return best[1] if best else None


def nearest_path(name: str, paths: Sequence[Tuple[str, ...]]) -> Optional[Tuple[str, ...]]:
    """The one path whose last name is `name`: the field is known, but belongs somewhere else."""
    wanted = _folded(name)
    found = [path for path in paths if path and _folded(path[-1]) == wanted]
    return found[0] if len(found) == 1 else None


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def distance(left: str, right: str) -> int:
    """How many letters have to be changed, added, removed or swapped with their neighbour."""
    before: List[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
