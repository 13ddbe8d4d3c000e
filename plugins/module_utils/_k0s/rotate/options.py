# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of k0s_rotate.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.readiness import CONNECTED, SERVING
from ansible_collections.mke4k.core.plugins.module_utils._k0s.host_options import HOST_OPTIONS
from ansible_collections.mke4k.core.plugins.module_utils._k0s.rotate.due import BEFORE_DAYS

ROTATE: Dict[str, Any] = {
    "before_days": {"type": "float", "default": BEFORE_DAYS},
    "issued_before": {"type": "float", "default": 0.0},
    "peers": {"type": "list", "elements": "str", "default": []},
    "wait_for": {"type": "str", "choices": [CONNECTED, SERVING], "default": SERVING},
    "wait_timeout": {"type": "int", "default": 300},
    "kubelet_timeout": {"type": "int", "default": 120},
    **HOST_OPTIONS,
}
