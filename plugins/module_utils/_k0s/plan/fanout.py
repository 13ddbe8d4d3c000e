# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who gets large files from their source, and who gets them from other hosts.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import delivery_difference
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.binary import staged_path
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BinarySpec, PlainData
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member

SEEDS = 2
Files = Dict[str, List[Dict[str, Any]]]


@dataclass(frozen=True)
class Fanout(PlainData):
    """`files` by host. The hosts of `first` get theirs from the source, those of `rest` from hosts that have them."""

    first: Tuple[str, ...] = ()
    rest: Tuple[str, ...] = ()
    files: Mapping[str, List[Dict[str, Any]]] = field(default_factory=dict)


def binary_fanout(members: Sequence[Member], above: int) -> Fanout:
    """The binary of the control node, where more than `above` hosts need it; staging uploads it to fewer.

    With a signature to check, staging brings it too: nothing may run a binary that has only its digest checked.
    """
    wanted = {
        member.name: [_staged(member.spec.binary)]
        for member in members
        if _can_spread(member.spec.binary) and any(change.kind == "binary" for change in member.changes)
    }
    found = _fanout(wanted, above)
    return found if found.rest else Fanout()


def _can_spread(binary: BinarySpec) -> bool:
    return bool(binary.src and binary.sha256 and not binary.public_key)


def images_fanout(members: Sequence[Member], above: int) -> Fanout:
    """The archives of images, for the hosts that do not have them."""
    wanted: Files = {}
    for member in members:
        if any(change.kind == "images" for change in member.changes):
            absent = [item for item in member.spec.images if delivery_difference(item, member.state)]
            if absent:
                wanted[member.name] = [{**item.to_dict(), "images": True} for item in absent]
    return _fanout(wanted, above)


def _staged(binary: BinarySpec) -> Dict[str, Any]:
    return {"path": staged_path(binary.path, binary.sha256), "sha256": binary.sha256, "mode": "0700", "src": binary.src}


def _fanout(wanted: Files, above: int) -> Fanout:
    """Hosts of another architecture need other files, so each kind of host has its own first ones."""
    if len(wanted) <= above:
        return Fanout(first=tuple(wanted), files=wanted)
    first: List[str] = []
    kinds: Dict[str, int] = {}
    for name, files in wanted.items():
        kind = repr(files)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] <= SEEDS:
            first.append(name)
    rest = tuple(name for name in wanted if name not in first)
    return Fanout(tuple(first), rest, wanted)
