# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import os
import subprocess
from pathlib import Path
from typing import Tuple

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command, signature
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.binary import Source
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import VERSION, FakeHost
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.server import FileServer


def key_pair(folder: Path, name: str = "key") -> Tuple[str, str]:
    private, public = folder / f"{name}.pem", folder / f"{name}.pub"
    new = ["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(private)]
    subprocess.run(new, check=True)
    subprocess.run(["openssl", "ec", "-in", str(private), "-pubout", "-out", str(public)], check=True, stderr=-3)
    return str(private), public.read_text()


def signed(private: str, data: bytes) -> bytes:
    done = subprocess.run(
        ["openssl", "dgst", "-sha256", "-sign", private], input=data, check=True, stdout=subprocess.PIPE
    )
    return base64.b64encode(done.stdout)


@pytest.fixture
def keys(tmp_path: Path) -> Tuple[str, str]:
    return key_pair(tmp_path)


def test_a_good_signature_lets_the_binary_in(host: FakeHost, server: FileServer, keys: Tuple[str, str]) -> None:
    url = server.serve("/k0s", host.k0s())
    server.serve("/k0s.sig", signed(keys[0], host.k0s()))
    Source(host.binary_spec(url=url, public_key=keys[1]), VERSION, host.time.sleep).stage()
    assert server.requests == ["/k0s", "/k0s.sig"]
    assert len(os.listdir(host.paths_of("/usr/local/bin"))) == 1


def test_a_signature_beside_a_file_on_the_host_is_used(host: FakeHost, keys: Tuple[str, str]) -> None:
    spec = host.binary_spec(public_key=keys[1])
    with pytest.raises(K0sError, match=r"there is no .*k0s-download\.sig"):
        Source(spec, VERSION, host.time.sleep).stage()
    Path(f"{spec.staged}.sig").write_bytes(signed(keys[0], host.k0s()))
    Source(spec, VERSION, host.time.sleep).stage()


def test_a_signature_of_another_key_keeps_the_binary_out(
    host: FakeHost, server: FileServer, keys: Tuple[str, str], tmp_path: Path
) -> None:
    other, _public = key_pair(tmp_path, "other")
    url = server.serve("/sig", signed(other, host.k0s()))
    spec = host.binary_spec(public_key=keys[1], signature_url=url)
    with pytest.raises(K0sError, match="does not fit the public key"):
        Source(spec, VERSION, host.time.sleep).stage()
    assert os.listdir(host.paths_of("/usr/local/bin")) == []
    assert host.calls == []


def test_a_staged_binary_is_checked_against_the_key_too(host: FakeHost, server: FileServer) -> None:
    Source(host.binary_spec(), VERSION, host.time.sleep).stage()
    spec = host.binary_spec(public_key="no key", signature_url=server.serve("/sig", base64.b64encode(b"nothing")))
    with pytest.raises(K0sError, match="does not fit the public key"):
        Source(spec, VERSION, host.time.sleep).stage()


def test_a_signature_that_is_no_base64_is_named() -> None:
    with pytest.raises(K0sError, match=r"https://x/k0s\.sig is no signature: it is not base64"):
        signature.decode("<html>", "https://x/k0s.sig")


def test_a_host_without_openssl_is_told_what_to_install(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find", lambda name: None)
    with pytest.raises(K0sError, match="Install the package openssl"):
        signature.verify("/k0s", b"", "key", "k0s", "/tmp")
