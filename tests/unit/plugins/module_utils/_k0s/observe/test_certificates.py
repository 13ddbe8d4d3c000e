# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe import certificates
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.servers import Authority, Pki


def test_every_certificate_is_told_with_the_first_to_end_at_the_front(tmp_path: Path) -> None:
    pki = Pki(tmp_path)
    client = tmp_path / "root" / "pki" / "kubelet-client-current.pem"
    pki.cluster.issue(client, client, "system:node:n1", days=5)
    (tmp_path / "kubelet.conf").write_text(f"users:\n- user:\n    client-certificate: {client}\n")
    (tmp_path / "pki" / "broken.crt").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    (tmp_path / "pki" / "empty.crt").write_text("")
    found = certificates.read_certificates(str(tmp_path))
    assert found[0] == {
        "path": str(client),
        "subject": "system:node:n1",
        "not_before": "2020-01-01T00:00:00Z",
        "not_after": "2026-11-26T00:00:00Z",
        "written": round(client.stat().st_mtime, 2),
        "renewed_by": "kubelet",
    }
    renewers = {Path(item["path"]).name: item["renewed_by"] for item in found[1:]}
    assert (renewers["ca.crt"], renewers["server.crt"]) == ("hand", "k0s")
    assert {Path(item["path"]).name for item in found[1:]} == {
        "ca.crt", "admin.crt", "server.crt", "apiserver-etcd-client.crt", "peer.crt",
    }  # fmt: skip


def test_the_authority_names_the_cluster_by_its_file(tmp_path: Path) -> None:
    assert certificates.ca_sha256(str(tmp_path)) == ""
    Authority().write_ca(tmp_path / "pki" / "ca.crt")
    content = (tmp_path / "pki" / "ca.crt").read_bytes()
    assert certificates.ca_sha256(str(tmp_path)) == hashlib.sha256(content).hexdigest()


def test_a_worker_knows_its_authority_from_its_kubeconfig(tmp_path: Path) -> None:
    Authority().write_ca(tmp_path / "ca.crt")
    content = (tmp_path / "ca.crt").read_bytes()
    text = f"clusters:\n- cluster:\n    certificate-authority-data: {base64.b64encode(content).decode()}\n"
    (tmp_path / "kubelet.conf").write_text(text)
    assert certificates.ca_sha256(str(tmp_path)) == hashlib.sha256(content).hexdigest()


def test_times_after_2050_are_read(tmp_path: Path) -> None:
    Authority().issue(tmp_path / "a.crt", tmp_path / "a.key", "n", days=365 * 30)
    told = certificates.certificate((tmp_path / "a.crt").read_bytes())
    assert told is not None
    assert told["not_after"].startswith("2056-")


@pytest.mark.parametrize(
    "der", [b"", b"\x30", b"\x04\x01a", b"\x30\x05\x30\x7fabc", b"\x30\x02\x30\x00", b"\x30\x84\xff\xff\xff\xff"]
)
def test_bytes_that_are_no_certificate_are_none(der: bytes) -> None:
    pem = b"-----BEGIN CERTIFICATE-----\n" + base64.b64encode(der) + b"\n-----END CERTIFICATE-----\n"
    assert certificates.certificate(pem) is None
    assert certificates.certificate(b"-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n") is None


def test_an_unknown_kind_of_time_is_none(tmp_path: Path) -> None:
    Authority().issue(tmp_path / "a.crt", tmp_path / "a.key", "n")
    pem = (tmp_path / "a.crt").read_text()
    der = base64.b64decode("".join(pem.splitlines()[1:-1])).replace(b"\x17\x0d", b"\x16\x0d")
    altered = f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(der).decode()}\n-----END CERTIFICATE-----\n"
    assert certificates.certificate(altered.encode()) is None
