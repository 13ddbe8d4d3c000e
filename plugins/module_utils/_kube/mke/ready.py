# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether mke-operator has done what the MkeConfig asks for. Pure.

Mirantis documents no conditions of the MkeConfig. `Ready` is what its sibling MkeChildConfig has; without it the
services that the status lists must be ready.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import FAILED, MET, PENDING, Verdict

# Reasons after which the operator does not try again by itself.
FINAL_REASONS = frozenset(("InvalidConfig", "ValidationFailed", "UpgradeRefused"))


def operator_is_done(config: Optional[Mapping[str, Any]]) -> Verdict:
    if config is None:
        return Verdict(PENDING, "it does not exist")
    status: Mapping[str, Any] = config.get("status") or {}
    if not status:
        return Verdict(PENDING, "mke-operator has not written a status yet")
    ready = _condition(status, "Ready")
    generation = int((config.get("metadata") or {}).get("generation") or 0)
    if _observed(status, ready) < generation:
        return Verdict(PENDING, f"mke-operator has not looked at generation {generation} of it yet")
    if ready is not None:
        return _by_condition(ready)
    waiting = [item for item in status.get("services") or () if not item.get("ready")]
    if waiting:
        names = ", ".join(str(item.get("name")) for item in waiting)
        return Verdict(PENDING, f"services are not ready: {names}")
    return Verdict(MET, "")


def _by_condition(ready: Mapping[str, Any]) -> Verdict:
    if ready.get("status") == "True":
        return Verdict(MET, "")
    reason, message = str(ready.get("reason") or ""), str(ready.get("message") or "")
    text = f"Ready is {ready.get('status', 'Unknown')}" + (f" ({reason})" if reason else "")
    text += f": {message}" if message else ""
    return Verdict(FAILED if reason in FINAL_REASONS else PENDING, text)


def _observed(status: Mapping[str, Any], ready: Optional[Mapping[str, Any]]) -> int:
    """The generation that the status is about; one that says nothing of it is taken as it is."""
    known = [holder.get("observedGeneration") for holder in (status, ready or {})]
    numbers = [int(number) for number in known if number is not None]
    return max(numbers) if numbers else 1 << 62


def _condition(status: Mapping[str, Any], kind: str) -> Optional[Mapping[str, Any]]:
    return next((item for item in status.get("conditions") or () if item.get("type") == kind), None)
