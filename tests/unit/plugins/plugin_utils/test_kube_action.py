# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way to the API an action takes, and what becomes of errors."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, ConfigError, Finding
from ansible_collections.mke4k.core.plugins.module_utils._kube import client
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, NoCluster, NotReachable
from ansible_collections.mke4k.core.plugins.plugin_utils import _kube_action
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action

ADMIN = """
apiVersion: v1
kind: Config
current-context: Default
contexts: [{name: Default, context: {cluster: local, user: user}}]
clusters: [{name: local, cluster: {server: 'https://localhost:6443'}}]
users: [{name: user, user: {token: hush}}]
"""


class Probe(KubeAction):
    """Does what the test says."""

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        return dict(self.does())


class Ssh(SimpleNamespace):
    def get_option(self, _name: str) -> str:
        return "ssh"

    def _build_command(self, *words: str) -> list[bytes]:
        return [word.encode() for word in words]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KUBECONFIG", "K8S_AUTH_KUBECONFIG", "K8S_AUTH_HOST", "KUBERNETES_SERVICE_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def probe(folder: Path, does: Any = lambda: {"changed": False}, *, ssh: bool = False, **arguments: Any) -> Any:
    found = action(Probe, folder, arguments)
    found.does = does
    if ssh:
        found._connection = Ssh(**vars(found._connection), ansible_name="ssh", host="10.0.0.1")
        found._low_level_execute_command = lambda *_all, **_options: {"rc": 0}
    return found


def opened(found: Any, result: dict[str, Any] | None = None) -> dict[str, Any]:
    """Runs the action, which opens the API and says what it got."""

    def does() -> dict[str, Any]:
        transport = found.api._transport
        return {"server": transport.server, "name": transport._credentials.tls_server_name, "changed": False}

    found.does = does
    return dict(found.run(task_vars={}))


def test_a_kubeconfig_whose_server_answers_is_used_directly(tmp_path: Path, port: int) -> None:
    kubeconfig = ADMIN.replace("localhost:6443", f"127.0.0.1:{port}")
    result = opened(probe(tmp_path, ssh=True, kubeconfig=kubeconfig))
    assert (result["server"], result["name"]) == (f"https://127.0.0.1:{port}", "")


def test_a_kubeconfig_whose_server_is_out_of_reach_goes_through_the_connection(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = int(server.getsockname()[1])
    # The tunnel takes a free port of another address: it cannot be this one by chance.
    kubeconfig = ADMIN.replace("localhost:6443", f"127.0.0.2:{closed}")
    result = opened(probe(tmp_path, ssh=True, kubeconfig=kubeconfig))
    assert result["server"].startswith("https://127.0.0.1:")
    assert result["name"] == "127.0.0.2"


def test_without_a_kubeconfig_that_of_the_controller_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def read(_action: Any, _vars: Any, **where: Any) -> str:
        asked.append(where)
        return ADMIN

    monkeypatch.setattr(_kube_action, "read_admin_kubeconfig", read)
    result = opened(probe(tmp_path, ssh=True, k0s_data_dir="/data/k0s"))
    assert result["name"] == "localhost"
    assert result["server"].startswith("https://127.0.0.1:")
    assert asked == [{"data_dir": "/data/k0s", "binary_path": "/usr/local/bin/k0s"}]


def test_a_tunnel_is_led_through_no_proxy_and_reaches_ipv6_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://192.0.2.1:3128")
    found = probe(tmp_path, ssh=True, access="connection", kubeconfig=ADMIN.replace("localhost", "[fd00::1]"))
    found.does = lambda: {"proxy": found.api._transport._credentials.proxy, "way": found._tunnel.explain()}
    result = found.run(task_vars={})
    assert (result["proxy"], "to [fd00::1]:6443 as that host" in result["way"]) == ("", True)


def test_a_server_behind_a_proxy_needs_no_tunnel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://192.0.2.1:3128")
    kubeconfig = ADMIN.replace("localhost", "mke.example.com")
    assert opened(probe(tmp_path, ssh=True, kubeconfig=kubeconfig))["server"] == "https://mke.example.com:6443"


def test_a_local_connection_asks_the_usual_places(tmp_path: Path) -> None:
    (tmp_path / ".kube").mkdir()
    (tmp_path / ".kube" / "config").write_text(ADMIN)
    assert opened(probe(tmp_path))["server"] == "https://localhost:6443"


def test_where_nothing_says_where_the_api_is_the_message_does(tmp_path: Path) -> None:
    result = opened(probe(tmp_path))
    assert result["failed"]
    assert "K8S_AUTH_KUBECONFIG" in result["msg"]


def test_in_check_mode_there_may_be_no_cluster_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_kube_action, "read_admin_kubeconfig", lambda *_all, **_where: "")
    found = probe(tmp_path, ssh=True)
    found.does = lambda: {"changed": found.api_or_none is None}
    found._task.check_mode = True
    assert found.run(task_vars={})["changed"]
    found._task.check_mode = False
    assert "There is no cluster yet" in found.run(task_vars={})["msg"]


def test_a_connection_that_fails_is_told(tmp_path: Path) -> None:
    found = probe(tmp_path, ssh=True, kubeconfig=ADMIN, access="connection")
    found._low_level_execute_command = lambda *_all, **_options: {"rc": 255, "stderr": "no route"}
    with pytest.raises(AnsibleError, match="no route"):
        opened(found)


@pytest.mark.parametrize("error", [KubeError("broken", ref="x"), NotReachable("broken"), NoCluster("broken")])
def test_an_error_becomes_a_failure_that_says_all(tmp_path: Path, error: KubeError) -> None:
    def fail() -> None:
        raise error

    result = probe(tmp_path, fail).run(task_vars={})
    assert result["failed"]
    assert result["msg"].startswith("broken")


def test_mistakes_in_mke4_yaml_are_listed(tmp_path: Path) -> None:
    def fail() -> None:
        raise ConfigError([Finding(ERROR, "x", "spec.a", "is wrong")])

    result = probe(tmp_path, fail).run(task_vars={})
    assert result["findings"][0]["path"] == "spec.a"


def test_the_result_counts_requests(tmp_path: Path) -> None:
    assert opened(probe(tmp_path, kubeconfig=ADMIN))["api_requests"] == 0


def test_no_key_is_left_in_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    data = base64.b64encode(b"secret key").decode()
    keyed = ADMIN.replace("{token: hush}", f"{{client-key-data: {data}, client-certificate-data: {data}}}")
    found = probe(tmp_path, kubeconfig=keyed)
    found.does = lambda: {"files": len(list(tmp_path.iterdir())), "server": found.api.server, "changed": False}
    found.run(task_vars={})
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_without_the_package_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "KUBERNETES_MISSING", "ImportError")
    assert "pip install kubernetes" in opened(probe(tmp_path, kubeconfig=ADMIN))["msg"]
