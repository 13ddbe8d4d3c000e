# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API server that has one Lease, and runs that want it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.lease import LEASE, text_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.model import Process, Run
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import Clock

NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=timezone.utc)
ALICE = Run("alice@bastion", "upgrade", "bastion:1", process=Process("bastion boot pid", 11, "100"))
BOB = Run("bob@laptop", "install", "laptop:2", process=Process("laptop boot pid", 22, "200"))
Manifest = dict[str, Any]


def unseen(_process: Process) -> None:
    """Processes of another machine."""


class Leases:
    """Takes a Lease only for the version that it has. `others`: what another run does just before a write comes in."""

    def __init__(self) -> None:
        self.lease: Manifest | None = None
        self.now = NOON
        self.clock = Clock(now=self._seconds, sleep=self._sleep)
        self.others: list[Callable[[], None]] = []
        self.requests = 0
        self.has_namespace_at = NOON
        self._version = 0

    def wall(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def get(self, ref: Ref) -> Manifest | None:
        assert ref == LEASE
        self.requests += 1
        return copy.deepcopy(self.lease)

    def create(self, manifest: Mapping[str, Any], dry_run: bool = False) -> Manifest:
        self.requests += 1
        if dry_run:
            return {**manifest, "metadata": {**manifest["metadata"], "creationTimestamp": self._second()}}
        self._let_others_be_first()
        if self.now < self.has_namespace_at:
            raise Refused("namespaces kube-system not found", 404, "NotFound")
        if self.lease is not None:
            raise Refused("it is there", 409, "AlreadyExists")
        return self._keep(manifest)

    def replace(self, manifest: Mapping[str, Any]) -> Manifest:
        self.requests += 1
        self._let_others_be_first()
        if self.lease is None:
            raise Refused("it is not there", 404, "NotFound")
        if manifest["metadata"]["resourceVersion"] != self.lease["metadata"]["resourceVersion"]:
            raise Refused("it was changed", 409, "Conflict")
        return self._keep(manifest)

    def _keep(self, manifest: Mapping[str, Any]) -> Manifest:
        self._version += 1
        kept = copy.deepcopy(dict(manifest))
        kept["metadata"]["resourceVersion"] = str(self._version)
        kept["metadata"]["managedFields"] = [
            {"manager": "mke4k.core", "time": self._second()},
            {"manager": "kubectl", "time": text_of(NOON + timedelta(days=1))},
        ]
        self.lease = kept
        return copy.deepcopy(kept)

    def _let_others_be_first(self) -> None:
        if self.others:
            self.others.pop(0)()

    def _second(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _seconds(self) -> float:
        return self.now.timestamp()

    def _sleep(self, seconds: float) -> None:
        self.pass_by(seconds)
