# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small parts of objects."""

from __future__ import annotations

import datetime
from typing import Any, Dict, List, Mapping, Optional, Sequence

from .api import Object


def now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def condition(kind: str, status: bool, reason: str, message: str = "", generation: int = 0) -> Object:
    value = {"type": kind, "status": "True" if status else "False", "reason": reason, "message": message}
    return {**value, "observedGeneration": generation, "lastTransitionTime": now()}


def conditions(item: Mapping[str, Any], wanted: Sequence[Object]) -> List[Object]:
    """The conditions, with the time of the last change kept where the status did not change."""
    known = {found["type"]: found for found in (item.get("status") or {}).get("conditions") or ()}
    return [_since(known.get(one["type"]), one) for one in wanted]


def _since(before: Optional[Mapping[str, Any]], current: Object) -> Object:
    unchanged = before is not None and before["status"] == current["status"]
    return {**current, "lastTransitionTime": before["lastTransitionTime"]} if before and unchanged else current


def generation(item: Mapping[str, Any]) -> int:
    return int(item["metadata"].get("generation") or 0)


def uid(item: Mapping[str, Any]) -> str:
    return str(item["metadata"]["uid"])


def status_of(item: Optional[Mapping[str, Any]]) -> Mapping[str, Any]:
    return (item or {}).get("status") or {}


def is_true(item: Optional[Mapping[str, Any]], kind: str) -> bool:
    """Whether the condition is True and about the object as it is now."""
    for found in status_of(item).get("conditions") or ():
        if found["type"] == kind:
            current = found.get("observedGeneration", 0) >= generation(item or {})
            return bool(found["status"] == "True" and current)
    return False


def merged(defaults: Any, given: Any) -> Any:
    """`given` with what it lacks taken from `defaults`; lists are taken whole."""
    if isinstance(defaults, dict) and isinstance(given, dict):
        names = {**defaults, **given}
        return {name: merged(defaults.get(name), given[name]) if name in given else defaults[name] for name in names}
    return defaults if given is None else given


def args_of(deployment: Mapping[str, Any]) -> Dict[str, str]:
    """The `--name=value` arguments of a Deployment's first container."""
    found = {}
    for argument in _container(deployment).get("args") or ():
        name, _equals, value = str(argument).partition("=")
        found[name.lstrip("-")] = value
    return found


def image_of(deployment: Mapping[str, Any]) -> str:
    return str(_container(deployment).get("image", ""))


def _container(deployment: Mapping[str, Any]) -> Mapping[str, Any]:
    containers: List[Mapping[str, Any]] = deployment["spec"]["template"]["spec"]["containers"]
    return containers[0]
