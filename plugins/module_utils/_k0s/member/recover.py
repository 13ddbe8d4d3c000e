# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a cluster of one controller from the data of a member that has lost its quorum for good.

etcd is started once as a new cluster with the old data (its own way out, `force-new-cluster`) and then again as always.
The setting is in a drop-in below /run, so that no reboot meets it, and goes before any other member could join: a
start with it throws every other member out.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.lock import only_run
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.machine import Machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.quorum import majority
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.service import Service
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.host_options import DATA_DIR_OPTION
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.verdict import label
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import DATA_DIR, NodeSpec, NodeState

SERVICE = "k0scontroller"
DROP_IN = "mke4k-recover.conf"
SETTING = "[Service]\nEnvironment=ETCD_FORCE_NEW_CLUSTER=true\n"
KEEP = "/var/lib/mke4k-recovery"
PAUSE = 0.5
PATIENCE = 15.0
RECOVER: Dict[str, Any] = {
    **DATA_DIR_OPTION,
    "keep": {"type": "path", "default": KEEP},
    "timeout": {"type": "int", "default": 120},
}


@dataclass(frozen=True)
class Recovery:
    """`read_etcd`: etcd as the member on this host sees it. `stamp`: the time as part of a name."""

    machine: Machine
    read_etcd: Callable[[], Mapping[str, Any]]
    stamp: Callable[[], str]
    data_dir: str = DATA_DIR
    keep: str = KEEP
    timeout: float = 120.0

    def run(self, dry_run: bool = False) -> Dict[str, Any]:
        with only_run(self.machine.paths.lock, self.machine.clock.now, self.machine.clock.sleep):
            return self._run(dry_run)

    def _run(self, dry_run: bool) -> Dict[str, Any]:
        service = self.machine.service(SERVICE)
        drop_in = self._drop_in(service)
        self._require_data()
        etcd = self._settled()
        members = list(etcd.get("members") or [])
        if etcd.get("healthy") and not os.path.exists(drop_in):
            return {"changed": False, "kept": "", "members_before": members, "members": members}
        if not etcd.get("healthy"):
            _require_loss(etcd)
        kept = os.path.join(self.keep, f"etcd-{self.stamp()}")
        if dry_run:
            return {"changed": True, "kept": kept, "members_before": members, "members": []}
        if etcd.get("healthy"):
            kept = ""
        else:
            self._start_alone(service, drop_in, kept)
        return {
            "changed": True,
            "kept": kept,
            "members_before": members,
            "members": self._start_as_always(service, drop_in),
        }

    def _drop_in(self, service: Service) -> str:
        if service.manager != "systemd":
            raise K0sError(
                f"etcd cannot be made a new cluster under {service.manager}: only systemd is supported here. Nothing"
                " was changed. Restore a backup instead (mke4k.core.restore)"
            )
        return os.path.join(self.machine.paths.systemd_running, f"{SERVICE}.service.d", DROP_IN)

    def _require_data(self) -> None:
        path = f"{self.data_dir}/etcd/member/snap/db"
        if not os.path.exists(path):
            raise K0sError(
                f"there is no data of etcd on this host ({path}), so no cluster can be made of it. Name a controller"
                " that has some, or restore a backup (mke4k.core.restore)"
            )

    def _settled(self) -> Mapping[str, Any]:
        """etcd, when an election or a start that is just going on has had its time."""
        end = self.machine.clock.now() + PATIENCE
        while True:
            etcd = self.read_etcd()
            if etcd.get("healthy") or self.machine.clock.now() >= end:
                return etcd
            self.machine.clock.sleep(PAUSE)

    def _start_alone(self, service: Service, drop_in: str, kept: str) -> None:
        service.stop()
        self._copy(kept)
        files.write(drop_in, SETTING, mode="0644")
        service.reload()
        service.forget_failure()
        service.start()
        self._wait("etcd did not become a cluster of its own", lambda: alone(self.read_etcd()), service)

    def _start_as_always(self, service: Service, drop_in: str) -> List[Mapping[str, Any]]:
        files.remove(drop_in)
        service.reload()
        service.forget_failure()
        service.restart()
        spec = NodeSpec("controller", "", data_dir=self.data_dir)
        self._wait("the API server did not come back", lambda: serves(self.machine.read_progress(spec, True)), service)
        return list(self.read_etcd().get("members") or [])

    def _copy(self, kept: str) -> None:
        source = f"{self.data_dir}/etcd"
        size = sum(
            os.path.getsize(os.path.join(folder, name)) for folder, _folders, names in os.walk(source) for name in names
        )
        files.make_folder(self.keep, "0700", "root", "root")
        free = shutil.disk_usage(self.keep).free
        if free < size:
            raise K0sError(
                f"the data of etcd ({size >> 20} MiB) could not be kept in {self.keep}: {free >> 20} MiB are free. k0s"
                " is stopped and nothing else was changed. Make room, or set `keep` to another place, and run again"
            )
        with files.told(kept):
            shutil.copytree(source, kept)

    def _wait(self, failure: str, done: Callable[[], str], service: Service) -> None:
        end = self.machine.clock.now() + self.timeout
        while True:
            lack = done()
            if not lack:
                return
            if self.machine.clock.now() >= end:
                last = (service.log() or ["nothing"])[-1]
                raise K0sError(
                    f"{failure} within {self.timeout:g} s: {lack}. The last line of k0s' log is: {last}. Its data as it"
                    f" was is in {self.keep}; run again when the cause is gone"
                )
            self.machine.clock.sleep(PAUSE)


def alone(etcd: Mapping[str, Any]) -> str:
    """What is missing until etcd is a cluster of this one member; empty when nothing is."""
    members = list(etcd.get("members") or [])
    if not etcd.get("healthy"):
        return str(etcd.get("error") or "etcd does not answer")
    return "" if len(members) == 1 else f"etcd still has {len(members)} members"


def serves(state: NodeState) -> str:
    """What is missing until the API server of this controller serves."""
    if state.running is None:
        return "k0s does not answer on its status socket yet"
    if state.ready or state.node is not None:  # a Node that can be seen was told by the API
        return ""
    return state.ready_message or "/readyz does not answer"


def _require_loss(etcd: Mapping[str, Any]) -> None:
    """A quorum that is only late must not be thrown away."""
    members = list(etcd.get("members") or [])
    answering = [item for item in members if item.get("answers")]
    if members and len(answering) >= majority(len(members)):
        names = ", ".join(label(item) for item in answering)
        raise K0sError(
            f"nothing was recovered: {names} answer, which are {len(answering)} of {len(members)} members and enough"
            f" for a quorum. etcd says: {etcd.get('error') or 'nothing'}. Wait until it has settled, or see k0s' log"
        )
