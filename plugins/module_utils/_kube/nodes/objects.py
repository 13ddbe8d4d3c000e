# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes, and what is on them: kinds, names, the parts of a manifest that everything here looks at. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref

Manifest = Mapping[str, Any]

NODE = Kind("v1", "Node")
POD = Kind("v1", "Pod")
BUDGET = Kind("policy/v1", "PodDisruptionBudget")
CLAIM = Kind("v1", "PersistentVolumeClaim")
VOLUME = Kind("v1", "PersistentVolume")
ATTACHMENT = Kind("storage.k8s.io/v1", "VolumeAttachment")

# Says that the cordon is ours, and since when: others' cordons are never taken off.
CORDONED = "mke4k.core/cordoned"
# What of labels, annotations and taints was set by us; all else is of others.
APPLIED = "mke4k.core/applied"
MIRROR = "kubernetes.io/config.mirror"
HOSTNAME = "kubernetes.io/hostname"


def node_ref(name: str) -> Ref:
    return Ref("v1", "Node", name)


def metadata_of(item: Optional[Manifest]) -> Mapping[str, Any]:
    return (item or {}).get("metadata") or {}


def spec_of(item: Optional[Manifest]) -> Mapping[str, Any]:
    return (item or {}).get("spec") or {}


def status_of(item: Optional[Manifest]) -> Mapping[str, Any]:
    return (item or {}).get("status") or {}


def name_of(item: Optional[Manifest]) -> str:
    return str(metadata_of(item).get("name") or "")


def namespace_of(item: Optional[Manifest]) -> str:
    return str(metadata_of(item).get("namespace") or "")


def full_name(item: Optional[Manifest]) -> str:
    return f"{namespace_of(item)}/{name_of(item)}"


def uid_of(item: Optional[Manifest]) -> str:
    return str(metadata_of(item).get("uid") or "")


def labels_of(item: Optional[Manifest]) -> Dict[str, str]:
    return dict(metadata_of(item).get("labels") or {})


def annotations_of(item: Optional[Manifest]) -> Dict[str, str]:
    return dict(metadata_of(item).get("annotations") or {})


def taints_of(item: Optional[Manifest]) -> List[Dict[str, Any]]:
    return [dict(taint) for taint in spec_of(item).get("taints") or ()]


def node_of(pod: Manifest) -> str:
    return str(spec_of(pod).get("nodeName") or "")


def is_leaving(item: Manifest) -> bool:
    """Whether its deletion has begun."""
    return bool(metadata_of(item).get("deletionTimestamp"))


def is_ready(item: Manifest) -> bool:
    conditions = status_of(item).get("conditions") or ()
    return any(found.get("type") == "Ready" and found.get("status") == "True" for found in conditions)


def has_ended(pod: Manifest) -> bool:
    return status_of(pod).get("phase") in ("Succeeded", "Failed")


def controller_of(item: Manifest) -> Optional[Ref]:
    """What makes the object anew when it is gone; None where nobody does."""
    for owner in metadata_of(item).get("ownerReferences") or ():
        if owner.get("controller"):
            return Ref(str(owner.get("apiVersion")), str(owner.get("kind")), str(owner.get("name")), namespace_of(item))
    return None


def some(names: List[str], shown: int = 5) -> str:
    """Names in a sentence, the first few of many."""
    rest = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {rest} more" if rest > 0 else "")
