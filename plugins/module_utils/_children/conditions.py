# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conditions of an object, whichever way its controller writes them. Pure.

Cluster API has two kinds: v1beta1 ones with a severity, and v1beta2 ones, which are in `.status.v1beta2.conditions` up
to 1.10 and in `.status.conditions` from 1.11 on, with the old ones in `.status.deprecated.v1beta1.conditions` then.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional

ERROR, WARNING, INFO = "Error", "Warning", "Info"
# Conditions that are fine when they are False: `Paused=False NotPaused` is no trouble.
WANTED_FALSE = frozenset(
    ("Paused", "Deleting", "ScalingUp", "ScalingDown", "Remediating", "RollingOut", "Stalled", "Reconciling")
)
_PLACES = (("conditions",), ("v1beta2", "conditions"), ("deprecated", "v1beta1", "conditions"))


@dataclass(frozen=True)
class Condition:
    """One statement of a controller. `observed` is the generation it is about, where it says so."""

    type: str
    status: str
    reason: str = ""
    message: str = ""
    severity: str = ""
    observed: Optional[int] = None

    @property
    def is_true(self) -> bool:
        return self.status == "True"

    @property
    def is_good(self) -> bool:
        """Whether nothing is missing by it. What is Unknown is not good."""
        return self.status == ("False" if self.type in WANTED_FALSE else "True")

    def words(self) -> str:
        """`VpcReady is False (VpcReconciliationFailed): message`."""
        text = f"{self.type} is {self.status}"
        return text + (f" ({self.reason})" if self.reason else "") + (f": {self.message}" if self.message else "")


def conditions_of(manifest: Optional[Mapping[str, Any]]) -> List[Condition]:
    """In the order of its controller; of a type that is there in both kinds, the one that says how bad it is."""
    status = (manifest or {}).get("status")
    found: Dict[str, Condition] = {}
    for place in _PLACES:
        for item in _listed(status, place):
            one = _condition(item)
            known = found.get(one.type)
            if known is None or (one.severity and not known.severity):
                found[one.type] = one
    return list(found.values())


def condition_of(manifest: Optional[Mapping[str, Any]], kind: str) -> Optional[Condition]:
    return next((item for item in conditions_of(manifest) if item.type == kind), None)


def is_true(manifest: Optional[Mapping[str, Any]], kind: str) -> bool:
    found = condition_of(manifest, kind)
    return found is not None and found.is_true


def generation_of(manifest: Optional[Mapping[str, Any]]) -> int:
    return int(((manifest or {}).get("metadata") or {}).get("generation") or 0)


def observed_of(manifest: Optional[Mapping[str, Any]]) -> Optional[int]:
    """The generation that its status is about, where it says so."""
    told = ((manifest or {}).get("status") or {}).get("observedGeneration")
    return int(told) if told is not None else None


def _listed(status: Any, place: tuple[str, ...]) -> List[Mapping[str, Any]]:
    for step in place:
        status = status.get(step) if isinstance(status, Mapping) else None
    return [item for item in status if isinstance(item, Mapping)] if isinstance(status, list) else []


def _condition(item: Mapping[str, Any]) -> Condition:
    told = item.get("observedGeneration")
    return Condition(
        str(item.get("type") or ""),
        str(item.get("status") or "Unknown"),
        str(item.get("reason") or ""),
        " ".join(str(item.get("message") or "").split()),
        str(item.get("severity") or ""),
        int(told) if told is not None else None,
    )
