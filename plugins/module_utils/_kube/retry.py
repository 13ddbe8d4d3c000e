# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which answers of an API server are weather, and how long to wait before asking again. Pure.

5xx, 429, lost connections and a change of etcd's leader pass by themselves; nobody should read of them unless they
last.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Any, Callable, Mapping, Optional

WEATHER = frozenset((408, 425, 429, 500, 502, 503, 504))
# A write that came too late or met another one; asked again it is decided anew.
CONFLICT_REASONS = frozenset(("Timeout", "ServerTimeout", "TooManyRequests"))
# What an API server says with status 500 of an object that it will never take.
LASTING = ("failed to create typed patch object", "failed to convert new object")
# What it says, with 429 and 500, of a pod that may not go: that is for whoever evicts it, no trouble of the server.
UNEVICTABLE = ("Cannot evict pod as it would violate", "This pod has more than one PodDisruptionBudget")
FIRST_DELAY = 0.1
LONGEST_DELAY = 5.0
# What a server asks for in Retry-After is kept up to here.
LONGEST_ASKED = 30.0


@dataclass(frozen=True)
class Clock:
    """Time and chance, so that tests have their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


def passes(status: int, reason: str = "", message: str = "") -> bool:
    if message.startswith((*LASTING, *UNEVICTABLE)):
        return False
    return status in WEATHER or reason in CONFLICT_REASONS


def delay(attempt: int, chance: float, retry_after: Optional[float] = None) -> float:
    """Seconds before attempt number `attempt` + 1: full jitter under a doubling limit, at least what was asked for."""
    limit = min(FIRST_DELAY * 2.0 ** min(attempt, 16), LONGEST_DELAY)
    asked = 0.0 if retry_after is None else min(max(retry_after, 0.0), LONGEST_ASKED)
    return asked + limit * chance


def asked_delay(headers: Mapping[str, Any], status: Mapping[str, Any]) -> Optional[float]:
    """What the server asks for, in its header or in the details of its Status."""
    for value in (headers.get("Retry-After"), (status.get("details") or {}).get("retryAfterSeconds")):
        # Retry-After may be a date too; the usual delay serves then.
        if str(value).isdigit():
            return float(str(value))
    return None
