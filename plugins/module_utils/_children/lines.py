# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines about children for people: progress, causes, and the table at the end. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone
from typing import List, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.follow import nodes
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Diagnosis, Family, Outcome, Progress
from ansible_collections.mke4k.core.plugins.module_utils._config.text_table import text_table

HEADING = ("NAME", "PHASE", "READY", "NODES", "VERSION", "MESSAGE", "AGE")
# What fits into a line of a job log; the whole text is in the result.
WIDTH = 160
_MESSAGE_WIDTH = 80
_SHOWN_PHASES = 4


def step(name: str, progress: Progress, width: int = 0) -> str:
    """`prod-eu  NatGatewaysReady  3/11`."""
    count = f"  {progress.done}/{progress.steps}" if progress.steps else ""
    return f"{name.ljust(width)}  {progress.phase}{count}"


def cause(name: str, diagnosis: Diagnosis, width: int = 0) -> str:
    """What holds a child up, while it is not given up yet."""
    return shortened(f"{name.ljust(width)}  {diagnosis.cause.title} ({diagnosis.where}: {diagnosis.evidence})", WIDTH)


def failure(outcome: Outcome, width: int = 0) -> str:
    """The whole text: it says what to do."""
    return f"{outcome.name.ljust(width)}  failed: {outcome.message}"


def summary(goal: str, outcomes: Sequence[Optional[Outcome]], phases: Sequence[str]) -> str:
    """`137/200 ready, 3 failed; 40 at NatGatewaysReady, 20 at LoadBalancerReady`."""
    ended = [outcome for outcome in outcomes if outcome is not None]
    failed = sum(outcome.failed for outcome in ended)
    text = f"{len(ended) - failed}/{len(outcomes)} {goal}" + (f", {failed} failed" if failed else "")
    counted = Counter(phases).most_common(_SHOWN_PHASES)
    at = ", ".join(f"{count} at {phase}" for phase, count in counted)
    return text + (f"; {at}" if at else "")


def table(outcomes: Sequence[Outcome], now: Optional[datetime] = None) -> List[str]:
    """One line a child, under a heading."""
    moment = now or datetime.now(timezone.utc)
    return text_table([HEADING, *(_row(outcome, moment) for outcome in outcomes)]) if outcomes else []


def shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def version_of(family: Optional[Family]) -> str:
    """Of MKE where it is known, else of Kubernetes."""
    spec = _part(family.root if family else None, "spec")
    status = _part(family.deployment if family else None, "status")
    return str(spec.get("version") or status.get("k8sVersion") or "")


def _row(outcome: Outcome, now: datetime) -> List[str]:
    family, progress = outcome.family, outcome.progress
    count = f" {progress.done}/{progress.steps}" if progress.steps and not progress.reached else ""
    counted = nodes.all_nodes(family) if family is not None else nodes.Nodes()
    return [
        outcome.name,
        f"{progress.phase}{count}",
        "yes" if outcome.state == "ready" else "no",
        str(counted),
        version_of(family),
        shortened(outcome.message or progress.message, _MESSAGE_WIDTH),
        _age(family, now),
    ]


def _age(family: Optional[Family], now: datetime) -> str:
    manifest = (family.root or family.deployment) if family is not None else None
    created = str(_part(manifest, "metadata").get("creationTimestamp") or "")
    if not created:
        return ""
    born = datetime.strptime(created, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    return age_in_words(max((now - born).total_seconds(), 0.0))


def age_in_words(seconds: float) -> str:
    """`40s`, `12m`, `3h5m`, `4d2h`, as kubectl writes ages."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes_left = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if days:
        return f"{days}d{hours_left}h" if hours_left else f"{days}d"
    if hours:
        return f"{hours}h{minutes_left}m" if minutes_left else f"{hours}h"
    return f"{minutes}m" if minutes else f"{rest}s"


def _part(manifest: Optional[Mapping[str, object]], key: str) -> Mapping[str, object]:
    found = (manifest or {}).get(key)
    return found if isinstance(found, Mapping) else {}
