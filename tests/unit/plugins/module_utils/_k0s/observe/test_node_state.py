# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import shutil
import socket
import time
from pathlib import Path
from typing import Any, Dict, Iterator

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import (
    BinarySpec,
    DirectorySpec,
    FileSpec,
    NodeSpec,
    NodeState,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe import (
    etcd as etcd_module,
    info,
    node_state,
    receipt,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.node_state import (
    Places,
    node_name,
    progress_for,
    public,
    read_node_state,
    state_for,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.process import start_id
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.service import parse_show
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.hosts import OtherHost, recorded
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.servers import Pki, Web
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.test_etcd import routes
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.test_kube_api import NODE, READY
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.test_status import STATUS

DATA = "/var/lib/k0s"
SOCKET = "/run/k0s/status.sock"
BINARY = "/usr/local/bin/k0s"
PLACES = Places(files=("/var/lib/k0s/audit.yaml", "/none"))
UNITS = parse_show(recorded("systemctl_show.txt"))
# Recorded flags give the node this name.
NAME = "master-1"


class Controller:
    """A host on which a controller with workloads runs: this process."""

    def __init__(self, other: OtherHost, pki: Pki) -> None:
        self.other = other
        old = time.time() - 3600
        other.copy("/etc/systemd/system/k0scontroller.service", "k0scontroller.service")
        other.write("/etc/systemd/system/k0scontroller.service.d/mke4k.conf", "[Service]\n")
        other.write("/etc/k0s/k0s.yaml", "spec: {}\n")
        other.write("/var/lib/k0s/audit.yaml", "a\n")
        other.write("/var/lib/k0s/etcd/member/snap/db")
        shutil.copytree(pki.data_dir / "pki", other.path("/var/lib/k0s/pki"))
        for path in ("/proc", "/usr/local/bin"):
            other.path(path).mkdir(parents=True, exist_ok=True)
        other.path(f"/proc/{os.getpid()}").symlink_to(f"/proc/{os.getpid()}")
        other.write("/proc/sys/kernel/random/boot_id", "boot\n")
        other.path(BINARY).symlink_to(os.path.realpath("/proc/self/exe"))
        for path in ("/etc/k0s/k0s.yaml", "/var/lib/k0s/audit.yaml", "/etc/systemd/system/k0scontroller.service",
                     "/etc/systemd/system/k0scontroller.service.d/mke4k.conf"):  # fmt: skip
            os.utime(other.path(path), (old, old))
        other.path("/run/k0s").mkdir(parents=True)
        self.api_routes: Dict[str, Any] = {"/readyz": (200, b"ok"), f"/api/v1/nodes/{NAME}": (200, READY)}
        self.status = {**STATUS, "K0sVars": {"DataDir": DATA}}

    def config(self, port: int) -> Dict[str, Any]:
        return {"spec": {"storage": {"type": "etcd"}, "api": {"port": port}}}

    def read(self) -> NodeState:
        return read_node_state(PLACES, self.other.root, UNITS)


@pytest.fixture
def controller(other: OtherHost, pki: Pki, monkeypatch: pytest.MonkeyPatch) -> Iterator[Controller]:
    made = Controller(other, pki)
    path = other.path(SOCKET)
    monkeypatch.setattr(node_state, "read_status", lambda _path: status_of(path))

    def status_of(_path: Path) -> Dict[str, Any]:
        return {**made.status, "ClusterConfig": made.config(api.port)}

    with pki.api(made.api_routes) as api, pki.etcd_client(routes()) as etcd:
        monkeypatch.setattr(node_state, "Etcd", lambda data_dir: etcd_module.Etcd(data_dir, port=etcd.port))
        yield made


def test_a_bare_host_is_nothing(other: OtherHost) -> None:
    state = read_node_state(Places(), other.root, {})
    assert state == NodeState(hostname=socket.gethostname().lower())


def test_a_running_controller_is_told_in_full(controller: Controller) -> None:
    state = controller.read()
    assert state.service is not None
    assert state.service.name == "k0scontroller"
    assert state.running is not None
    assert state.running.version == "v1.33.13+k0s.0"
    assert state.binary is not None
    assert state.binary.version == "v1.33.13+k0s.0"
    assert state.joined
    assert (state.ready, state.ready_message) == (True, "")
    assert state.etcd is not None
    assert state.etcd["healthy"]
    assert state.node is not None
    assert state.node["ready"]
    assert list(state.files) == ["/var/lib/k0s/audit.yaml"]
    assert state.certificates
    assert len(state.ca_sha256) == 64
    assert not state.restart_pending


def test_progress_is_what_changes_while_k0s_starts_and_nothing_else(controller: Controller) -> None:
    arguments = (f"--kubelet-extra-args=--hostname-override={NAME}",)
    spec = NodeSpec("controller+worker", "v1.33.13+k0s.0", arguments=arguments)
    state = progress_for(spec, root=controller.other.root)
    whole = controller.read()
    assert (state.running, state.ready, state.etcd, state.node) == (whole.running, True, whole.etcd, whole.node)
    assert (state.files, state.certificates, state.config) == ({}, (), None)


def test_without_the_api_only_etcd_is_asked(controller: Controller) -> None:
    controller.api_routes.clear()
    state = progress_for(NodeSpec("controller+worker", "v1.33.13+k0s.0"), with_api=False, root=controller.other.root)
    assert state.etcd is not None
    assert state.etcd["healthy"]
    assert (state.ready, state.ready_message) == (None, "")


def test_etcd_is_asked_before_k0s_tells_anything_about_itself(
    controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node_state, "read_status", lambda _path: None)
    state = progress_for(NodeSpec("controller", "v1.33.13+k0s.0"), root=controller.other.root)
    assert state.running is None
    assert state.etcd is not None
    assert progress_for(NodeSpec("worker", "v1.33.13+k0s.0"), root=controller.other.root).etcd is None
    assert progress_for(NodeSpec("single", "v1.33.13+k0s.0"), root=controller.other.root).etcd is None


def test_a_node_that_is_not_ready_makes_the_host_not_ready(controller: Controller) -> None:
    controller.api_routes[f"/api/v1/nodes/{NAME}"] = (200, NODE)
    state = controller.read()
    assert state.ready is False
    assert state.ready_message == f"the Node {NAME} is not Ready: KubeletNotReady: cni plugin not initialized"


def test_an_api_that_is_not_ready_is_told_with_its_node(controller: Controller) -> None:
    controller.api_routes["/readyz"] = (500, b"[-]etcd failed: reason withheld\n")
    del controller.api_routes[f"/api/v1/nodes/{NAME}"]
    state = controller.read()
    assert state.ready is False
    assert "etcd failed" in state.ready_message
    assert f"the Node {NAME} does not exist yet" in state.ready_message
    assert state.node is None


def test_a_refused_question_for_the_node_is_told(controller: Controller) -> None:
    controller.api_routes[f"/api/v1/nodes/{NAME}"] = (403, {"message": "forbidden"})
    state = controller.read()
    assert state.ready is False
    assert state.ready_message.endswith("answered with 403: forbidden")


def test_a_controller_without_workloads_has_no_node(controller: Controller) -> None:
    controller.status["Workloads"] = False
    state = controller.read()
    assert state.node is None
    assert state.ready is True


def test_without_an_etcd_of_its_own_there_is_none(controller: Controller) -> None:
    controller.config = lambda port: {"spec": {"storage": {"type": "kine"}, "api": {"port": port}}}  # type: ignore[method-assign]
    assert controller.read().etcd is None


@pytest.mark.parametrize(
    "path", ["/etc/k0s/k0s.yaml", "/var/lib/k0s/audit.yaml", "/etc/systemd/system/k0scontroller.service"]
)
def test_a_file_newer_than_k0s_asks_for_a_restart(controller: Controller, path: str) -> None:
    later = time.time() + 60
    os.utime(controller.other.path(path), (later, later))
    assert controller.read().restart_pending


def test_a_replaced_binary_asks_for_a_restart(controller: Controller) -> None:
    controller.other.path(BINARY).unlink()
    controller.other.write(BINARY, "new")
    state = controller.read()
    assert state.restart_pending
    assert state.binary is not None
    assert state.binary.version == ""


def test_the_receipt_outweighs_times(controller: Controller) -> None:
    """After a change that needs no restart, files are newer than k0s and it is still up to date."""
    later = time.time() + 60
    os.utime(controller.other.path("/var/lib/k0s/audit.yaml"), (later, later))
    state = controller.read()
    assert state.restart_pending
    record = receipt.running_record(start_id(os.getpid(), controller.other.root), state, ["/var/lib/k0s/audit.yaml"])
    controller.other.write("/etc/k0s/mke4k.json", json.dumps({"running": record}))
    assert not controller.read().restart_pending
    controller.other.write("/var/lib/k0s/audit.yaml", "b\n")
    assert controller.read().restart_pending


def test_a_k0s_that_tells_nothing_is_not_running_and_says_why(other: OtherHost) -> None:
    other.path("/run/k0s").mkdir(parents=True)
    with Web({"/status": (500, {})}, socket=other.path(SOCKET)):
        state = read_node_state(Places(), other.root, {})
    assert state.running is None
    assert "the status socket" in state.ready_message


def test_the_status_socket_may_be_elsewhere(other: OtherHost, tmp_path: Path) -> None:
    unit = "[Service]\nExecStart=/opt/k0s worker --status-socket=/s\n"
    other.write("/etc/systemd/system/k0scontroller.service", unit)
    other.write("/etc/systemd/system/k0scontroller.service.d/mke4k.conf", "")
    with Web({"/status": (200, {**STATUS, "Role": "worker", "Pid": 4_000_000})}, socket=other.path("/s")):
        state = read_node_state(Places(), other.root, UNITS)
    assert state.running is not None
    assert state.ready is False
    assert state.ready_message == "the kubelet has no certificate of the cluster yet"
    assert not state.joined


@pytest.mark.parametrize("mark", ["etcd/member/snap/db", "db/state.db", "kubelet.conf"])
def test_a_host_with_the_data_of_a_member_has_joined(other: OtherHost, mark: str) -> None:
    other.write(f"{DATA}/{mark}")
    assert read_node_state(Places(), other.root, {}).joined


@pytest.mark.parametrize(
    ("argument", "name"),
    [
        ("--kubelet-extra-args=--node-ip=1.2.3.4 --hostname-override=N1.Example", "n1.example"),
        ('--kubelet-extra-args="--hostname-override N2"', "n2"),
        ("--labels=--hostname-override=no", "host"),
    ],
)
def test_a_node_is_named_as_the_kubelet_names_it(argument: str, name: str) -> None:
    state = NodeState.from_dict({"hostname": "host", "service": {"name": "k0sworker", "arguments": [argument]}})
    assert node_name(state) == name


def test_what_a_module_returns_has_no_secret_variables() -> None:
    service = {"name": "k0sworker", "environment": {"PROXY_PASSWORD": "hunter2", "NO_PROXY": "x"}}
    running = {"version": "v1", "role": "controller", "pid": 1, "cluster_config": {"password": "hunter2"}}
    told = public(NodeState.from_dict({"service": service, "running": running}))
    assert "hunter2" not in json.dumps(told)
    assert told["service"]["environment"]["NO_PROXY"] == "x"
    assert NodeState.from_dict(told).service is not None


def test_a_spec_names_the_files_that_are_read(tmp_path: Path) -> None:
    (tmp_path / "quiet").write_text("x")
    spec = NodeSpec(
        "worker", "v1", files=(FileSpec(f"{tmp_path}/quiet", "x", restart=False),),
        directories=(DirectorySpec(str(tmp_path)),), binary=BinarySpec(path=f"{tmp_path}/k0s"), data_dir=str(tmp_path),
    )  # fmt: skip
    assert set(state_for(spec).files) == {f"{tmp_path}/quiet", str(tmp_path)}


def test_one_look_gives_node_and_host(other: OtherHost, monkeypatch: pytest.MonkeyPatch) -> None:
    params = {"data_dir": DATA, "binary_path": BINARY, "files": [], "reference_time": 12.5}
    bare = info.look(params, other.root)
    assert bare["host"]["reference_time"] == 12.5
    assert bare["node"]["running"] is None
    other.write("/run/systemd/system/.keep")
    other.copy("/etc/systemd/system/k0scontroller.service", "k0scontroller.service")
    monkeypatch.setattr(info, "ask_systemd", lambda _units: UNITS)
    found = info.look(params, other.root)
    assert found["node"]["service"]["name"] == "k0scontroller"
    assert found["host"]["firewall"]["firewalld"]
    json.dumps(found)
