# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.worker_api import redirect
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, NodeState
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeHost

OLD, NEW = "https://10.0.0.1:6443", "https://10.0.0.2:6443"
KUBECONFIG = """\
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Zm9v
    server: {server}
  name: default
"""


@pytest.fixture
def worker(host: FakeHost) -> FakeHost:
    """A worker that runs and talks to the old server."""
    data_dir = Path(host.paths_of("/var/lib/k0s"))
    data_dir.mkdir(parents=True)
    kubelet_conf(host).write_text(KUBECONFIG.format(server=OLD))
    kubelet_conf(host).chmod(0o640)
    unit = Path(host.paths.systemd_units, "k0sworker.service")
    unit.parent.mkdir(parents=True)
    unit.write_text(f"ExecStart=k0s worker {json.dumps([])}")
    binary = Path(host.paths_of("/usr/local/bin/k0s"))
    binary.parent.mkdir(parents=True)
    binary.write_bytes(host.k0s())
    host.set(active=True)
    return host


def kubelet_conf(host: FakeHost) -> Path:
    return Path(host.paths_of("/var/lib/k0s/kubelet.conf"))


def redirected(host: FakeHost, server: str = NEW, dry_run: bool = False) -> Dict[str, Any]:
    machine = host.machine
    read = machine.read_state
    path = host.paths_of("/usr/local/bin/k0s")

    def state(spec: NodeSpec) -> NodeState:
        return read(replace(spec, binary=replace(spec.binary, path=path)))

    here = replace(machine, read_state=state, read_progress=lambda spec, _api: state(spec))
    params = {"server": server, "data_dir": host.paths_of("/var/lib/k0s"), "timeout": 30}
    return redirect(params, here, dry_run)


def test_the_server_is_written_and_k0s_restarted(worker: FakeHost) -> None:
    found = redirected(worker)
    assert found == {"changed": True, "before": OLD, "server": NEW, "restarted": True}
    assert kubelet_conf(worker).read_text() == KUBECONFIG.format(server=NEW)
    assert kubelet_conf(worker).stat().st_mode & 0o777 == 0o640
    assert worker.called("systemctl", "restart") == [["systemctl", "restart", "k0sworker.service"]]


def test_a_second_time_changes_nothing(worker: FakeHost) -> None:
    redirected(worker)
    worker.forget_calls()
    assert not redirected(worker)["changed"]
    assert worker.called("systemctl") == []


def test_check_mode_writes_nothing(worker: FakeHost) -> None:
    assert redirected(worker, dry_run=True)["changed"]
    assert kubelet_conf(worker).read_text() == KUBECONFIG.format(server=OLD)
    assert worker.called("systemctl") == []


def test_a_worker_that_does_not_run_is_not_started(worker: FakeHost) -> None:
    worker.set(active=False)
    assert redirected(worker) == {"changed": True, "before": OLD, "server": NEW, "restarted": False}
    assert worker.called("systemctl") == []


def test_a_k0s_that_waits_for_a_dead_server_and_tells_nothing_is_restarted(worker: FakeHost) -> None:
    worker.never_answers = True
    restarts: list[float] = []

    def answers(now: float) -> None:
        worker.never_answers = not worker.called("systemctl", "restart")
        restarts.append(now)

    worker.time.on_sleep.append(answers)
    assert redirected(worker) == {"changed": True, "before": OLD, "server": NEW, "restarted": True}
    assert restarts
    assert not redirected(worker)["changed"]


def test_a_run_that_was_ended_before_the_restart_is_gone_on_with(worker: FakeHost) -> None:
    kubelet_conf(worker).write_text(KUBECONFIG.format(server=NEW))
    worker.never_answers = True
    worker.time.on_sleep.append(lambda _now: setattr(worker, "never_answers", False))
    assert redirected(worker)["restarted"]


def test_a_node_that_does_not_come_back_is_told(worker: FakeHost) -> None:
    worker.node = {"ready": False, "reason": "KubeletNotReady", "message": "container runtime is down"}
    with pytest.raises(K0sError, match="container runtime is down"):
        redirected(worker)


def test_a_host_that_is_no_worker_is_told(host: FakeHost) -> None:
    with pytest.raises(K0sError, match="no worker that has joined"):
        redirected(host)


def test_a_file_with_two_servers_is_left_alone(worker: FakeHost) -> None:
    kubelet_conf(worker).write_text(KUBECONFIG.format(server=OLD) * 2)
    with pytest.raises(K0sError, match="names 2 servers"):
        redirected(worker)


@pytest.mark.parametrize("server", ["10.0.0.2", "http://10.0.0.2:6443", "https://10.0.0.2:6443/path", "https://"])
def test_only_the_url_of_an_api_server_is_taken(worker: FakeHost, server: str) -> None:
    with pytest.raises(K0sError, match="no URL of an API server"):
        redirected(worker, server)
