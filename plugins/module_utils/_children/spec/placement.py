# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the counts and labels of a child are in the spec of an MkeChildConfig, which changed with the releases.

Up to v4.1.1 they are under `infrastructure.configuration`, from v4.1.3 on directly under `infrastructure` (MKE's
documentation, "Infrastructure options" of either release). Of v4.1.2 nothing is known: it is taken for what v4.1.1 is,
whose operator it shares the first digits with; a raw `spec` overrides it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.versions import version_parts

COUNTS = ("controlPlaneNumber", "workersNumber", "clusterLabels", "clusterAnnotations")
FIRST_UNDER_INFRASTRUCTURE = (4, 1, 3)
INFRASTRUCTURE = ("infrastructure",)
CONFIGURATION = ("infrastructure", "configuration")


def place_of_counts(version: str) -> Tuple[str, ...]:
    """The path of the mapping that they are in."""
    return INFRASTRUCTURE if is_at_least(version, FIRST_UNDER_INFRASTRUCTURE) else CONFIGURATION


def is_at_least(version: str, numbers: Tuple[int, int, int]) -> bool:
    """A release whose name tells no numbers is taken for a new one."""
    parts = version_parts(version)
    return parts is None or parts[:3] >= numbers
