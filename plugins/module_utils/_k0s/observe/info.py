# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything about a host in one go.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._k0s.host_options import HOST_OPTIONS
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.host import UNITS, read_host
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.node_state import Places, public, read_node_state
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.service import SYSTEMD, ask_systemd, manager_of

INFO: Dict[str, Any] = {
    **HOST_OPTIONS,
    "files": {"type": "list", "elements": "path", "default": []},
    "reference_time": {"type": "float"},
}


def look(params: Mapping[str, Any], root: Root = HOST) -> Dict[str, Any]:
    """The result of k0s_node_info for its options."""
    places = Places(params["data_dir"], params["binary_path"], tuple(params["files"]))
    units = ask_systemd(UNITS) if manager_of(root) == SYSTEMD else None
    node = read_node_state(places, root, units)
    host = read_host(places, units or {}, node.running is not None, root)
    return {"node": public(node), "host": {**host, "reference_time": params.get("reference_time")}}
