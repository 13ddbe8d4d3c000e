# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All the bad weather that a user must not notice, and an Api that does not sleep long in it."""

from __future__ import annotations

import time

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import Clock
from tests.api import fault_kinds
from tests.api.bed import Bed
from tests.api.fault_kinds import Fault
from tests.api.faults import FaultProxy

# A fault in place of an answer. Not one of them says anything about what was asked.
WEATHER: dict[str, Fault] = {
    "503": fault_kinds.unavailable(),
    "429": fault_kinds.busy(retry_after=2),
    "storage is initializing": fault_kinds.initializing(),
    "leader changed": fault_kinds.leader_changed(),
    "etcd timed out": fault_kinds.etcd_timeout(),
    "502 page": fault_kinds.bad_gateway(),
    "reset": fault_kinds.Reset(),
    "truncated": fault_kinds.Truncated(),
    "truncated to nothing": fault_kinds.Truncated(share=0.0),
    "slow": fault_kinds.Slow(0.2),
    "expired token": fault_kinds.unauthorized(),
}
# The same, and the server has done what it was asked for: only for what may be asked twice.
UNSEEN = {**WEATHER, "lost answer": fault_kinds.LostAnswer()}
SHORT_SLEEP = 0.02


class Sleeps:
    """Notes how long somebody wanted to sleep, and sleeps less."""

    def __init__(self) -> None:
        self.wanted: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.wanted.append(seconds)
        time.sleep(min(seconds, SHORT_SLEEP))

    @property
    def clock(self) -> Clock:
        return Clock(sleep=self)


def api_through(bed: Bed, proxy: FaultProxy, deadline: float = 60, user: str = "admin") -> Api:
    return bed.api(user, server=proxy.url, deadline=deadline, clock=Sleeps().clock)
