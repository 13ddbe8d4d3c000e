# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pods of a node a drain moves, which it lets be, and which it may not touch. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.objects import (
    MIRROR,
    Manifest,
    annotations_of,
    controller_of,
    full_name,
    has_ended,
    spec_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.wish import DrainWish


@dataclass(frozen=True)
class Sorted:
    """The pods of one node: to be moved, without an owner, with data of their own in an emptyDir."""

    moved: Tuple[Dict[str, Any], ...] = ()
    bare: Tuple[str, ...] = ()
    with_data: Tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        return bool(self.bare or self.with_data)


def sort(pods: Iterable[Dict[str, Any]], wish: DrainWish) -> Sorted:
    moved: List[Dict[str, Any]] = []
    bare: List[str] = []
    with_data: List[str] = []
    for pod in pods if wish.enabled else ():
        if stays(pod):
            continue
        moved.append(pod)
        if has_ended(pod):
            # Whatever it had, it does not need it any more.
            continue
        if controller_of(pod) is None and not wish.force:
            bare.append(full_name(pod))
        if not wish.delete_emptydir_data and _has_empty_dir(pod):
            with_data.append(full_name(pod))
    return Sorted(tuple(moved), tuple(bare), tuple(with_data))


def stays(pod: Manifest) -> bool:
    """Pods of a DaemonSet would come back at once, and mirror pods are not the API server's to end."""
    owner = controller_of(pod)
    return MIRROR in annotations_of(pod) or (owner is not None and owner.kind == "DaemonSet")


def _has_empty_dir(pod: Manifest) -> bool:
    return any("emptyDir" in volume for volume in spec_of(pod).get("volumes") or ())
