# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a run may have the lock. Pure, but for the two questions that it is given and seldom asks.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Callable, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.lease import Held
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.model import Process, Run


@dataclass(frozen=True)
class Decision:
    """`allowed`, and why: the reason is for people, empty where there is nothing to tell."""

    allowed: bool
    reason: str = ""


def decide(
    held: Optional[Held],
    run: Run,
    take_from: str,
    runs: Callable[[Process], Optional[bool]],
    now: Callable[[], datetime],
) -> Decision:
    """`take_from`: the holder from whom the user has said to take it. `runs`: whether a process runs; None where that
    cannot be seen from here. `now`: by the clock of the API server, which costs a request.
    """
    if held is None or run.continues(held.run):
        return Decision(True)
    if take_from == held.holder:
        return Decision(True, f"the lock was taken from {held.holder}, as mke4k_take_lock says")
    if run.relaunches(held.run):
        return Decision(True, f"job {run.job} is job {held.run.job} launched again, and has its lock")
    alive = runs(held.run.process)
    if alive is None:
        return _by_age(held, now())
    if not alive:
        return Decision(True, f"{held.holder} had the lock, but its process has ended without giving it back")
    return Decision(False, f"process {held.run.process.pid} runs on this machine")


def _by_age(held: Held, now: datetime) -> Decision:
    left = held.heard + timedelta(seconds=held.expiry) - now
    if left <= timedelta(0):
        return Decision(True, f"{held.holder} had the lock, but was not heard of for {spoken(now - held.heard)}")
    return Decision(
        False, f"it was last heard of {spoken(now - held.heard)} ago; the lock is free in {spoken(left)} if it is dead"
    )


def spoken(time: timedelta) -> str:
    seconds = max(int(time.total_seconds()), 0)
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h {seconds % 3600 // 60} min"
