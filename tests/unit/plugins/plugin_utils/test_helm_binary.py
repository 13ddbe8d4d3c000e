# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The helm binary is run with the task's own way to the API, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.by_helm import HelmFailed
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.transport import Credentials
from ansible_collections.mke4k.core.plugins.plugin_utils._helm_binary import helm_runner, kubeconfig_of

WAY = Credentials("https://10.0.0.1:6443", {"Authorization": "Bearer s3cret"}, ca_file="/ca.crt")


def program(folder: Path, text: str) -> str:
    path = folder / "helm"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_helm_gets_a_private_kubeconfig_that_is_gone_afterwards(tmp_path: Path) -> None:
    helm = program(tmp_path, 'echo "$KUBECONFIG"; cat')
    with helm_runner(helm, WAY, os.environ) as run:
        printed, _end, text = run(["x"], "values").partition("\n")
        kubeconfig = Path(printed)
        assert text == "values"
        assert stat.S_IMODE(kubeconfig.stat().st_mode) == 0o600
        assert json.loads(kubeconfig.read_text(encoding="utf-8")) == kubeconfig_of(WAY)
    assert not kubeconfig.exists()


def test_what_helm_says_when_it_fails_is_kept(tmp_path: Path) -> None:
    helm = program(tmp_path, 'echo "Error: no such chart $1" >&2; exit 1')
    with helm_runner(helm, WAY, os.environ) as run, pytest.raises(HelmFailed, match=r"^no such chart x$"):
        run(["x"], "")


def test_a_missing_binary_is_told_with_the_ways_out(tmp_path: Path) -> None:
    with pytest.raises(KubeError, match="engine: k0s"), helm_runner(str(tmp_path / "helm"), WAY, os.environ):
        pass


def only(found: dict[str, Any], what: str) -> dict[str, Any]:
    inner: dict[str, Any] = found[f"{what}s"][0][what]
    return inner


def test_a_token_and_an_authority_are_passed_on() -> None:
    found = kubeconfig_of(WAY)
    assert only(found, "cluster") == {
        "server": "https://10.0.0.1:6443",
        "insecure-skip-tls-verify": False,
        "certificate-authority": "/ca.crt",
    }
    assert only(found, "user") == {"token": "s3cret"}


def test_a_certificate_a_tunnel_a_proxy_and_another_user_are_passed_on() -> None:
    way = Credentials(
        "https://127.0.0.1:1",
        {"Impersonate-User": "jane"},
        cert_file="/c.crt",
        key_file="/c.key",
        proxy="http://p:1",
        tls_server_name="k0s.test",
        impersonated_groups=("a", "b"),
    )
    found = kubeconfig_of(way)
    assert only(found, "cluster")["tls-server-name"] == "k0s.test"
    assert only(found, "cluster")["proxy-url"] == "http://p:1"
    certificate = {"client-certificate": "/c.crt", "client-key": "/c.key"}
    assert only(found, "user") == {**certificate, "as": "jane", "as-groups": ["a", "b"]}


def test_an_unverified_server_has_no_authority() -> None:
    found = only(kubeconfig_of(Credentials("https://x", verify=False, ca_file="/ca.crt")), "cluster")
    assert found == {"server": "https://x", "insecure-skip-tls-verify": True}


def test_a_password_for_the_api_is_refused() -> None:
    with pytest.raises(KubeError, match="no user name and password"):
        kubeconfig_of(Credentials("https://x", {"authorization": "Basic abc"}))
