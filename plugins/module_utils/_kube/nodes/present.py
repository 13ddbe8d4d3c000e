# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels, annotations and taints of a node as they were asked for; those of others stay.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.cordon import patch_node
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.objects import (
    APPLIED,
    Manifest,
    annotations_of,
    labels_of,
    taints_of,
)


@dataclass(frozen=True)
class Marks:
    """What is asked for; None: not looked at."""

    labels: Optional[Mapping[str, str]] = None
    annotations: Optional[Mapping[str, str]] = None
    taints: Optional[Sequence[Mapping[str, str]]] = None


@dataclass(frozen=True)
class Difference:
    """`patch` is None where nothing differs."""

    patch: Optional[Dict[str, Any]]
    lines: Tuple[str, ...]


def make_present(api: Api, name: str, marks: Marks, dry_run: bool = False) -> Tuple[str, ...]:
    """What was changed, in words."""
    lines: Tuple[str, ...] = ()

    def patch(node: Manifest) -> Optional[Dict[str, Any]]:
        nonlocal lines
        found = difference(node, marks)
        lines = found.lines
        return found.patch

    return lines if patch_node(api, name, patch, dry_run) else ()


def difference(node: Manifest, marks: Marks) -> Difference:
    applied = _applied(node)
    lines: List[str] = []
    metadata: Dict[str, Any] = {}
    after = dict(applied)
    for kind, wanted, there in (
        ("labels", marks.labels, labels_of(node)),
        ("annotations", marks.annotations, annotations_of(node)),
    ):
        if wanted is not None:
            changes = _of_mapping(wanted, there, applied.get(kind, []))
            lines += [_in_words(kind[:-1], key, value) for key, value in changes.items()]
            metadata[kind] = changes
            after[kind] = sorted(wanted)
    taints: Optional[List[Dict[str, Any]]] = None
    if marks.taints is not None:
        taints, words = _of_taints(marks.taints, taints_of(node), applied.get("taints", []))
        lines += words
        after["taints"] = sorted(map(_identity, marks.taints))
    after = {kind: names for kind, names in after.items() if names}
    if not lines and after == applied:
        return Difference(None, ())
    annotations = {**metadata.get("annotations", {}), APPLIED: json.dumps(after, sort_keys=True) if after else None}
    patch: Dict[str, Any] = {"metadata": {**metadata, "annotations": annotations}}
    if taints is not None and any(line.startswith("taint ") for line in lines):
        patch["spec"] = {"taints": taints or None}
    return Difference(patch, tuple(lines))


def _applied(node: Manifest) -> Dict[str, List[str]]:
    """What was set before. What nobody can read counts as nothing: then it is of others, and stays."""
    try:
        found = json.loads(annotations_of(node).get(APPLIED) or "{}")
    except ValueError:
        return {}
    return {str(kind): list(map(str, names)) for kind, names in found.items()} if isinstance(found, dict) else {}


def _of_mapping(wanted: Mapping[str, str], there: Mapping[str, str], ours: Sequence[str]) -> Dict[str, Optional[str]]:
    changes: Dict[str, Optional[str]] = {key: wanted[key] for key in wanted if there.get(key) != wanted[key]}
    changes.update({key: None for key in ours if key not in wanted and key in there})
    return changes


def _of_taints(
    wanted: Sequence[Mapping[str, str]], there: Sequence[Dict[str, Any]], ours: Sequence[str]
) -> Tuple[List[Dict[str, Any]], List[str]]:
    """The node's taints after it, and what that changes. A taint is known by its key and effect."""
    wishes = {_identity(taint): dict(taint) for taint in wanted}
    kept, words, seen = [], [], set()
    for taint in there:
        identity = _identity(taint)
        seen.add(identity)
        wish = wishes.get(identity)
        if wish is None and identity in ours:
            words.append(f"taint {identity} removed")
        elif wish is not None and str(taint.get("value") or "") != str(wish.get("value") or ""):
            words.append(f"taint {identity} set to {wish.get('value') or 'no value'}")
            kept.append(_taint(wish))
        else:
            kept.append(taint)
    for identity, wish in wishes.items():
        if identity not in seen:
            words.append(f"taint {identity} set")
            kept.append(_taint(wish))
    return kept, words


def _taint(wish: Mapping[str, str]) -> Dict[str, Any]:
    return {name: str(wish[name]) for name in ("key", "value", "effect") if wish.get(name)}


def _identity(taint: Mapping[str, Any]) -> str:
    return f"{taint.get('key')}:{taint.get('effect')}"


def _in_words(kind: str, key: str, value: Optional[str]) -> str:
    return f"{kind} {key} removed" if value is None else f"{kind} {key} set to {value}"
