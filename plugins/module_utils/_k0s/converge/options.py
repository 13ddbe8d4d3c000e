# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the modules that change hosts.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.readiness import CONNECTED, ETCD, SERVING
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import PREPARED, RUNNING, STAGED
from ansible_collections.mke4k.core.plugins.module_utils._k0s.host_options import DATA_DIR_OPTION, HOST_OPTIONS
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BINARY_PATH

_ACCESS: Dict[str, Any] = {
    "mode": {"type": "str", "default": "0600"},
    "owner": {"type": "str", "default": "root"},
    "group": {"type": "str", "default": "root"},
}

BINARY: Dict[str, Any] = {
    "path": {"type": "path", "default": BINARY_PATH},
    "src": {"type": "path"},
    "staged": {"type": "path"},
    "url": {"type": "str"},
    "checksum_url": {"type": "str"},
    "sha256": {"type": "str"},
    "public_key": {"type": "str", "no_log": False},
    "signature_url": {"type": "str"},
}

NODE: Dict[str, Any] = {
    "state": {"type": "str", "choices": [PREPARED, RUNNING, STAGED], "default": RUNNING},
    "role": {"type": "str", "choices": ["controller", "worker", "controller+worker", "single"], "required": True},
    "version": {"type": "str", "required": True},
    "config": {"type": "str", "no_log": True},
    "arguments": {"type": "list", "elements": "str", "default": []},
    "environment": {"type": "dict", "default": {}, "no_log": True},
    "files": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "no_log": True,
        "options": {
            "path": {"type": "path", "required": True},
            "content": {"type": "str", "required": True, "no_log": True},
            **_ACCESS,
            "restart": {"type": "bool", "default": True},
            "secret": {"type": "bool", "default": False, "no_log": False},
        },
    },
    "shared_files": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "path": {"type": "path", "required": True},
            "generate": {"type": "str", "choices": ["encryption-config"], "required": True},
            **_ACCESS,
        },
    },
    "directories": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {"path": {"type": "path", "required": True}, **_ACCESS, "mode": {"type": "str", "default": "0700"}},
    },
    "images": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "path": {"type": "path", "required": True},
            "sha256": {"type": "str"},
            "origin": {"type": "str"},
        },
    },
    "binary": {"type": "dict", "default": {}, "options": BINARY},
    **DATA_DIR_OPTION,
    "joins": {"type": "bool"},
    "token": {"type": "str", "no_log": True},
    "shared": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "no_log": True,
        "options": {
            "path": {"type": "path", "required": True},
            "content": {"type": "str", "required": True, "no_log": True},
            **_ACCESS,
        },
    },
    "peers": {"type": "list", "elements": "str", "default": []},
    "wait_for": {"type": "str", "choices": [ETCD, CONNECTED, SERVING], "default": SERVING},
    "wait_timeout": {"type": "int", "default": 300},
    "join_address": {"type": "str"},
}

JOIN: Dict[str, Any] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "roles": {"type": "list", "elements": "str", "choices": ["controller", "worker"], "default": []},
    "expiry": {"type": "str", "default": "30m"},
    "shared_files": {"type": "list", "elements": "path", "default": []},
    "ids": {"type": "list", "elements": "str", "default": []},
    **HOST_OPTIONS,
    "timeout": {"type": "int", "default": 60},
}
