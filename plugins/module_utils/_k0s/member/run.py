# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module k0s_member on the host that it runs on.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import socket
import time
from typing import Any, Dict, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import Clock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError, NoAnswer
from ansible_collections.mke4k.core.plugins.module_utils._k0s.host_options import DATA_DIR_OPTION
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.leave import Membership
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.records import Records
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import RunningState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.etcd import Etcd, is_embedded
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.kube_api import as_admin
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.status import read_status, running_state

LISTED, ABSENT, YIELDED = "listed", "absent", "yielded"
MEMBER: Dict[str, Any] = {
    "state": {"type": "str", "choices": [LISTED, ABSENT, YIELDED], "default": LISTED},
    "members": {"type": "list", "elements": "str", "default": []},
    "records": {"type": "list", "elements": "str", "default": []},
    **DATA_DIR_OPTION,
    "timeout": {"type": "int", "default": 60},
}
NO_ETCD: Dict[str, Any] = {"healthy": True, "leader": False, "member_id": "", "members": [], "error": ""}


def this_controller(params: Mapping[str, Any]) -> Tuple[Optional[Membership], Records]:
    """etcd, None where k0s runs none of its own, and the API server of this host."""
    running = _running()
    if running is None or running.role != "controller":
        raise K0sError(
            "no controller of k0s runs on this host, and only one can tell and change who belongs to the cluster."
            " Run the task on a controller that serves"
        )
    clock = Clock(time.monotonic, time.sleep)
    data_dir, timeout = params["data_dir"], float(params["timeout"])
    records = Records(as_admin(data_dir, running.cluster_config).server, clock, timeout)
    if not is_embedded(running.cluster_config, running.single_node):
        return None, records
    return Membership(socket.gethostname().lower(), Etcd(data_dir), clock, timeout), records


def _running() -> Optional[RunningState]:
    status = read_status()
    return running_state(status) if status is not None else None


def carry_out(
    params: Mapping[str, Any], membership: Optional[Membership], records: Records, dry_run: bool = False
) -> Dict[str, Any]:
    """The result of k0s_member for its options."""
    if params["state"] == LISTED:
        return listed(membership, records)
    if params["state"] == YIELDED:
        changed = membership is not None and membership.hand_over(dry_run)
        return {"changed": changed, **_etcd(membership)}
    left = membership.leave(params["members"], dry_run) if membership is not None else []
    forgotten = records.forget(params["records"], dry_run)
    return {"changed": bool(left or forgotten), "left": left, "forgotten": forgotten, **_etcd(membership)}


def listed(membership: Optional[Membership], records: Records) -> Dict[str, Any]:
    """Who belongs to the cluster. An API that does not answer is told and is no failure."""
    found: Dict[str, Any] = {"changed": False, "nodes": [], "records": [], "api_error": "", **_etcd(membership)}
    try:
        found.update(nodes=records.nodes(), records=records.records())
    except NoAnswer as error:
        found["api_error"] = str(error)
    return found


def _etcd(membership: Optional[Membership]) -> Dict[str, Any]:
    return {"etcd": membership.read() if membership is not None else dict(NO_ETCD)}
