# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the running k0s tells about itself on its status socket.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import socket
from typing import Any, Dict, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import NoAnswer, NotReadable
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import STATUS_SOCKET, RunningState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.http import Request, deadline, exchange, reason_of
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.process import started_at

TIMEOUT = 3.0


def read_status(path: str = STATUS_SOCKET, timeout: float = TIMEOUT) -> Optional[Dict[str, Any]]:
    """The status in k0s' own words; None where k0s does not run or does not serve its status yet."""
    if not os.path.exists(path):
        return None
    end = deadline(timeout)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        try:
            connection.connect(path)
        except PermissionError as error:
            raise NotReadable(path) from error
        except OSError as error:
            if isinstance(error, (ConnectionRefusedError, FileNotFoundError)):
                return None  # the socket of a k0s that has ended
            raise NoAnswer(f"the status socket {path} gave no answer: {reason_of(error)}") from error
        answer = exchange(connection, Request(where=f"the status socket {path} ", path="/status"), end)
    if answer.status != 200:
        raise NoAnswer(f"the status socket {path} answered with HTTP {answer.status}")
    found = answer.json(f"the status socket {path}")
    return found if isinstance(found, dict) else None


def running_state(status: Mapping[str, Any]) -> RunningState:
    """The status in our words."""
    connection = status.get("WorkerToAPIConnectionStatus") or {}
    variables = status.get("K0sVars") or {}
    pid = int(status.get("Pid") or 0)
    return RunningState(
        version=str(status.get("Version") or ""),
        role=str(status.get("Role") or ""),
        pid=pid,
        started_at=started_at(pid),
        workloads=bool(status.get("Workloads")),
        single_node=bool(status.get("SingleNode")),
        arguments=tuple(status.get("Args") or ())[2:],
        data_dir=str(variables.get("DataDir") or RunningState.data_dir),
        cluster_config=dict(status.get("ClusterConfig") or {}),
        connected=bool(connection.get("Success")),
        connection_message=str(connection.get("Message") or ""),
    )
