# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels, annotations and taints of Nodes: those that mke4.yaml gives a host, and which hosts lack them.

k0s takes labels and taints only when a host joins. What was set later through the API is remembered in an annotation of
the Node, so that what mke4.yaml has no more can be taken away and what others have set stays.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import flag_table
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, PlainData

APPLIED = "mke4k.core/applied"
# Set by the collection on each controller of MKE; nobody takes it away.
OF_RELEASE = "mke/version"


@dataclass(frozen=True)
class NodeMarks(PlainData):
    """What a Node should have beside what others give it."""

    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    taints: Tuple[Mapping[str, str], ...] = ()


def marks_of(spec: NodeSpec, annotations: Mapping[str, str]) -> NodeMarks:
    """Labels and taints are those that a joining host is given by flags, so they hold from its first second."""
    flags = flag_table(spec.arguments)
    labels = [pair for text in flags.get("--labels", ()) for pair in text.split(",") if pair]
    taints = [taint for text in flags.get("--taints", ()) for taint in text.split(",") if taint]
    return NodeMarks(
        labels={name.strip(): value.strip() for name, _equals, value in (pair.partition("=") for pair in labels)},
        annotations=dict(annotations),
        taints=tuple(_taint(text.strip()) for text in taints),
    )


def lacking(marks: NodeMarks, node: Mapping[str, Any]) -> List[str]:
    """What differs on a Node that is there, or is not known to be ours yet, in words."""
    applied = _applied(node)
    lacks = _of_mapping("label", marks.labels, node.get("labels") or {}, applied.get("labels", []))
    lacks += _of_mapping("annotation", marks.annotations, node.get("annotations") or {}, applied.get("annotations", []))
    there = {_identity(taint): str(taint.get("value") or "") for taint in node.get("taints") or []}
    wanted = {_identity(taint): str(taint.get("value") or "") for taint in marks.taints}
    return lacks + _of_mapping("taint", wanted, there, applied.get("taints", []))


def anything(marks: NodeMarks) -> bool:
    """Whether there is more to set on a Node that has just joined than k0s sets on its own."""
    return bool(set(marks.labels) - {OF_RELEASE} or marks.annotations or marks.taints)


def _of_mapping(kind: str, wanted: Mapping[str, str], there: Mapping[str, str], ours: List[str]) -> List[str]:
    lacks = [f"{kind} {name} is set to {wanted[name]}" for name in wanted if there.get(name) != wanted[name]]
    lacks += [f"{kind} {name} is removed" for name in ours if name not in wanted and name in there]
    unknown = [name for name in wanted if name not in ours and name != OF_RELEASE and there.get(name) == wanted[name]]
    return lacks + [f"{kind} {name} is remembered as ours" for name in unknown]


def _applied(node: Mapping[str, Any]) -> Dict[str, List[str]]:
    try:
        found = json.loads((node.get("annotations") or {}).get(APPLIED) or "{}")
    except ValueError:
        return {}
    return {str(kind): list(names) for kind, names in found.items()} if isinstance(found, dict) else {}


def _taint(text: str) -> Dict[str, str]:
    """`dedicated=gpu:NoSchedule` or `dedicated:NoSchedule`."""
    pair, _colon, effect = text.rpartition(":")
    key, _equals, value = pair.partition("=")
    return {"key": key, "value": value, "effect": effect}


def _identity(taint: Mapping[str, Any]) -> str:
    return f"{taint.get('key')}:{taint.get('effect')}"
