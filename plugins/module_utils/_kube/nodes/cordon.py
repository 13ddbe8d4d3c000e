# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cordons, of which ours are told from others'.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import datetime
from typing import Any, Callable, Dict, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.objects import (
    CORDONED,
    Manifest,
    annotations_of,
    metadata_of,
    node_ref,
    spec_of,
)

_CONFLICT = 409
_ATTEMPTS = 10
Patch = Optional[Dict[str, Any]]


def is_cordoned(node: Optional[Manifest]) -> bool:
    return bool(spec_of(node).get("unschedulable"))


def is_ours(node: Optional[Manifest]) -> bool:
    return CORDONED in annotations_of(node)


def cordon(api: Api, name: str, dry_run: bool = False) -> bool:
    """Whether it changed anything. The cordon of somebody else stays theirs."""
    stamp = datetime.datetime.now(tz=datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def patch(node: Manifest) -> Patch:
        if is_cordoned(node):
            return None
        return {"metadata": {"annotations": {CORDONED: stamp}}, "spec": {"unschedulable": True}}

    return patch_node(api, name, patch, dry_run)


def uncordon(api: Api, name: str, dry_run: bool = False) -> bool:
    """Takes off a cordon of ours. Whether it changed anything; a node that is gone needs nothing."""

    def patch(node: Manifest) -> Patch:
        if not is_ours(node):
            return None
        return {"metadata": {"annotations": {CORDONED: None}}, "spec": {"unschedulable": None}}

    return patch_node(api, name, patch, dry_run, may_lack=True)


def patch_node(
    api: Api, name: str, patch_of: Callable[[Manifest], Patch], dry_run: bool = False, may_lack: bool = False
) -> bool:
    """Patches the very node that was looked at: what others do in between is looked at anew."""
    ref = node_ref(name)
    for _attempt in range(_ATTEMPTS):
        node = api.get(ref)
        if node is None:
            if may_lack:
                return False
            raise unknown_node(api, name)
        patch = patch_of(node)
        if patch is None:
            return False
        metadata = {**patch.get("metadata", {}), "resourceVersion": metadata_of(node).get("resourceVersion")}
        try:
            api.patch(ref, {**patch, "metadata": metadata}, dry_run=dry_run)
        except Refused as error:
            if error.status != _CONFLICT:
                raise
        else:
            return True
    raise KubeError(
        f"Node {name} was changed by others between reading and writing {_ATTEMPTS} times on {api.server}. Look at who"
        " changes it all the time (kubectl get node -o yaml, managedFields), then run again."
    )


def unknown_node(api: Api, name: str) -> KubeError:
    return KubeError(
        f"{api.server} has no Node {name}. Either the host never joined this cluster, or its Node has another name"
        " (kubectl get nodes)."
    )
