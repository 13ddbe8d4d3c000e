# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of k0rdent, and the names of its Release objects, which have them: `k0rdent-enterprise-1-1-0`. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Tuple

_NAME = re.compile(r"^(.+?)-([0-9]+)-([0-9]+)-([0-9]+.*)$")


def version_of(release: str) -> str:
    """The version that the name of a Release has, empty where it has none."""
    match = _NAME.match(release)
    return ".".join(match.groups()[1:]) if match else ""


def next_release(current: str, version: str) -> str:
    """The name of the Release to go on to from that one; empty where the version is not a later one."""
    match = _NAME.match(current)
    if match is None or not is_older(version_of(current), version):
        return ""
    return f"{match.group(1)}-{re.sub(r'[.+]', '-', version.lower().lstrip('v'))}"


def is_older(version: str, than: str) -> bool:
    """By the numbers of the two; what is no version is older than nothing."""
    left, right = _numbers(version), _numbers(than)
    return bool(left and right and left < right)


def _numbers(version: str) -> Tuple[int, ...]:
    match = re.match(r"^v?([0-9]+)\.([0-9]+)\.([0-9]+)", version)
    return tuple(int(part) for part in match.groups()) if match else ()
