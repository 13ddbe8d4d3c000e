# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data that only one node has, and volumes that are still attached to it. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.objects import (
    HOSTNAME,
    Manifest,
    full_name,
    labels_of,
    name_of,
    namespace_of,
    node_of,
    spec_of,
)


@dataclass(frozen=True)
class LocalVolume:
    """A volume whose data is in a folder or disk of one node. `claim`: whose data it is."""

    name: str
    claim: str
    pods: Tuple[str, ...] = ()

    def __str__(self) -> str:
        used = f", used by {', '.join(self.pods)}" if self.pods else ""
        return f"{self.name} ({self.claim}{used})"


def local_volumes(node: Manifest, pods: Sequence[Manifest], volumes: Iterable[Manifest]) -> List[LocalVolume]:
    """Those that a claim has and that are on this node, by their own word or because a pod here uses them."""
    users = _users(pods, name_of(node))
    found: List[LocalVolume] = []
    for volume in volumes:
        spec = spec_of(volume)
        claim: Mapping[str, Any] = spec.get("claimRef") or {}
        if not claim or not ("local" in spec or "hostPath" in spec):
            continue
        owner = f"{claim.get('namespace')}/{claim.get('name')}"
        bound_here = "nodeAffinity" in spec and _is_on(spec["nodeAffinity"], node)
        if bound_here or (owner in users and "nodeAffinity" not in spec):
            found.append(LocalVolume(name_of(volume), owner, tuple(users.get(owner, ()))))
    return found


def attached(name: str, attachments: Iterable[Manifest]) -> List[str]:
    """The volumes that are attached to a node, and by whom."""
    return [
        f"{(spec_of(item).get('source') or {}).get('persistentVolumeName') or name_of(item)}"
        f" ({spec_of(item).get('attacher')})"
        for item in attachments
        if spec_of(item).get("nodeName") == name
    ]


def _users(pods: Sequence[Manifest], node: str) -> Dict[str, List[str]]:
    """Pods of the node by the claims that they use."""
    found: Dict[str, List[str]] = {}
    for pod in pods:
        for volume in spec_of(pod).get("volumes") or () if node_of(pod) == node else ():
            claim = (volume.get("persistentVolumeClaim") or {}).get("claimName")
            if claim:
                found.setdefault(f"{namespace_of(pod)}/{claim}", []).append(full_name(pod))
    return found


def _is_on(affinity: Mapping[str, Any], node: Manifest) -> bool:
    """Whether the volume can be used on this node and names it: one that any node of a zone can use is not local."""
    terms = (affinity.get("required") or {}).get("nodeSelectorTerms") or ()
    names = {name_of(node), labels_of(node).get(HOSTNAME, "")}
    items = [item for term in terms for key in ("matchExpressions", "matchFields") for item in term.get(key) or ()]
    return any(
        item.get("key") in (HOSTNAME, "metadata.name")
        and item.get("operator") == "In"
        and bool(names.intersection(item.get("values") or ()))
        for item in items
    )
