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
    has_ended,
    labels_of,
    name_of,
    namespace_of,
    node_of,
    spec_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.pods import stays

# Kinds of hostPath that are no files, and folders that the kernel makes or that are empty after each boot.
NO_DATA = ("Socket", "CharDevice", "BlockDevice")
OF_BOOT = ("/dev", "/proc", "/sys", "/run", "/var/run")


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


def host_paths(node: str, pods: Iterable[Manifest]) -> List[str]:
    """Pods of this node that would be moved and that write into folders of it, with these folders."""
    return [
        f"{full_name(pod)} ({path})"
        for pod in pods
        if node_of(pod) == node and not stays(pod) and not has_ended(pod)
        for path in _written_folders(pod)
    ]


def _written_folders(pod: Manifest) -> List[str]:
    """What no container may write, and what is no file, holds no data of the pod."""
    spec = spec_of(pod)
    containers = [item for kind in ("initContainers", "containers") for item in spec.get(kind) or ()]
    mounts = [mount for container in containers for mount in container.get("volumeMounts") or ()]
    written = {mount.get("name") for mount in mounts if not mount.get("readOnly")}
    return [
        str(volume["hostPath"].get("path", ""))
        for volume in spec.get("volumes") or ()
        if "hostPath" in volume and volume.get("name") in written and _holds_data(volume["hostPath"])
    ]


def _holds_data(host_path: Mapping[str, Any]) -> bool:
    path = str(host_path.get("path", "")).rstrip("/")
    return host_path.get("type") not in NO_DATA and not any(
        path == top or path.startswith(f"{top}/") for top in OF_BOOT
    )


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
