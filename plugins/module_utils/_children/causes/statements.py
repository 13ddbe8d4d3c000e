# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the objects of a child say that is not good: their conditions and the Warning events about them. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.conditions import INFO, conditions_of
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Family
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

# Said on every deletion, and never a reason for anything.
_NOISE = ("InvalidGroup.NotFound",)
# Sums of what other conditions say in more detail.
_SUMS = frozenset(("Ready",))


@dataclass(frozen=True)
class Statement:
    """`topic`: the condition's type, or the event's reason. `severity` is empty where the controller tells none."""

    ref: Ref
    topic: str
    reason: str
    text: str
    severity: str = ""
    generation: int = 0
    is_event: bool = False
    # The event's own identity and how often it was said: a new count means that it was said again.
    mark: str = ""

    @property
    def where(self) -> str:
        return f"{self.ref}, {'event ' if self.is_event else ''}{self.topic}"


def conditions(family: Family) -> Iterator[Statement]:
    """Every condition that is not good, the most detailed objects first. Texts may be empty."""
    for manifest in objects(family):
        ref, generation = Ref.of(manifest), int((manifest.get("metadata") or {}).get("generation") or 0)
        for item in sorted(conditions_of(manifest), key=lambda one: one.type in _SUMS):
            if not item.is_good:
                yield Statement(ref, item.type, item.reason, item.message, item.severity, generation)


def events(family: Family) -> Iterator[Statement]:
    """The youngest first, of objects that are not ready or are going."""
    troubled = {
        (item["kind"], str((item.get("metadata") or {}).get("name"))) for item in objects(family) if _open(item)
    }
    for event in reversed(family.events):
        about: Mapping[str, Any] = event.get("involvedObject") or event.get("regarding") or {}
        text = str(event.get("message") or event.get("note") or "")
        if (about.get("kind"), str(about.get("name"))) not in troubled or any(word in text for word in _NOISE):
            continue
        ref = Ref(
            str(about.get("apiVersion") or ""),
            str(about.get("kind") or ""),
            str(about.get("name") or ""),
            str(about.get("namespace") or ""),
        )
        reason = str(event.get("reason") or "")
        yield Statement(ref, reason, reason, " ".join(text.split()), is_event=True, mark=_mark(event))


def objects(family: Family) -> List[Mapping[str, Any]]:
    """From where AWS is called up to what stands for the child."""
    single: List[Optional[Mapping[str, Any]]] = [
        family.aws_cluster,
        *family.aws_machines.values(),
        *family.machines.values(),
        family.control_plane,
        *family.machine_deployments.values(),
        family.cluster,
        family.helm_release,
        family.deployment,
        family.root,
    ]
    return [item for item in single if item is not None]


def is_quiet(statement: Statement) -> bool:
    """What only says that something else is waited for."""
    return statement.severity == INFO and not statement.text


def _open(manifest: Mapping[str, Any]) -> bool:
    if (manifest.get("metadata") or {}).get("deletionTimestamp"):
        return True
    return not (manifest.get("status") or {}).get("ready")


def _mark(event: Mapping[str, Any]) -> str:
    metadata: Mapping[str, Any] = event.get("metadata") or {}
    series: Mapping[str, Any] = event.get("series") or {}
    return f"{metadata.get('uid') or metadata.get('name')}/{event.get('count') or series.get('count') or 1}"
