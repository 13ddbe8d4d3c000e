# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of k0s as far as settings depend on them.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Optional, Tuple

_NUMBER = "([0-9]{1,4})"
_VERSION = re.compile(
    rf"^v?{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-([0-9A-Za-z.-]+))?(?P<k0s>\+k0s(?:\.(?P<build>[0-9]{{1,4}}))?)?$"
)


class Parts(NamedTuple):
    """`v<major>.<minor>.<patch>[-<pre>]+k0s.<build>`. `is_k0s` is false for a version of Kubernetes alone."""

    major: int
    minor: int
    patch: int
    pre: str
    build: int
    is_k0s: bool


def version_parts(text: str) -> Optional[Parts]:
    """The parts of a version, or None for what is none."""
    match = _VERSION.match(text)
    if match is None:
        return None
    major, minor, patch = (int(part) for part in match.group(1, 2, 3))
    return Parts(major, minor, patch, match.group(4) or "", int(match.group("build") or 0), bool(match.group("k0s")))


def k0s_numbers(version: str) -> Tuple[int, int, int]:
    """Major, minor and patch of a k0s version such as v1.32.6+k0s.0; zeros for what is none."""
    parts = version_parts(version)
    return parts[:3] if parts is not None and parts.is_k0s else (0, 0, 0)


def at_least(version: str, major: int, minor: int, patch: int = 0) -> bool:
    return k0s_numbers(version) >= (major, minor, patch)


def version_problem(component: str, version: str) -> str:
    """Why a version cannot be that of a component; empty where it can."""
    if component == "k0s" and k0s_numbers(version) == (0, 0, 0):
        return "write a k0s version such as v1.32.6+k0s.0"
    return ""
