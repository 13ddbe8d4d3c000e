# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where k0s is on a host: the options of everything that works there.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BINARY_PATH, DATA_DIR

# Kept beside the doc fragment _k0s_host.
DATA_DIR_OPTION: Dict[str, Any] = {"data_dir": {"type": "path", "default": DATA_DIR}}
BINARY_OPTION: Dict[str, Any] = {"binary_path": {"type": "path", "default": BINARY_PATH}}
HOST_OPTIONS: Dict[str, Any] = {**DATA_DIR_OPTION, **BINARY_OPTION}
# As what works through a controller names them, beside the doc fragment _k0s_host.controller.
CONTROLLER_OPTIONS: Dict[str, Any] = {f"k0s_{name}": option for name, option in HOST_OPTIONS.items()}
