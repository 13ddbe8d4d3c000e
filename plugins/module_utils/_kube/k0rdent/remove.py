# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a cluster with k0rdent to one without, in the order that leaves nothing behind.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Callable, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import remove_charts
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.find import Found
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.install import Patience
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.names import (
    CLUSTER_DEPLOYMENT,
    MANAGEMENT,
    NAME,
    namespace_ref,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.secrets import MADE_BY
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import absent
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all


def remove(api: Api, found: Found, namespace: str, patience: Patience, *, dry_run: bool) -> List[str]:
    """What was removed, in that order. Refuses as long as something needs k0rdent, before anything is touched."""
    refuse_foreign(found)
    refuse_in_use(api)
    left = patience.until()
    steps: List[str] = []
    if found.management is not None:
        steps.append(str(MANAGEMENT))
        _delete(api, MANAGEMENT, left, patience, dry_run=dry_run)
    if found.chart is not None:
        steps.append(f"Helm release {NAME}")
        remove_charts(api, [NAME], dry_run=dry_run, timeout=left(), progress=patience.progress)
    place = namespace_ref(namespace)
    if _is_ours(api.get(place)):
        steps.append(str(place))
        _delete(api, place, left, patience, dry_run=dry_run)
    return steps


def refuse_foreign(found: Found) -> None:
    if found.is_foreign:
        where = f" in namespace {found.namespace}" if found.namespace else ""
        raise KubeError(
            f"k0rdent{where} was installed by somebody else, so it was not removed. Delete its Management"
            f" (`kubectl delete management {NAME}`) and then remove it the way it was installed, such as with"
            f" `helm uninstall {NAME}`. Nothing was changed.",
            namespace=found.namespace,
        )


def refuse_in_use(api: Api) -> None:
    """Clusters that k0rdent has made would stay, with nobody to look after them or to delete them."""
    children = [_place(item) for item in api.list(CLUSTER_DEPLOYMENT).items]
    if children:
        raise KubeError(
            f"k0rdent was not removed: it still looks after the ClusterDeployments {', '.join(sorted(children))}."
            " Delete those clusters first, or they go on running, and costing, with nobody to delete them. Nothing was"
            " changed.",
            cluster_deployments=sorted(children),
        )


def _delete(api: Api, ref: Ref, left: Callable[[], float], patience: Patience, *, dry_run: bool) -> None:
    api.delete(ref, dry_run=dry_run)
    if not dry_run:
        patience.progress(f"k0rdent: waiting until {ref} is gone")
        wait_all(api, [Wanted(ref, absent())], left(), patience.progress)


def _is_ours(namespace: Optional[Mapping[str, Any]]) -> bool:
    labels = ((namespace or {}).get("metadata") or {}).get("labels") or {}
    return all(labels.get(key) == value for key, value in MADE_BY.items())


def _place(item: Mapping[str, Any]) -> str:
    metadata = item["metadata"]
    return f"{metadata.get('namespace', '')}/{metadata['name']}"
