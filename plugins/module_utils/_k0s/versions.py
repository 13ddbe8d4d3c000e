# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Order of k0s versions and the skew rules.

k0s counts its own fixes in the build metadata (`v1.33.13+k0s.1`), which SemVer ignores and k0s does not
(k0s documentation, "Version Skew Policy").

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from functools import total_ordering
from typing import Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.versions import version_parts


@total_ordering
class K0sVersion:
    """A k0s version that can be compared: `v<Kubernetes>[-<pre-release>]+k0s.<n>`."""

    def __init__(self, text: str) -> None:
        parts = version_parts(text.strip())
        if parts is None:
            raise ValueError(f"{text!r} is not a k0s version such as v1.33.13+k0s.0")
        self.text = text.strip()
        self.major, self.minor, self.patch = parts[:3]
        self.pre, self.build = parts.pre, parts.build

    def _key(self) -> Tuple[int, int, int, Tuple[int, Tuple[Tuple[int, int, str], ...]], int]:
        identifiers = tuple(
            (0, int(part), "") if part.isdigit() else (1, 0, part) for part in self.pre.split(".") if part
        )
        released = 0 if self.pre else 1
        return self.major, self.minor, self.patch, (released, identifiers), self.build

    def __eq__(self, other: object) -> bool:
        return isinstance(other, K0sVersion) and self._key() == other._key()

    def __lt__(self, other: K0sVersion) -> bool:
        return self._key() < other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        return self.text


def same_version(left: str, right: str) -> bool:
    """Whether two version texts name the same k0s; texts that are no versions are compared as they are."""
    try:
        return K0sVersion(left) == K0sVersion(right)
    except ValueError:
        return left == right


def refused_step(running: str, wanted: str) -> Optional[str]:
    """Why k0s may not go from `running` to `wanted` in one step, or None where it may."""
    current, target = K0sVersion(running), K0sVersion(wanted)
    if target < current:
        return f"{wanted} is older than the running {running}; k0s cannot be downgraded, restore a backup instead"
    if (current.major, current.minor + 1) < (target.major, target.minor) or current.major != target.major:
        step = f"v{current.major}.{current.minor + 1}"
        return f"{wanted} leaps over a minor release from the running {running}; upgrade to a release of {step} first"
    return None
