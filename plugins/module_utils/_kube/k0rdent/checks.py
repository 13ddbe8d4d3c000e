# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When k0rdent is ready, and when it cannot become ready any more. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, List, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.components import components
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import (
    FAILED,
    MET,
    NOT_THERE,
    PENDING,
    Check,
    Manifest,
    Verdict,
    all_of,
    condition,
    field,
    find_condition,
    in_words,
    observed,
)

# kcm says of itself that it will not try again after this one.
FINAL_REASONS = frozenset(("HasIncompatibleContracts",))


def release_ready() -> Check:
    """The templates of a Release are there and valid."""
    return all_of(condition("TemplatesCreated"), condition("TemplatesValid"), field("status.ready", equals=True))


def management_ready(providers: Sequence[str] = ()) -> Check:
    """Every component of the Management is up, these providers among them, and for the release that it asks for."""

    def check(management: Optional[Manifest]) -> Verdict:
        if management is None:
            return Verdict(PENDING, NOT_THERE)
        stale = observed()(management)
        if stale.state != MET:
            return stale
        ready = find_condition(management, "Ready")
        if ready is not None and ready.get("reason") in FINAL_REASONS:
            return Verdict(FAILED, in_words(ready))
        lacking = _lacking(management, ready, providers)
        return Verdict(PENDING, "; ".join(lacking)) if lacking else Verdict(MET)

    return check


def _lacking(management: Manifest, ready: Optional[Mapping[str, Any]], providers: Sequence[str]) -> List[str]:
    rows = components(management)
    if not rows:
        return [in_words(ready) if ready else "kcm has not looked at it yet"]
    lacking = [f"{row.name}: {row.message}" for row in rows if not row.ready]
    known = {row.name for row in rows}
    lacking += [f"{name}: it is not among the components" for name in providers if name not in known]
    wanted, reached = management["spec"].get("release"), management["status"].get("release")
    if not lacking and wanted != reached:
        lacking.append(f"its release is {reached or 'unknown'} and not yet {wanted}")
    if not lacking and condition("Ready")(management).state != MET:
        lacking.append(in_words(ready) if ready else "it has no condition Ready yet")
    return lacking
