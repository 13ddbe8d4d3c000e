# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets a worker reach the API through another controller.

Without a load balancer a worker talks to the one controller that its token named, for as long as it lives. When that
controller leaves, its workers would be lost although the cluster lives.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import replace
from typing import Any, Dict, Mapping, Optional
from urllib.parse import urlsplit

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files, readiness
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.lock import only_run
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.machine import Machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import wait_until
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.host_options import DATA_DIR_OPTION
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, NodeState

WORKER_API: Dict[str, Any] = {
    "server": {"type": "str", "required": True},
    **DATA_DIR_OPTION,
    "timeout": {"type": "int", "default": 300},
}
SERVICE = "k0sworker"
_SERVER = re.compile(r"^(\s*server:\s*)(\S+)\s*$", re.MULTILINE)


def redirect(params: Mapping[str, Any], machine: Machine, dry_run: bool = False) -> Dict[str, Any]:
    """The result of k0s_worker_api for its options."""
    server = checked_server(params["server"])
    path = f"{params['data_dir']}/kubelet.conf"
    with only_run(machine.paths.lock, machine.clock.now, machine.clock.sleep):
        text = _kubeconfig(path)
        before = _servers(text, path)
        state = machine.read_state(NodeSpec("worker", "", data_dir=params["data_dir"]))
        runs = state.running is not None or (state.service is not None and state.service.active)
        if before == server and (not runs or _is_connected(state)):
            return {"changed": False, "before": before, "server": server, "restarted": False}
        if not dry_run:
            mode = f"{stat.S_IMODE(os.stat(path).st_mode):04o}"
            files.write(path, _SERVER.sub(lambda found: f"{found.group(1)}{server}", text), mode=mode)
            if runs:
                _restart(params, machine, state)
    return {"changed": True, "before": before, "server": server, "restarted": runs}


def checked_server(server: str) -> str:
    parts = urlsplit(server)
    if parts.scheme != "https" or not parts.hostname or parts.path.strip("/"):
        raise K0sError(f"{server} is no URL of an API server. Give one such as https://10.0.0.12:6443")
    return server.rstrip("/")


def _kubeconfig(path: str) -> str:
    text: Optional[str] = files.read(path)
    if text is None:
        raise K0sError(f"{path} is not there: this host is no worker that has joined, so there is nothing to change")
    return text


def _servers(text: str, path: str) -> str:
    found = _SERVER.findall(text)
    if len(found) != 1:
        raise K0sError(f"{path} names {len(found)} servers, and one was expected. Set the right one there by hand")
    return str(found[0][1]).strip("\"'").rstrip("/")


def _is_connected(state: NodeState) -> bool:
    """k0s tells nothing about itself for as long as it waits for an API server that is gone."""
    return state.running is not None and state.running.connected


def _restart(params: Mapping[str, Any], machine: Machine, before: NodeState) -> None:
    """k0s and its kubelet read the file when they start; containers go on meanwhile."""
    arguments = before.running.arguments if before.running else before.service.arguments if before.service else ()
    spec = NodeSpec("worker", "", data_dir=params["data_dir"], arguments=tuple(arguments))
    service = machine.service(SERVICE)
    service.forget_failure()
    service.restart()
    wait_until(
        missing=lambda state: _lacks(spec, state, before.running.pid if before.running else 0),
        read=lambda: machine.read_progress(spec, True),
        service=service,
        timeout=float(params["timeout"]),
        clock=machine.clock,
        exits_before=service.health().exits,
        what=f"the worker, which now reaches the API through {params['server']},",
    )


def _lacks(spec: NodeSpec, state: NodeState, replaced_pid: int) -> str:
    """What is missing until the Node reports again, whatever version of k0s runs."""
    version = state.running.version if state.running else ""
    return readiness.missing(replace(spec, version=version), state, readiness.CONNECTED, replaced_pid)
