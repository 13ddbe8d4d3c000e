# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which order objects are made: what others need comes first. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

# Kinds of one line are made side by side. Kinds that are not named (custom resources) come last.
_WAVES = (
    ("Namespace",),
    ("CustomResourceDefinition",),
    ("PriorityClass", "StorageClass", "RuntimeClass"),
    ("ServiceAccount", "Secret", "ConfigMap", "PersistentVolume", "ResourceQuota", "LimitRange"),
    ("ClusterRole", "Role"),
    ("ClusterRoleBinding", "RoleBinding"),
    ("Service", "PersistentVolumeClaim", "NetworkPolicy"),
    ("Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "Pod", "Job", "CronJob", "Ingress"),
)
_PLACE: Mapping[str, int] = {kind: place for place, kinds in enumerate(_WAVES) for kind in kinds}


def waves(manifests: Sequence[Mapping[str, Any]]) -> List[List[Dict[str, Any]]]:
    """The objects in groups; each group needs those before it. Within a group the order is the given one."""
    found: Dict[int, List[Dict[str, Any]]] = {}
    for manifest in manifests:
        place = _PLACE.get(str(manifest.get("kind") or ""), len(_WAVES))
        found.setdefault(place, []).append(dict(manifest))
    return [found[place] for place in sorted(found)]


def deletion_waves(refs: Sequence[Ref]) -> List[List[Ref]]:
    """The same backwards."""
    found: Dict[int, List[Ref]] = {}
    for ref in refs:
        found.setdefault(_PLACE.get(ref.kind, len(_WAVES)), []).append(ref)
    return [found[place] for place in sorted(found, reverse=True)]
