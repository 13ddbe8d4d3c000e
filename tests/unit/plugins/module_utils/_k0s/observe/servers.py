# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real servers on a unix socket and over TLS with client certificates, and the certificates for them."""

from __future__ import annotations

import datetime
import ipaddress
import json
import socketserver
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Callable, Dict, Optional, Tuple, Type, Union

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Reply = Tuple[int, Any]
Route = Union[Reply, Callable[[bytes], Reply]]
NOW = datetime.datetime(2026, 11, 21, tzinfo=datetime.timezone.utc)


class Authority:
    """A certificate authority that writes files as k0s does."""

    def __init__(self, name: str = "kubernetes-ca") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._sign(self.name, self.key.public_key(), ca=True, days=3650)

    def _sign(self, subject: x509.Name, public: Any, ca: bool = False, days: int = 365) -> x509.Certificate:
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc))
            .not_valid_after(NOW + datetime.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(self.key, hashes.SHA256())
        )

    def write_ca(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, certificate: Path, key: Path, name: str, days: int = 365) -> None:
        """Certificate and key; into one file where the paths are the same."""
        private = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "system:masters"),
                x509.NameAttribute(NameOID.COMMON_NAME, name),
            ]
        )
        signed = self._sign(subject, private.public_key(), days=days).public_bytes(serialization.Encoding.PEM)
        secret = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        certificate.parent.mkdir(parents=True, exist_ok=True)
        if certificate == key:
            certificate.write_bytes(signed + secret)
        else:
            certificate.write_bytes(signed)
            key.write_bytes(secret)


class Pki:
    """The certificates of a controller below its data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.cluster, self.etcd = Authority("kubernetes-ca"), Authority("etcd-ca")
        pki = data_dir / "pki"
        self.cluster.write_ca(pki / "ca.crt")
        self.etcd.write_ca(pki / "etcd" / "ca.crt")
        for authority, stem, name in (
            (self.cluster, "admin", "kubernetes-admin"),
            (self.cluster, "server", "kubernetes"),
            (self.etcd, "apiserver-etcd-client", "apiserver-etcd-client"),
            (self.etcd, "etcd/peer", "etcd-peer"),
        ):
            authority.issue(pki / f"{stem}.crt", pki / f"{stem}.key", name)

    def context(self, stem: str, ca: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        pki = self.data_dir / "pki"
        context.load_cert_chain(pki / f"{stem}.crt", pki / f"{stem}.key")
        context.load_verify_locations(pki / ca)
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    def api(self, routes: Dict[str, Route]) -> Web:
        return Web(routes, context=self.context("server", "ca.crt"))

    def etcd_client(self, routes: Dict[str, Route]) -> Web:
        return Web(routes, context=self.context("etcd/peer", "etcd/ca.crt"))


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(b"")

    def do_DELETE(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def _answer(self, body: bytes) -> None:
        web: Web = self.server.web  # type: ignore[attr-defined]
        web.asked.append(f"{self.command} {self.path}")
        route = web.routes.get(self.path, (404, {"message": "not found"}))
        status, content = route(body) if callable(route) else route
        if status == 0:  # never answers, until the test ends
            web.end.wait(30)
            return
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        pass

    def address_string(self) -> str:
        return "client"


class _Server(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that are refused or go away are part of the tests."""


class _UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class Web:
    """A server with fixed answers by path; `asked` records the requests. Status 0: it never answers."""

    def __init__(
        self, routes: Dict[str, Route], context: Optional[ssl.SSLContext] = None, socket: Optional[Path] = None
    ) -> None:
        self.routes = routes
        self.asked: list[str] = []
        self.end = threading.Event()
        server: Any = _UnixServer(str(socket), _Handler) if socket else _Server(("127.0.0.1", 0), _Handler)
        self._server = server
        self._server.web = self
        if context is not None:
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Web:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.end.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
