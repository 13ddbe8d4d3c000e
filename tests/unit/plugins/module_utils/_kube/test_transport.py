# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests over real sockets of this machine."""

from __future__ import annotations

import datetime
import http.server
import ipaddress
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.transport import Answer, Credentials, Lost, Transport


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.heads.append(self.headers)  # type: ignore[attr-defined]
        if self.path == "/lines":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"a": 1}\n\n{"b":')
            self.wfile.flush()
            if self.server.whole:  # type: ignore[attr-defined]
                self.wfile.write(b" 2}\n")
            self.close_connection = True
            return
        self.send_response(404 if self.path == "/nothing" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_arguments: Any) -> None:
        """Tests are silent."""


@pytest.fixture
def server() -> Iterator[Any]:
    found: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.heads, found.whole = [], True
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield found
    found.shutdown()
    thread.join()
    found.server_close()


def url(server: Any, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{server.server_address[1]}"


def test_an_answer_is_told_as_it_is(server: Any) -> None:
    transport = Transport(lambda: Credentials(url(server), {"Authorization": "Bearer t"}))
    assert transport.send("GET", "/x", None, {"X-A": "1"}, 5).status == 200
    assert transport.send("GET", "/nothing", None, {}, 5).status == 404
    assert (server.heads[0]["Authorization"], server.heads[0]["X-A"]) == ("Bearer t", "1")
    assert transport.server == url(server)


def test_every_impersonated_group_has_a_header_of_its_own(server: Any) -> None:
    groups = ("system:masters", "developers, all")
    Transport(lambda: Credentials(url(server), impersonated_groups=groups)).send("GET", "/", None, {}, 5)
    assert tuple(server.heads[0].get_all("Impersonate-Group")) == groups


def test_renewed_credentials_count_for_the_next_request(server: Any) -> None:
    tokens = iter(["old", "new"])
    transport = Transport(lambda: Credentials(url(server), {"Authorization": next(tokens)}))
    transport.send("GET", "/", None, {}, 5)
    transport.renew()
    transport.send("GET", "/", None, {}, 5)
    assert [head["Authorization"] for head in server.heads] == ["old", "new"]


def test_lines_come_one_by_one(server: Any) -> None:
    lines = Transport(lambda: Credentials(url(server))).lines("/lines", 5)
    assert (lines.status, list(lines)) == (200, [b'{"a": 1}', b'{"b": 2}'])


def test_half_a_line_is_no_line(server: Any) -> None:
    server.whole = False
    lines = iter(Transport(lambda: Credentials(url(server))).lines("/lines", 5))
    assert next(lines) == b'{"a": 1}'
    with pytest.raises(Lost, match="in the middle of a line"):
        next(lines)


def test_nobody_there_is_weather() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Lost, match="refused"):
        Transport(lambda: Credentials(f"http://127.0.0.1:{port}")).send("GET", "/", None, {}, 5)


def test_a_text_that_is_no_object_becomes_a_message() -> None:
    assert Answer(502, {}, b"<h1>Bad gateway</h1>").json()["message"] == "<h1>Bad gateway</h1>"
    assert Answer(200, {}, b"[]").json()["kind"] == "Status"
    assert Answer(200, {}, b"").json() == {}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate of 127.0.0.1 and mke, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.timezone.utc)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mke")])
    names = x509.SubjectAlternativeName([x509.DNSName("mke"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "server.pem"
    path.write_bytes(built.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def secure(server: Any, certificate: Path) -> Any:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server


@pytest.mark.parametrize("name", ["", "mke", "127.0.0.1"])
def test_a_trusted_certificate_is_checked_against_the_name(secure: Any, certificate: Path, name: str) -> None:
    given = Credentials(url(secure, "https"), ca_file=str(certificate), tls_server_name=name)
    assert Transport(lambda: given).send("GET", "/", None, {}, 5).status == 200


def test_a_certificate_of_another_name_is_refused_at_once(secure: Any, certificate: Path) -> None:
    given = Credentials(url(secure, "https"), ca_file=str(certificate), tls_server_name="other")
    with pytest.raises(KubeError, match=r"certificate of https://127.* is not trusted: .*other"):
        Transport(lambda: given).send("GET", "/", None, {}, 5)


def test_a_certificate_of_an_unknown_authority_is_refused_at_once(secure: Any) -> None:
    with pytest.raises(KubeError, match=r"is not trusted: self.signed certificate.*Give the authority's"):
        Transport(lambda: Credentials(url(secure, "https"))).send("GET", "/", None, {}, 5)


def test_where_nobody_checks_certificates_any_will_do(secure: Any) -> None:
    given = Credentials(url(secure, "https"), verify=False)
    assert Transport(lambda: given).send("GET", "/", None, {}, 5).status == 200


def test_a_proxy_is_asked_for_the_server(server: Any) -> None:
    given = Credentials("http://mke.example.com:6443", proxy=url(server))
    assert Transport(lambda: given).send("GET", "/x", None, {}, 5).status == 200
    assert server.heads[0]["Host"] == "mke.example.com:6443"


def test_a_socks_proxy_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "urllib3.contrib.socks", None)
    with pytest.raises(KubeError, match=r"The proxy p:1080 needs the Python package PySocks"):
        Transport(lambda: Credentials("https://x", proxy="socks5://u:hush@p:1080"))
