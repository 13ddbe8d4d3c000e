# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import socket
from pathlib import Path
from typing import Any, Dict

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import NoAnswer
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.kube_api import (
    KubeApi,
    as_admin,
    as_kubelet,
    epoch,
    lacks_through,
    node_summary,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.tls import Credentials, Server
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.servers import Pki

NODE: Dict[str, Any] = {
    "metadata": {"name": "n1", "labels": {"mke/version": "v4.1.2"}},
    "spec": {"unschedulable": True, "taints": [{"key": "x", "effect": "NoSchedule"}]},
    "status": {
        "conditions": [
            {"type": "MemoryPressure", "status": "False"},
            {
                "type": "Ready",
                "status": "False",
                "reason": "KubeletNotReady",
                "message": "cni plugin not initialized",
                "lastHeartbeatTime": "2026-11-21T03:00:00Z",
            },
        ]
    },
}
READY = {**NODE, "status": {"conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}]}}


def admin(pki: Pki, port: int) -> KubeApi:
    return as_admin(str(pki.data_dir), {"spec": {"api": {"port": port}}})


def kubeconfig(pki: Pki, port: int, **replaced: str) -> str:
    folder = pki.data_dir / "pki"
    values = {
        "certificate-authority-data": base64.b64encode((folder / "ca.crt").read_bytes()).decode(),
        "server": f"https://localhost:{port}",
        "client-certificate": f"{folder}/admin.crt",
        "client-key": f"{folder}/admin.key",
        **replaced,
    }
    return "apiVersion: v1\nclusters:\n- cluster:\n" + "".join(
        f"    {key}: {text}\n" for key, text in values.items() if text
    )


def test_readyz_is_asked_with_the_administrators_certificate(pki: Pki) -> None:
    with pki.api({"/readyz": (200, b"ok")}) as server:
        assert admin(pki, server.port).readyz() == (True, "")


def test_the_failed_checks_of_readyz_are_told(pki: Pki) -> None:
    body = b"[+]ping ok\n[-]etcd failed: reason withheld\n[+]log ok\nreadyz check failed\n"
    with pki.api({"/readyz": (500, body)}) as server:
        ready, message = admin(pki, server.port).readyz()
    assert not ready
    assert message == f"https://127.0.0.1:{server.port}/readyz answered with 500: etcd failed: reason withheld"


def test_the_address_where_others_join_is_asked_in_the_same_way(pki: Pki) -> None:
    with pki.api({"/readyz": (200, b"ok")}) as server:
        assert lacks_through(f"127.0.0.1:{server.port}", str(pki.data_dir)) == ""
    with pki.api({"/readyz": (500, b"[-]etcd failed")}) as server:
        lack = lacks_through(f"127.0.0.1:{server.port}", str(pki.data_dir))
    assert lack.startswith("the API cannot be used at the address where others join it: https://127.0.0.1:")


def test_an_api_server_that_does_not_listen_is_not_ready(pki: Pki) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    ready, message = admin(pki, port).readyz()
    assert not ready
    assert message == f"https://127.0.0.1:{port} gave no answer: connection refused"


def test_another_clusters_server_is_not_believed(pki: Pki, tmp_path: Path) -> None:
    stranger = Pki(tmp_path / "k0s")
    with stranger.api({"/readyz": (200, b"ok")}) as server:
        ready, message = admin(pki, server.port).readyz()
    assert not ready
    assert "certificate verify failed" in message.lower()


def test_missing_certificates_are_no_traceback(tmp_path: Path) -> None:
    ready, message = as_admin(str(tmp_path), {}).readyz()
    assert not ready
    assert message == f"the client certificate {tmp_path}/pki/admin.crt cannot be used: no such file or directory"


def test_a_server_bound_to_one_address_is_asked_there() -> None:
    config = {"spec": {"api": {"onlyBindToAddress": True, "address": "fd00::1", "port": 7443}}}
    assert as_admin("/data", config).server.url == "https://[fd00::1]:7443"


def test_a_node_is_told_with_its_reason_and_heartbeat(pki: Pki) -> None:
    with pki.api({"/api/v1/nodes/n1": (200, NODE)}) as server:
        node = admin(pki, server.port).node("n1")
    assert node == {
        "name": "n1",
        "ready": False,
        "reason": "KubeletNotReady",
        "message": "cni plugin not initialized",
        "heartbeat": 1795230000.0,
        "unschedulable": True,
        "labels": {"mke/version": "v4.1.2"},
        "annotations": {},
        "taints": [{"key": "x", "effect": "NoSchedule"}],
    }


def test_a_node_that_was_just_made_has_not_reported() -> None:
    assert node_summary({"metadata": {"name": "n1"}})["reason"] == "its kubelet has not reported yet"


def test_a_node_that_is_not_there_is_none(pki: Pki) -> None:
    with pki.api({}) as server:
        assert admin(pki, server.port).node("n9") is None


def test_a_refusal_of_the_api_is_told_in_its_words(pki: Pki) -> None:
    refusal = (403, {"message": 'nodes "n1" is forbidden'})
    with pki.api({"/api/v1/nodes/n1": refusal}) as server, pytest.raises(
        NoAnswer, match='403: nodes "n1" is forbidden'
    ):
        admin(pki, server.port).node("n1")


def test_a_worker_asks_with_the_kubelets_certificate(pki: Pki, tmp_path: Path) -> None:
    with pki.api({"/api/v1/nodes/n1": (200, READY)}) as server:
        (tmp_path / "kubelet.conf").write_text(kubeconfig(pki, server.port))
        api = as_kubelet(str(tmp_path))
        assert api is not None
        node = api.node("n1")
    assert node is not None
    assert node["ready"]


def test_a_kubeconfig_may_name_the_file_of_its_authority(pki: Pki, tmp_path: Path) -> None:
    text = kubeconfig(
        pki, 1, **{"certificate-authority-data": "", "certificate-authority": f"{pki.data_dir}/pki/ca.crt"}
    )
    (tmp_path / "kubelet.conf").write_text(text)
    api = as_kubelet(str(tmp_path))
    assert api is not None
    assert api.server.credentials.ca == f"{pki.data_dir}/pki/ca.crt"


def test_a_kubeconfig_in_json_is_read_too(pki: Pki, tmp_path: Path) -> None:
    folder = pki.data_dir / "pki"
    (tmp_path / "kubelet.conf").write_text(
        f'{{"clusters":[{{"cluster":{{"server":"https://10.0.0.1:6443","certificate-authority":"{folder}/ca.crt"}}}}],'
        f'"users":[{{"user":{{"client-certificate":"{folder}/admin.crt","client-key":"{folder}/admin.key"}}}}]}}'
    )
    api = as_kubelet(str(tmp_path))
    assert api is not None
    assert api.server.url == "https://10.0.0.1:6443"


@pytest.mark.parametrize(
    "replaced",
    [
        {"server": ""},
        {"client-certificate": ""},
        {"client-certificate": "/nowhere/kubelet-client-current.pem"},
        {"certificate-authority-data": ""},
        {"certificate-authority-data": "no base64"},
    ],
)
def test_a_kubelet_without_credentials_cannot_ask(pki: Pki, tmp_path: Path, replaced: Dict[str, str]) -> None:
    (tmp_path / "kubelet.conf").write_text(kubeconfig(pki, 1, **replaced))
    assert as_kubelet(str(tmp_path)) is None


def test_no_kubeconfig_means_no_api(tmp_path: Path) -> None:
    assert as_kubelet(str(tmp_path)) is None


def test_a_server_that_ends_the_handshake_gives_no_answer(pki: Pki) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        credentials = Credentials(
            f"{pki.data_dir}/pki/admin.crt", f"{pki.data_dir}/pki/admin.key", f"{pki.data_dir}/pki/ca.crt"
        )
        with pytest.raises(NoAnswer, match="time-out"):
            Server("127.0.0.1", listener.getsockname()[1], credentials).ask("/", timeout=0.1)


def test_a_time_that_is_none_is_zero() -> None:
    assert epoch("yesterday") == 0.0
