# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any, Dict

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import NoAnswer, NotReadable
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.status import read_status, running_state
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.servers import Web

STATUS: Dict[str, Any] = {
    "Version": "v1.33.13+k0s.0",
    "Pid": os.getpid(),
    "PPid": 0,
    "Role": "controller",
    "SysInit": "",
    "StubFile": "",
    "Output": "",
    "Workloads": True,
    "SingleNode": False,
    "Args": ["/usr/local/bin/k0s", "controller", "--config=/etc/k0s/k0s.yaml", "--enable-worker=true"],
    "WorkerToAPIConnectionStatus": {"Message": "", "Success": True},
    "ClusterConfig": {"spec": {"storage": {"type": "etcd"}}},
    "K0sVars": {"DataDir": "/data/k0s"},
}


def test_the_status_of_a_running_k0s_is_read_from_its_socket(tmp_path: Path) -> None:
    path = tmp_path / "status.sock"
    with Web({"/status": (200, STATUS)}, socket=path) as server:
        status = read_status(str(path))
    assert server.asked == ["GET /status"]
    assert status is not None
    running = running_state(status)
    assert (running.version, running.role, running.workloads) == ("v1.33.13+k0s.0", "controller", True)
    assert running.arguments == ("--config=/etc/k0s/k0s.yaml", "--enable-worker=true")
    assert running.data_dir == "/data/k0s"
    assert running.connected
    assert running.started_at > 1.6e9


def test_a_worker_has_no_cluster_config() -> None:
    running = running_state({**STATUS, "Role": "worker", "ClusterConfig": None, "Pid": 4000000})
    assert running.cluster_config == {}
    assert running.started_at == 0.0


def test_no_socket_means_that_k0s_does_not_run(tmp_path: Path) -> None:
    assert read_status(str(tmp_path / "status.sock")) is None


def test_the_socket_of_a_k0s_that_was_killed_means_that_it_does_not_run(tmp_path: Path) -> None:
    path = tmp_path / "status.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    assert read_status(str(path)) is None


def test_a_k0s_that_hangs_is_no_answer_within_the_time_limit(tmp_path: Path) -> None:
    path = tmp_path / "status.sock"
    with Web({"/status": (0, None)}, socket=path), pytest.raises(
        NoAnswer, match=r"status.sock .*gave no answer: time-out"
    ):
        read_status(str(path), timeout=0.1)


def test_an_error_of_k0s_is_told(tmp_path: Path) -> None:
    path = tmp_path / "status.sock"
    with Web({"/status": (500, {})}, socket=path), pytest.raises(NoAnswer, match="answered with HTTP 500"):
        read_status(str(path))


def test_who_may_not_ask_is_told_to_become_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "status.sock"
    path.write_text("")

    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(NotReadable, match="become: true"):
        read_status(str(path))


def test_what_is_no_socket_gives_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "status.sock"
    path.write_text("")

    def fail(*_args: object) -> None:
        raise OSError(91, "Protocol wrong type for socket")

    monkeypatch.setattr(socket.socket, "connect", fail)
    with pytest.raises(NoAnswer, match="protocol wrong type"):
        read_status(str(path))
