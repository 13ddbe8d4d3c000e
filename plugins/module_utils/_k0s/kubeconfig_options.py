# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of k0s_kubeconfig, for its action and for its part on the controller.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict

from ansible_collections.mke4k.core.plugins.module_utils._k0s.host_options import HOST_OPTIONS

KUBECONFIG: Dict[str, Any] = {
    "dest": {"type": "path", "default": "~/.mke/mke.kubeconf"},
    "for_run": {"type": "bool", "default": False},
    "context": {"type": "str", "default": "mke"},
    "cluster": {"type": "str", "default": ""},
    "server": {"type": "str", "default": ""},
    "servers": {"type": "list", "elements": "str", "default": []},
    "merge": {"type": "bool", "default": False},
    "ca_sha256": {"type": "str", "default": ""},
    **HOST_OPTIONS,
}
