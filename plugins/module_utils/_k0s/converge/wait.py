# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits until a host serves, and stops early where it never will.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Optional

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.logs import (
    component_that_keeps_ending,
    last_error,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.service import Health, Service
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeState

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 2.0
GROWTH = 1.15
# A joining controller tries for 51 s before it ends and is started again; what ends sooner will not heal by waiting.
CRASH_SECONDS = 30.0
CRASHES = 2
LOG_PAUSE = 10.0


@dataclass(frozen=True)
class Clock:
    """Time, so that tests need not wait. `now` is monotonic."""

    now: Callable[[], float]
    sleep: Callable[[float], None]


class CrashWatch:
    """Counts how often k0s ended by itself shortly after it was started."""

    def __init__(self, exits_before: int) -> None:
        self._exits = exits_before
        self._crashes = 0

    def verdict(self, health: Health) -> str:
        """Why waiting is in vain; empty while it may help."""
        if health.failed:
            return "its service has failed"
        if health.exits > self._exits:
            short = not health.restarting or health.last_run_seconds < CRASH_SECONDS
            self._crashes += (health.exits - self._exits) if short else 0
            self._exits = health.exits
        if self._crashes >= CRASHES:
            return f"k0s ended {self._crashes} times by itself shortly after its start"
        return ""


def wait_until(
    missing: Callable[[NodeState], str],
    read: Callable[[], NodeState],
    service: Service,
    timeout: float,
    clock: Clock,
    exits_before: int = 0,
    what: str = "k0s",
) -> NodeState:
    """Reads the state until nothing is missing and returns it."""
    end = clock.now() + timeout
    watch = CrashWatch(exits_before)
    pause = FIRST_PAUSE
    lack: Optional[str] = None
    look_at_log = clock.now() + LOG_PAUSE
    while True:
        state = read()
        lack = missing(state)
        if not lack:
            return state
        health = service.health()
        verdict = watch.verdict(health)
        if not verdict and clock.now() >= look_at_log:
            verdict = component_that_keeps_ending(service.log_of_this_start())
            look_at_log = clock.now() + LOG_PAUSE
        left = end - clock.now()
        if verdict or left <= 0:
            reason = verdict or f"it did not serve within {timeout:g} s"
            raise K0sError(_report(what, service, reason, lack, health))
        clock.sleep(min(pause, left))
        pause = min(pause * GROWTH, LONGEST_PAUSE)


def _report(what: str, service: Service, reason: str, lack: str, health: Health) -> str:
    error = last_error(service.log())
    text = f"{what} does not serve: {reason}. Missing: {lack}. The service {service.name} is {health.state}"
    text += f". Its log says: {error}" if error else ". Its log has no error"
    return f"{text}. Correct the cause and run again; nothing has to be undone first"
