# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pauses the Clusters of children, and lets those go on that were paused by us.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, List, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    CLUSTER,
    PAUSED_MARK,
    Child,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import at
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import UPDATED, Change
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref


def set_pauses(
    api: Api, children: Sequence[Child], live: Mapping[str, Mapping[str, Any]], dry_run: bool = False
) -> List[Change]:
    """Only children that are to be paused, or carry our mark, cost a request. To be called before the marks change:
    a run that was killed in between finds its mark, and does the rest.
    """
    changes = (_set(api, child, dry_run) for child in children if child.paused or is_marked(live.get(child.name) or {}))
    return [change for change in changes if change is not None]


def is_marked(root: Mapping[str, Any]) -> bool:
    return str(at(root, ("metadata", "annotations", PAUSED_MARK), "")) == "true"


def _set(api: Api, child: Child, dry_run: bool) -> Optional[Change]:
    ref = Ref(CLUSTER.api_version, CLUSTER.kind, child.name, child.namespace)
    cluster = api.get(ref)
    if cluster is None:
        return None
    before = bool(at(cluster, ("spec", "paused"), False))
    if before == child.paused:
        return None
    if not dry_run:
        # The annotation would stop one controller only; this stops all that work for the Cluster.
        api.patch(ref, {"spec": {"paused": child.paused}})
    return Change(ref, UPDATED, {"spec": {"paused": before}}, {"spec": {"paused": child.paused}})
