# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates as k0s_node_info tells them."""

from __future__ import annotations

import time
from typing import Any, Dict

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.certificates import TIME

NOW = 1_800_000_000.0
DAY = 86400.0


def at(seconds: float) -> str:
    return time.strftime(TIME, time.gmtime(seconds))


def certificate(name: str = "pki/server.crt", left: float = 300, age: float = 65, by: str = "k0s") -> Dict[str, Any]:
    """One that is `age` days old and has `left` days left."""
    return {
        "path": f"/var/lib/k0s/{name}",
        "subject": "kubernetes",
        "not_before": at(NOW - age * DAY - 300),
        "not_after": at(NOW + left * DAY),
        "written": NOW - age * DAY,
        "renewed_by": by,
    }
