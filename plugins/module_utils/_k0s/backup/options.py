# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the modules that back up and restore.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup import make, restore
from ansible_collections.mke4k.core.plugins.module_utils._k0s.host_options import HOST_OPTIONS
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import CONFIG_PATH

PRESENT, ABSENT = "present", "absent"
RESTORED, PROVEN, SHOWN = "restored", "proven", "shown"

BACKUP: Dict[str, Any] = {
    "state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT},
    "name": {"type": "str", "default": "backup"},
    "about": {"type": "dict", "default": {}},
    "documents": {"type": "dict", "default": {}, "no_log": True},
    "files": {"type": "list", "elements": "path", "default": []},
    "folder": {"type": "path", "default": make.FOLDER},
    **HOST_OPTIONS,
}
RESTORE: Dict[str, Any] = {
    "state": {"type": "str", "choices": [RESTORED, PROVEN, SHOWN], "default": RESTORED},
    "archive": {"type": "path", "default": ""},
    "sha256": {"type": "str"},
    "census": {"type": "dict"},
    "files": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "path": {"type": "path", "required": True},
            "mode": {"type": "str", "default": "0600"},
            "owner": {"type": "str", "default": "root"},
            "group": {"type": "str", "default": "root"},
        },
    },
    "folder": {"type": "path", "default": restore.FOLDER},
    "config_path": {"type": "path", "default": CONFIG_PATH},
    **HOST_OPTIONS,
}
