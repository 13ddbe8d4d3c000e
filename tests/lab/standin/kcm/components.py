# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The components of a Management and its status. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Sequence, Tuple

from tests.lab.standin import objects
from tests.lab.standin.api import Object
from tests.lab.standin.progress import State

from .catalogue import EXPOSED

KCM = "kcm"
CAPI = "capi"


@dataclass(frozen=True)
class Component:
    """One entry of status.components."""

    name: str
    template: str
    depends_on: Tuple[str, ...] = ()


def chain(spec: Mapping[str, Any], release: Mapping[str, Any]) -> List[Component]:
    """All components in the order in which they are brought up: kcm, capi after it, the providers after that."""
    core = spec.get("core") or {}
    delivered = {item["name"]: item["template"] for item in release.get("providers") or ()}
    found = [
        Component(KCM, (core.get("kcm") or {}).get("template") or release["kcm"]["template"]),
        Component(CAPI, (core.get("capi") or {}).get("template") or release["capi"]["template"], (KCM,)),
    ]
    for item in spec.get("providers") or ():
        template = item.get("template") or delivered.get(item["name"], "")
        found.append(Component(item["name"], template, (CAPI,)))
    return found


def status(parts: Sequence[Component], states: Mapping[str, State], generation: int, release: str) -> Object:
    """The status of a Management whose Release is ready."""
    entries = {part.name: _entry(part, states[part.name]) for part in parts}
    available = sorted({name for entry in entries.values() for name in entry.get("exposedProviders") or ()})
    failing = sorted(name for name, state in states.items() if not state.ready)
    reason, message = "AllComponentsHealthy", "All components are successfully installed"
    if failing:
        reason, message = "NotAllComponentsHealthy", f"Components not ready: [{' '.join(failing)}]"
    return {
        "availableProviders": available,
        "components": entries,
        "conditions": [objects.condition("Ready", not failing, reason, message, generation)],
        "observedGeneration": generation,
        "release": release,
    }


def _entry(part: Component, state: State) -> Object:
    entry: Object = {"template": part.template, "success": state.ready}
    entry["error"] = None if state.ready else state.message or "unknown"
    exposed = list(EXPOSED.get(part.template, ())) if state.ready else []
    entry["exposedProviders"] = exposed or None
    return entry
