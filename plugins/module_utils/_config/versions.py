# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of k0s as far as settings depend on them.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Tuple

_K0S = re.compile(r"^v?([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})(?:-[0-9A-Za-z.-]+)?\+k0s(?:\.[0-9]{1,4})?$")


def k0s_numbers(version: str) -> Tuple[int, int, int]:
    """Major, minor and patch of a k0s version such as v1.32.6+k0s.0; zeros for what is none."""
    match = _K0S.match(version)
    if match is None:
        return 0, 0, 0
    major, minor, patch = (int(part) for part in match.groups())
    return major, minor, patch


def at_least(version: str, major: int, minor: int, patch: int = 0) -> bool:
    return k0s_numbers(version) >= (major, minor, patch)


def version_problem(component: str, version: str) -> str:
    """Why a version cannot be that of a component; empty where it can."""
    if component == "k0s" and k0s_numbers(version) == (0, 0, 0):
        return "write a k0s version such as v1.32.6+k0s.0"
    return ""
