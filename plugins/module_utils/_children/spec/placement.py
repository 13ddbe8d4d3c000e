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

from ansible_collections.mke4k.core.plugins.module_utils._config.releases import RELEASES

COUNTS = ("controlPlaneNumber", "workersNumber", "clusterLabels", "clusterAnnotations")
LAST_UNDER_CONFIGURATION = "v4.1.2"
INFRASTRUCTURE = ("infrastructure",)
CONFIGURATION = ("infrastructure", "configuration")


def place_of_counts(version: str) -> Tuple[str, ...]:
    """The path of the mapping that they are in. A release that is not known is newer than all that are."""
    release = next((item for item in RELEASES if item.name == version), None)
    old = release is not None and release.between(until=LAST_UNDER_CONFIGURATION)
    return CONFIGURATION if old else INFRASTRUCTURE
