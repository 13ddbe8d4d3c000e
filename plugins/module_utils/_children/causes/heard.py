# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warning events about objects that fail, or go, without a word of their own about why. Pure.

An event stays when what it tells is over. So it only counts for a condition that fails now, that does not explain
itself, and that is not younger than the event.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import calendar
import time
from functools import lru_cache
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.codes import cause_in
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.reading import (
    is_leaving,
    listed,
    mapping,
    text_at,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.statements import Statement
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Family
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.causes import event_time

# Said on every deletion, and never a reason for anything.
_NOISE = ("InvalidGroup.NotFound",)
# A controller writes its event first, and the condition when it is done.
_SLACK_SECONDS = 15.0
# What was said so long before the newest that is known of the object is about something that is over.
_OLD_SECONDS = 120.0


def explaining(family: Family, manifest: Mapping[str, Any], unexplained: Iterable[Statement]) -> List[Statement]:
    """What events say about an object: the newest of each reason that tell a cause, the newest first."""
    about = _about(family, manifest)
    if not about:
        return []
    since = _since(manifest, {one.topic for one in unexplained}, max(at for at, _event in about))
    found: Dict[str, Statement] = {}
    for at, event in about:
        reason = text_at(event, "reason")
        if at >= since and reason not in found and cause_in(_text(event)):
            found[reason] = _statement(event)
    return list(found.values())


def _since(manifest: Mapping[str, Any], topics: Iterable[str], newest: float) -> float:
    """From when on events are about what fails now."""
    changes = dict(_changes(manifest))
    if is_leaving(manifest):
        latest = max([newest, *changes.values()])
        return max(seconds_of(text_at(manifest, "metadata", "deletionTimestamp")), latest - _OLD_SECONDS)
    return min((changes.get(topic, 0.0) for topic in topics), default=float("inf")) - _SLACK_SECONDS


def _changes(manifest: Mapping[str, Any]) -> Iterator[Tuple[str, float]]:
    """When each condition became what it is."""
    for item in listed(mapping(manifest, "status").get("conditions")):
        yield str(item.get("type")), seconds_of(text_at(item, "lastTransitionTime"))


def _about(family: Family, manifest: Mapping[str, Any]) -> List[Tuple[float, Mapping[str, Any]]]:
    kind, name = manifest.get("kind"), mapping(manifest, "metadata").get("name")
    found = []
    for event in family.events:
        target = _target(event)
        if target.get("name") == name and target.get("kind") == kind and not _is_noise(event):
            found.append((seconds_of(event_time(event)), event))
    return sorted(found, key=lambda item: -item[0])


def _statement(event: Mapping[str, Any]) -> Statement:
    target = _target(event)
    ref = Ref(*(text_at(target, key) for key in ("apiVersion", "kind", "name", "namespace")))
    reason = text_at(event, "reason")
    return Statement(ref, reason, reason, _text(event), is_event=True)


def _is_noise(event: Mapping[str, Any]) -> bool:
    said = text_at(event, "message")
    return event.get("type") == "Normal" or any(word in said for word in _NOISE)


def _target(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(event, "involvedObject") or mapping(event, "regarding")


def _text(event: Mapping[str, Any]) -> str:
    return " ".join((text_at(event, "message") or text_at(event, "note")).split())


@lru_cache(maxsize=4096)
def seconds_of(moment: str) -> float:
    """Of a time as Kubernetes writes it (2026-11-21T06:12:00Z, with or without parts of a second); 0 for others."""
    try:
        return float(calendar.timegm(time.strptime(moment[:19], "%Y-%m-%dT%H:%M:%S")))
    except ValueError:
        return 0.0
