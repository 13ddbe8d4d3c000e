# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done about one chart. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import (
    CLEARED,
    FINALIZER,
    attempt_of,
    chart_object,
    values_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.spec import ChartSpec
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.state import FAILED, chart_state, is_deployed

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
# What k0s ignores when it changes, and what the user may have meant.
_FIXED = (("chartName", "chart"), ("namespace", "namespace"), ("releaseName", "release"))
_DURATION = re.compile(r"([\d.]+)(h|ms|m|s)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
# Where a chart is from matters when it is pulled again; k0s before 1.35 has no such field.
_REPOSITORY = "repository"


@dataclass(frozen=True)
class Decision:
    """`manifest` is what to apply; None where nothing is to be done, or `refusal` says why it cannot be."""

    action: str
    manifest: Optional[Mapping[str, Any]] = field(default=None, repr=False)
    refusal: str = ""


def decide(spec: ChartSpec, live: Optional[Mapping[str, Any]]) -> Decision:
    if live is None:
        return Decision(CREATED, chart_object(spec))
    refusal = _leaving(spec, live) or _refusal(spec, live)
    if refusal:
        return Decision(UNCHANGED, refusal=refusal)
    differs = _differs(spec, live)
    if not differs and chart_state(live).state != FAILED:
        return Decision(UNCHANGED)
    return Decision(UPDATED, next_object(spec, live))


def next_object(spec: ChartSpec, live: Mapping[str, Any]) -> Dict[str, Any]:
    """The Chart that makes k0s work on it again."""
    return chart_object(spec, next_attempt(live), cleared=values_of(live) != {})


def next_attempt(live: Mapping[str, Any]) -> int:
    """Unless the chart is deployed the text of the values must be another one: k0s would not try a failed upgrade
    again, and what it still writes of an earlier try could not be told from what comes of this one.
    """
    attempt = attempt_of(live)
    return attempt if is_deployed(live) else attempt + 1


def _differs(spec: ChartSpec, live: Mapping[str, Any]) -> bool:
    wanted: Dict[str, Any] = chart_object(spec)["spec"]
    present: Mapping[str, Any] = live.get("spec") or {}
    if FINALIZER not in ((live.get("metadata") or {}).get("finalizers") or ()):
        return True
    if values_of(live) not in (dict(spec.values), spec.values or CLEARED) or (present.get(_REPOSITORY) or {}) != dict(
        spec.repository
    ):
        return True
    if str(present.get("version") or "") != wanted["version"] or int(present.get("order") or 0) != wanted["order"]:
        return True
    return _seconds(present.get("timeout")) != spec.timeout_seconds


def _seconds(duration: Any) -> float:
    """600s may be written as 10m0s."""
    parts = _DURATION.findall(str(duration or ""))
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def _leaving(spec: ChartSpec, live: Mapping[str, Any]) -> str:
    if not (live.get("metadata") or {}).get("deletionTimestamp"):
        return ""
    return (
        f"chart {spec.name} is being deleted. Wait for that with k0s_chart and state: absent, which also ends a"
        " deletion that cannot end by itself, then install it again"
    )


def _refusal(spec: ChartSpec, live: Mapping[str, Any]) -> str:
    wanted: Dict[str, Any] = chart_object(spec)["spec"]
    present: Mapping[str, Any] = live.get("spec") or {}
    changes: List[str] = [
        f"{option} from {present.get(name)} to {wanted[name]}"
        for name, option in _FIXED
        if present.get(name) and present.get(name) != wanted[name]
    ]
    if not changes:
        return ""
    return (
        f"chart {spec.name} would change {' and '.join(changes)}, which k0s ignores for a chart that is there."
        f" Remove the chart first (k0s_chart with state: absent), or give the new one another name"
    )
