# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renews the certificates of one host: k0s issues its own anew at each start, the kubelet those that are nearly over.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import lock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.disk import Disk
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.launch import Launch
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.machine import Machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.readiness import SERVING
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import Request
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BinarySpec, FileSpec, NodeSpec, NodeState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.certificates import BY_KUBELET
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.receipt import read_receipt
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.guards import present_role
from ansible_collections.mke4k.core.plugins.module_utils._k0s.rotate.due import Policy, due, etcd_has_ended

PAUSE = 1.0


@dataclass(frozen=True)
class Renewal:
    """What is asked of one host. `kubelet_timeout`: seconds for the cluster to sign what a kubelet asks for."""

    policy: Policy
    spec: NodeSpec
    peers: Tuple[str, ...] = ()
    wait_for: str = SERVING
    wait_timeout: float = 300.0
    kubelet_timeout: float = 120.0

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Renewal:
        return cls(
            policy=Policy(float(params["before_days"]), float(params["issued_before"])),
            spec=NodeSpec("controller", "", binary=BinarySpec(path=params["binary_path"]), data_dir=params["data_dir"]),
            peers=tuple(params["peers"]),
            wait_for=params["wait_for"],
            wait_timeout=float(params["wait_timeout"]),
            kubelet_timeout=float(params["kubelet_timeout"]),
        )


def renew(
    renewal: Renewal, machine: Machine, dry_run: bool = False, now: Callable[[], float] = time.time
) -> Dict[str, Any]:
    """Restarts k0s where a certificate is due, and sees that it was renewed. The module's result."""
    state = machine.read_state(renewal.spec)
    pending = due(state.certificates, renewal.policy, now())
    if not pending:
        return _result(())
    launch = _launch(renewal, machine, state, len(pending))
    if dry_run:
        return _result(pending)
    restart = [Change("restart", launch.service.name, f"{len(pending)} of its certificates are due")]
    # An etcd whose certificates have ended answers nobody; its restart takes nothing away and is the way back.
    launch.check([] if etcd_has_ended(state.certificates, now()) else restart)
    with lock.only_run(machine.paths.lock, machine.clock.now, machine.clock.sleep):
        launch.perform(restart, Disk(launch.request, machine, state, launch.service))
    final = launch.wait()
    renewed = _wait_until_renewed(renewal, machine, launch.spec, pending, final)
    return _result(pending, renewed, launch.warnings)


def _launch(renewal: Renewal, machine: Machine, state: NodeState, pending: int) -> Launch:
    """A restart of k0s as it is: the same version, the same files."""
    if state.running is None or state.service is None:
        why = f": {state.ready_message}" if state.ready_message else ""
        raise K0sError(
            f"{state.hostname or 'the host'} has {pending} certificates that are due, but k0s does not run there{why}. "
            "Start it with mke4k.core.install: a controller renews its certificates when it starts"
        )
    recorded = (read_receipt(machine.paths.receipt).get("running") or {}).get("parts") or {}
    spec = NodeSpec(
        role=present_role(state) or state.running.role,
        version=state.running.version,
        arguments=state.service.arguments,
        files=tuple(FileSpec(path, "") for path in recorded if path.startswith("/")),
        binary=renewal.spec.binary,
        data_dir=state.running.data_dir,
    )
    request = Request(spec=spec, peers=renewal.peers, wait_for=renewal.wait_for, wait_timeout=renewal.wait_timeout)
    return Launch(request, machine, state, machine.service(state.service.name))


def _wait_until_renewed(
    renewal: Renewal, machine: Machine, spec: NodeSpec, pending: Sequence[Mapping[str, Any]], state: NodeState
) -> List[Dict[str, Any]]:
    """The certificates that took the place of those that were due."""
    end = machine.clock.now() + renewal.kubelet_timeout
    while True:
        old = [item for item in pending if not _replaced(item, state.certificates)]
        if not old:
            paths = {item["path"] for item in pending}
            return [dict(item) for item in state.certificates if item["path"] in paths]
        of_kubelet = all(item["renewed_by"] == BY_KUBELET for item in old)
        if not of_kubelet or machine.clock.now() >= end:
            raise K0sError(_not_renewed(state, old, renewal.kubelet_timeout if of_kubelet else 0.0))
        machine.clock.sleep(PAUSE)
        state = machine.read_state(spec)


def _replaced(old: Mapping[str, Any], present: Sequence[Mapping[str, Any]]) -> bool:
    """Times in certificates are rounded to minutes; the time of the file is not."""
    new = next((item for item in present if item["path"] == old["path"]), None)
    return new is None or any(new[part] != old[part] for part in ("not_before", "not_after", "written"))


def _not_renewed(state: NodeState, old: Sequence[Mapping[str, Any]], waited: float) -> str:
    names = ", ".join(str(item["path"]) for item in old)
    if waited:
        return (
            f"the kubelet on {state.hostname} did not get new certificates within {waited:g} s after its restart: "
            f"{names}. Look at `kubectl get certificatesigningrequests` for those of this node that are not approved "
            "or not signed, and run again"
        )
    return (
        f"k0s on {state.hostname} was restarted and serves, but did not renew {names}. It only renews what "
        "kubernetes-ca, kubernetes-front-proxy-ca and etcd-ca have issued, with the key of that authority beside it: "
        "replace these by hand"
    )


def _result(
    pending: Sequence[Mapping[str, Any]], renewed: Sequence[Mapping[str, Any]] = (), warnings: Sequence[str] = ()
) -> Dict[str, Any]:
    return {
        "changed": bool(pending),
        "due": [dict(item) for item in pending],
        "renewed": [dict(item) for item in renewed],
        "notes": list(warnings),
    }
