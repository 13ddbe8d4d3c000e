# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the cluster on this host keeps its objects.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.etcd import is_embedded


def require_embedded(cluster_config: Mapping[str, Any], single_node: bool) -> None:
    """Raises where `k0s backup` would leave out what matters: the objects."""
    if is_embedded(cluster_config, single_node):
        return
    storage = (cluster_config.get("spec") or {}).get("storage") or {}
    source = str((storage.get("kine") or {}).get("dataSource") or "sqlite://").partition(":")[0]
    raise K0sError(
        "no backup was made: the cluster does not keep its objects in an etcd of k0s, but in "
        f"{'an external etcd' if storage.get('type') == 'etcd' else source}. Back that up by its own means, and keep"
        " the folder pki and k0s.yaml of a controller with it"
    )
