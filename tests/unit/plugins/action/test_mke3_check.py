# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An MKE 3 in the process of the test, as its documentation shows its answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.action import mke3_check as plugin
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotReachable
from ansible_collections.mke4k.core.plugins.plugin_utils import _mke3_api
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action

TOML = """
[auth]
  default_new_user_role = "restrictedcontrol"
[cluster_config]
  calico_kdd = true
  kube_proxy_mode = "iptables"
"""


class Handler(BaseHTTPRequestHandler):
    server: Mke3

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/auth/login":
            right = json.loads(body) == {"username": "admin", "password": "right"}
            self._answer(200 if right else 401, self.server.login if right else "{}")
        else:
            self.server.left = self.headers["Authorization"] == "Bearer token-1"
            self._answer(self.server.logout, "")

    def do_GET(self) -> None:
        if self.headers["Authorization"] != "Bearer token-1":
            self._answer(401, "{}")
            return
        status, text = self.server.pages.get(self.path, (404, ""))
        self._answer(status, text)

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_args: Any) -> None:
        """Nobody reads it."""


class Mke3(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.login = json.dumps({"auth_token": "token-1"})
        self.logout = 200
        self.left = False
        self.pages = {
            "/version": (200, json.dumps({"Version": "ucp/3.8.2"})),
            "/api/ucp/config-toml": (200, TOML),
            "/nodes": (200, json.dumps([{"Spec": {"Role": "manager"}, "Description": {"Hostname": "m1"}}])),
            "/api/ucp/backups": (
                200,
                json.dumps([{"fileName": "b.tar", "backupState": "SUCCESS", "completed_at": now}]),
            ),
        }


@pytest.fixture
def mke(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mke3]:
    server = Mke3()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    deployments(monkeypatch, [])
    monkeypatch.setenv("MKE3_PASSWORD", "right")
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def deployments(monkeypatch: pytest.MonkeyPatch, found: Any) -> None:
    """What the Kubernetes API of MKE 3 has; an error where it does not answer."""

    def listed(*_args: Any, **_options: Any) -> Any:
        if isinstance(found, Exception):
            raise found
        return SimpleNamespace(items=found)

    monkeypatch.setattr(_mke3_api, "connect", lambda *_args, **_options: SimpleNamespace(list=listed))


def run(mke: Mke3, folder: Path, **arguments: Any) -> dict[str, Any]:
    given = {"url": f"http://127.0.0.1:{mke.server_port}/", "kubeconfs": [str(folder / "mke.kubeconf")], **arguments}
    return dict(json.loads(json.dumps(action(plugin.ActionModule, folder, given).run(task_vars={}))))


def names(result: dict[str, Any]) -> list[str]:
    return [finding["name"] for finding in result["findings"]]


def test_an_mke3_that_can_be_migrated(mke: Mke3, tmp_path: Path) -> None:
    result = run(mke, tmp_path)
    assert (result["eligible"], names(result), result["target"]) == (True, [], "v4.1.2")
    assert result["mke3"] == {
        "version": "3.8.2",
        "calico_kdd": True,
        "proxier": "iptables",
        "managers": ["m1"],
        "cert_managers": [],
        "unread": {},
    }
    assert mke.left


def test_everything_that_is_in_the_way_is_told_at_once(
    mke: Mke3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployments(monkeypatch, [{"metadata": {"namespace": "certs", "name": "cert-manager"}}])
    (tmp_path / "mke.kubeconf").touch()
    mke.pages["/version"] = (200, json.dumps({"Version": "ucp/3.7.3"}))
    mke.pages["/api/ucp/backups"] = (200, "[]")
    mke.pages["/api/ucp/config-toml"] = (200, '[cluster_config]\nkube_proxy_mode = "ipvs"\n')
    result = run(mke, tmp_path)
    assert not result["eligible"]
    assert names(result) == [
        "mke3-version",
        "mke3-calico-etcd",
        "mke3-proxier",
        "mke3-backup",
        "mke3-cert-manager",
        "mke3-kubeconf",
    ]


def test_what_cannot_be_read_hides_nothing_else(mke: Mke3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deployments(monkeypatch, NotReachable("no answer"))
    mke.pages = {
        "/version": (200, "{}"),
        "/api/ucp/config-toml": (200, "[other]\n"),
        "/nodes": (200, "<html>"),
        "/api/ucp/backups": (500, ""),
    }
    mke.logout = 404
    result = run(mke, tmp_path)
    assert names(result) == ["mke3-not-checked"] * 5
    assert sorted(result["mke3"]["unread"]) == ["backups", "cert-manager", "configuration", "nodes", "version"]
    mke.pages["/api/ucp/config-toml"] = (200, "no toml at all")
    assert "is no TOML" in run(mke, tmp_path)["mke3"]["unread"]["configuration"]


def test_a_wrong_password_and_something_else_than_mke_are_told(mke: Mke3, tmp_path: Path) -> None:
    refused = run(mke, tmp_path, password="wrong")
    assert refused["failed"]
    assert "was refused: 401" in refused["msg"]
    assert "wrong" not in refused["msg"].replace("was refused", "")
    mke.login = "{}"
    assert "gave no auth_token. Is it an MKE 3?" in run(mke, tmp_path)["msg"]
    mke.login = "<html>"
    assert "no JSON. Is it an MKE 3?" in run(mke, tmp_path)["msg"]


def test_a_server_that_is_away_is_told(mke: Mke3, tmp_path: Path) -> None:
    result = run(mke, tmp_path, url="http://127.0.0.1:9")
    assert "got no answer" in result["msg"]


def test_a_place_a_password_and_a_known_target_are_needed(
    mke: Mke3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AnsibleError, match=r"target: .*is not a known MKE release"):
        run(mke, tmp_path, target="v9")
    with pytest.raises(AnsibleError, match="url is missing"):
        run(mke, tmp_path, url="")
    monkeypatch.delenv("MKE3_PASSWORD")
    with pytest.raises(AnsibleError, match="password is missing"):
        run(mke, tmp_path)


def test_the_kubernetes_api_is_asked_with_the_token_of_mke(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def connected(access: Any, **_options: Any) -> Any:
        asked.append(access)
        return SimpleNamespace(list=lambda *_args, **_options: SimpleNamespace(items=[]))

    monkeypatch.setattr(_mke3_api, "connect", connected)
    session = _mke3_api.Session("https://[fd00::1]/", validate_certs=False, ca_path=None)
    session.token = "token-1"
    assert session.cert_managers(6443) == ()
    assert (asked[0].host, asked[0].api_key, asked[0].validate_certs) == ("https://[fd00::1]:6443", "token-1", False)
