# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts or restarts k0s and waits until it serves.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import os
from typing import List, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import TOKEN_FLAG, Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files, images, quorum, readiness, receipt
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.disk import Disk
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.install import install_unit
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.machine import Machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import Request
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.service import Service
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import wait_until
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeState

# k0s 1.35.1 reads the token file of a joined host too and wants base64 in it.
SPENT_TOKEN = base64.b64encode(b"the token of this host was removed\n").decode("ascii")
QUORUM_PATIENCE = 30.0
QUORUM_PAUSE = 2.0


class Launch:
    """The start of k0s in one run: what it needs, how it is done, and the wait for its end."""

    def __init__(self, request: Request, machine: Machine, state: NodeState, service: Service) -> None:
        self.request = request
        self.spec = request.spec
        self.machine = machine
        self.state = state
        self.service = service
        self.joining = request.joins and not state.joined
        self.replaced_pid = 0
        self.exits_before = 0
        self.started = False
        self._warnings: List[str] = []

    @property
    def warnings(self) -> Tuple[str, ...]:
        return tuple(self._warnings)

    def check(self, changes: Sequence[Change]) -> None:
        """Refuses before anything is written what could not be finished."""
        kinds = {change.kind for change in changes}
        if "start" in kinds and self.joining and not self.request.token:
            raise K0sError(
                f"{self._host} was not changed: it has to join the cluster and there is no token for it. "
                "Give `token`, made on a running controller (mke4k.core.k0s_join)"
            )
        if "images" in kinds:
            images.require(self.spec, self.state)
        if "restart" in kinds and self.spec.is_controller:
            self._wait_for_quorum()

    def perform(self, changes: Sequence[Change], disk: Disk) -> None:
        for change in changes:
            if change.kind == "enable":
                self.service.enable()
            elif change.kind == "start":
                self._start(disk, any(item.kind in ("binary", "config", "file", "unit") for item in changes))
            elif change.kind == "restart":
                self._restart()

    def wait(self) -> NodeState:
        only_etcd = self.request.wait_for == readiness.ETCD
        final = wait_until(
            missing=self._missing,
            read=lambda: self.machine.read_progress(self.spec, not only_etcd),
            service=self.service,
            timeout=self.request.wait_timeout,
            clock=self.machine.clock,
            exits_before=self.exits_before,
            what=self._host,
        )
        if only_etcd:
            return final
        final = self.machine.read_state(self.spec)
        restart_files = [item.path for item in self.spec.files if item.restart]
        restart_files += [item.path for item in self.spec.shared_files]
        receipt.record_running(self.machine.paths.receipt, final, restart_files)
        return final

    def spend_token(self) -> None:
        """A host that has joined never needs its token again, one that failed gets another; nobody should find it."""
        path = self.machine.paths.token
        if os.path.exists(path) and files.read(path) != SPENT_TOKEN + "\n":
            files.write(path, SPENT_TOKEN + "\n")

    def _missing(self, state: NodeState) -> str:
        lack = readiness.missing(self.spec, state, self.request.wait_for, self.replaced_pid, whole_cluster=self.started)
        if lack or not self.started or not self.spec.is_controller or not self.request.join_address:
            return lack
        return self.machine.join_lacks(self.request.join_address, self.spec.data_dir)

    @property
    def _host(self) -> str:
        return self.state.hostname or "the host"

    def _wait_for_quorum(self) -> None:
        end = self.machine.clock.now() + QUORUM_PATIENCE
        state = self.state
        while True:
            verdict = quorum.restart_verdict(self._host, state.etcd, self.request.peers)
            healthy = state.etcd is None or bool(state.etcd.get("healthy"))
            late = self.machine.clock.now() >= end
            if verdict.allowed and (healthy or late):
                self._warnings += [verdict.warning] if verdict.warning else []
                return
            if late:
                raise K0sError(verdict.reason)
            self.machine.clock.sleep(QUORUM_PAUSE)
            state = self.machine.read_state(self.spec)

    def _start(self, disk: Disk, changed: bool) -> None:
        if self.joining:
            disk.write_shared()
            files.write(self.machine.paths.token, self.request.token + "\n")
        if self._unit_has_token() != self.joining and not self.state.joined:
            install_unit(self.spec, self.service, self.machine.paths, self.joining)
        self.service.enable()
        self.service.forget_failure()
        # A process that is up but not yet serving read the old files, and an old token.
        active = self.state.service is not None and self.state.service.active
        if active and (changed or self.joining):
            self.service.restart()
        else:
            self.service.start()
        self.started = self.joining
        self.exits_before = self.service.health().exits

    def _unit_has_token(self) -> bool:
        text = files.read(self.service.unit_path) or ""
        return TOKEN_FLAG in text

    def _restart(self) -> None:
        self.replaced_pid = self.state.running.pid if self.state.running else 0
        self.service.forget_failure()
        self.service.restart()
        self.started = True
        self.exits_before = self.service.health().exits
