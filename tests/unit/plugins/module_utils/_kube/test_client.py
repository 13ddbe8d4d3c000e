# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From kubeconfigs, options and the environment to a server and credentials."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

import kubernetes.config
import pytest
import yaml

from ansible_collections.mke4k.core.plugins.module_utils._kube import client
from ansible_collections.mke4k.core.plugins.module_utils._kube.access import Access
from ansible_collections.mke4k.core.plugins.module_utils._kube.client import credentials
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, NoCluster
from ansible_collections.mke4k.core.plugins.module_utils._kube.transport import Credentials

VARIABLES = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "KUBECONFIG", "KUBERNETES_SERVICE_HOST")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def kubeconfig(user: dict[str, Any] | None = None, cluster: dict[str, Any] | None = None) -> dict[str, Any]:
    contexts = [{"name": name, "context": {"cluster": name, "user": "u"}} for name in ("one", "two")]
    clusters = [
        {"name": name, "cluster": {"server": f"https://{name}:6443", **(cluster or {})}} for name in ("one", "two")
    ]
    users = [{"name": "u", "user": {"token": "t0ken"} if user is None else user}]
    return {"apiVersion": "v1", "kind": "Config", "current-context": "one", "contexts": contexts,
            "clusters": clusters, "users": users}  # fmt: skip


def of(**options: Any) -> Credentials:
    return credentials(Access.of(options, {}))


def test_a_kubeconfig_may_be_a_path_a_mapping_or_text(tmp_path: Path) -> None:
    text = yaml.safe_dump(kubeconfig())
    (tmp_path / "mke.kubeconf").write_text(text, encoding="utf-8")
    for given in (kubeconfig(), text, str(tmp_path / "mke.kubeconf"), "~/mke.kubeconf"):
        found = of(kubeconfig=given)
        assert (found.server, found.headers["Authorization"]) == ("https://one:6443", "Bearer t0ken")
    assert of(kubeconfig=kubeconfig(), context="two").server == "https://two:6443"


def test_the_usual_file_serves_where_nothing_is_given(tmp_path: Path) -> None:
    (tmp_path / ".kube").mkdir()
    (tmp_path / ".kube/config").write_text(yaml.safe_dump(kubeconfig()), encoding="utf-8")
    assert of(context="two").server == "https://two:6443"


def test_a_kubeconfig_is_never_written_to(tmp_path: Path) -> None:
    path = tmp_path / "mke.kubeconf"
    path.write_text(yaml.safe_dump(kubeconfig()), encoding="utf-8")
    before = path.stat().st_mtime_ns
    of(kubeconfig=str(path), context="two")
    assert path.stat().st_mtime_ns == before


def test_what_awx_injects_is_enough(tmp_path: Path) -> None:
    (tmp_path / "ca").write_text("ca", encoding="utf-8")
    environ = {"K8S_AUTH_HOST": "https://mke:6443/", "K8S_AUTH_API_KEY": "k3y", "K8S_AUTH_VERIFY_SSL": "True",
               "K8S_AUTH_SSL_CA_CERT": str(tmp_path / "ca")}  # fmt: skip
    found = credentials(Access.of({}, environ))
    assert (found.server, found.headers, found.verify) == ("https://mke:6443", {"Authorization": "Bearer k3y"}, True)
    assert found.ca_file == str(tmp_path / "ca")
    assert not credentials(Access.of({}, {**environ, "K8S_AUTH_VERIFY_SSL": "False"})).verify


def test_options_win_over_the_kubeconfig() -> None:
    found = of(kubeconfig=kubeconfig(), host="https://three", api_key="k3y", proxy="http://p:1", validate_certs=False)
    assert (found.server, found.headers["Authorization"], found.proxy, found.verify) == (
        "https://three", "Bearer k3y", "http://p:1", False)  # fmt: skip


def test_a_user_with_password_logs_in_with_it() -> None:
    header = "Basic " + base64.b64encode(b"admin:hush").decode("ascii")
    assert of(host="https://x", username="admin", password="hush").headers["Authorization"] == header


def test_a_client_certificate_out_of_a_kubeconfig_is_used_and_removed() -> None:
    def coded(text: str) -> str:
        return base64.b64encode(text.encode("ascii")).decode("ascii")

    user = {"client-certificate-data": coded("certificate"), "client-key-data": coded("key")}
    found = of(kubeconfig=kubeconfig(user, {"certificate-authority-data": coded("ca"), "tls-server-name": "mke"}))
    files = [Path(found.cert_file), Path(found.key_file), Path(found.ca_file)]
    assert [path.read_text(encoding="ascii") for path in files] == ["certificate", "key", "ca"]
    assert found.tls_server_name == "mke"
    assert found.headers == {}
    client.remove_files()
    assert not any(path.exists() for path in files)


def test_a_credential_plugin_is_asked_each_time(tmp_path: Path) -> None:
    count = tmp_path / "count"
    script = tmp_path / "plugin.py"
    script.write_text(
        "import json, pathlib\n"
        f"count = pathlib.Path({str(count)!r})\n"
        "count.write_text(count.read_text() + 'x' if count.exists() else 'x')\n"
        "print(json.dumps({'apiVersion': 'client.authentication.k8s.io/v1', 'kind': 'ExecCredential',"
        " 'status': {'token': 't' + count.read_text()}}))\n",
        encoding="utf-8",
    )
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": sys.executable, "args": [str(script)],
              "interactiveMode": "Never"}  # fmt: skip
    access = Access.of({"kubeconfig": kubeconfig({"exec": plugin})}, {})
    assert [credentials(access).headers["Authorization"] for _time in range(2)] == ["Bearer tx", "Bearer txx"]


def test_a_token_file_is_read_each_time(tmp_path: Path) -> None:
    token = tmp_path / "token"
    access = Access.of({"kubeconfig": kubeconfig({"tokenFile": str(token)})}, {})
    seen = []
    for text in ("one", "two"):
        token.write_text(text, encoding="utf-8")
        seen.append(credentials(access).headers["Authorization"])
    assert seen == ["Bearer one", "Bearer two"]


def test_impersonation_is_kept_apart_by_group() -> None:
    found = of(kubeconfig=kubeconfig(), impersonate_user="ann", impersonate_groups=["a", "b"])
    assert (found.headers["Impersonate-User"], found.impersonated_groups) == ("ann", ("a", "b"))


def test_proxies_come_from_the_option_the_kubeconfig_or_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://env:1")
    assert of(kubeconfig=kubeconfig()).proxy == "http://env:1"
    assert of(kubeconfig=kubeconfig(cluster={"proxy-url": "http://file:1"})).proxy == "http://file:1"
    assert of(kubeconfig=kubeconfig(), proxy="http://option:1").proxy == "http://option:1"
    assert of(kubeconfig=kubeconfig(), host="https://127.0.0.1:6443").proxy == ""
    monkeypatch.setenv("NO_PROXY", "one")
    assert of(kubeconfig=kubeconfig()).proxy == ""


def test_a_tunnel_needs_no_proxy_whatever_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://env:1")
    access = Access(kubeconfig=kubeconfig(cluster={"proxy-url": "http://file:1"}), without_proxy=True)
    assert credentials(access).proxy == ""


def test_files_that_cannot_be_read_are_told_at_once() -> None:
    with pytest.raises(KubeError, match=r"client certificate /nowhere/cert and the client key /nowhere/key cannot"):
        of(kubeconfig=kubeconfig(), client_cert="/nowhere/cert", client_key="/nowhere/key")
    with pytest.raises(KubeError, match=r"of no use: .*/nowhere/cert"):
        of(kubeconfig=kubeconfig({"client-certificate": "/nowhere/cert", "client-key": "/nowhere/key"}))
    with pytest.raises(KubeError, match=r"authority's certificate /nowhere/ca cannot be read"):
        of(host="https://x", ca_cert="/nowhere/ca")
    assert of(host="https://x", ca_cert="/nowhere/ca", validate_certs=False).verify is False


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("a: [\n", "is not YAML"),
        ("- a\n- b\n", r"is not a kubeconfig \(kind: Config\)"),
        ({"kind": "Config"}, "The kubeconfig is of no use"),
        (json.dumps({"kind": "Config"}) + "\n", "of no use"),
    ],
)
def test_a_kubeconfig_of_no_use_is_told(given: Any, words: str) -> None:
    with pytest.raises(KubeError, match=words):
        of(kubeconfig=given)


def test_an_unknown_context_is_named() -> None:
    with pytest.raises(KubeError, match=r"of no use.*three"):
        of(kubeconfig=kubeconfig(), context="three")


def test_without_any_way_the_message_names_all_ways() -> None:
    with pytest.raises(NoCluster, match="give kubeconfig, or host and api_key, or K8S_AUTH_KUBECONFIG"):
        of()
    with pytest.raises(NoCluster, match=r"There is no kubeconfig /nowhere/kubeconfig"):
        of(kubeconfig="/nowhere/kubeconfig")


def test_a_pod_uses_its_own_account(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1")

    def load(client_configuration: Any) -> None:
        asked.append(client_configuration)
        client_configuration.host = "https://10.96.0.1:443"

    monkeypatch.setattr(kubernetes.config, "load_incluster_config", load)
    assert of().server == "https://10.96.0.1:443"
    assert len(asked) == 1
