# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An OCI registry in memory over TLS, which can misbehave, and archives to fill it with."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import ssl
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Dict, List, Optional, Set, Tuple, Type
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import serialization

from ansible_collections.mke4k.core.plugins.module_utils._oci.client import Access
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.servers import Authority

USER, PASSWORD = "pusher", "s3cret-push"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


class FakeRegistry:
    """`auth` is empty, basic or bearer. `faults` are statuses for the next requests; 0 ends the connection."""

    def __init__(self, folder: Path, auth: str = "") -> None:
        self.blobs: Set[Tuple[str, str]] = set()
        self.manifests: Dict[Tuple[str, str], bytes] = {}
        self.requests: List[str] = []
        self.faults: List[int] = []
        self.auth = auth
        self.mounts = True
        authority = Authority("registry-ca")
        authority.issue(folder / "registry.pem", folder / "registry.pem", "registry")
        self.ca = authority.certificate.public_bytes(serialization.Encoding.PEM).decode()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "registry.pem")
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"registry": self}))
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def access(self, **values: str) -> Access:
        login = {"username": USER, "password": PASSWORD} if self.auth else {}
        return Access(**{"host": self.host, "ca": self.ca, **login, **values})

    def __enter__(self) -> FakeRegistry:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Handler(BaseHTTPRequestHandler):
    registry: FakeRegistry
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith("/token"):
            self._token()
        elif self._may():
            self._reply(200, b"{}")

    def do_HEAD(self) -> None:
        if not self._may():
            return
        _empty, _v2, *middle, kind, name = self.path.split("/")
        repository = "/".join(middle)
        content = self.registry.manifests.get((repository, name))
        if kind == "manifests" and content is not None:
            self._reply(200, headers={"Docker-Content-Digest": digest_of(content)})
        elif kind == "blobs" and (repository, name) in self.registry.blobs:
            self._reply(200)
        else:
            self._reply(404)

    def do_POST(self) -> None:
        if not self._may():
            return
        url = urlsplit(self.path)
        repository = url.path[len("/v2/") : -len("/blobs/uploads/")]
        query = parse_qs(url.query)
        mount = (query.get("from", [""])[0], query.get("mount", [""])[0])
        if mount in self.registry.blobs and self.registry.mounts:
            self.registry.blobs.add((repository, mount[1]))
            self._reply(201)
        else:
            self._reply(202, headers={"Location": f"/v2/{repository}/blobs/uploads/1?state=x"})

    def do_PUT(self) -> None:
        if not self._may():
            return
        url = urlsplit(self.path)
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if "/manifests/" in url.path:
            repository, _slash, tag = url.path[len("/v2/") :].rpartition("/manifests/")
            for name in (tag, digest_of(content)):
                self.registry.manifests[repository, name] = content
        else:
            repository = url.path[len("/v2/") : -len("/blobs/uploads/1")]
            digest = parse_qs(url.query)["digest"][0]
            assert digest_of(content) == digest
            self.registry.blobs.add((repository, digest))
        self._reply(201)

    def _may(self) -> bool:
        """Whether to go on; else the answer was given already."""
        self.registry.requests.append(f"{self.command} {self.path}")
        if self.registry.faults:
            status = self.registry.faults.pop(0)
            self.close_connection = True
            if status:
                self._reply(status, b'{"errors": [{"message": "come back later"}]}', {"Connection": "close"})
            return False
        wanted = {"": None, "basic": _basic(), "bearer": "Bearer a-token"}[self.registry.auth]
        if wanted is None or self.headers.get("Authorization") == wanted:
            return True
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        realm = f'Bearer realm="https://{self.registry.host}/token",service="lab"'
        challenge = realm if self.registry.auth == "bearer" else 'Basic realm="lab"'
        self._reply(401, b'{"errors": [{"code": "UNAUTHORIZED"}]}', {"WWW-Authenticate": challenge})
        return False

    def _token(self) -> None:
        self.registry.requests.append(f"{self.command} {self.path}")
        good = self.headers.get("Authorization") == _basic()
        self._reply(200 if good else 401, b'{"token": "a-token"}' if good else b"no")

    def _reply(self, status: int, body: bytes = b"", headers: Optional[Dict[str, str]] = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Says nothing."""


def _basic() -> str:
    return f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class ArchiveMaker:
    """Makes archives in OCI image layout; the index may come first or, as some programs do, last."""

    def __init__(self, index_last: bool = True) -> None:
        self.blobs: Dict[str, bytes] = {}
        self.manifests: List[Dict[str, Any]] = []
        self.index_last = index_last

    def blob(self, content: bytes) -> Dict[str, Any]:
        digest = digest_of(content)
        self.blobs[digest] = content
        return {"mediaType": "application/octet-stream", "digest": digest, "size": len(content)}

    def image(self, *layers: bytes, name: str = "", listed: bool = True) -> Dict[str, Any]:
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.blob(b'{"architecture": "amd64"}'),
            "layers": [self.blob(layer) for layer in layers],
        }
        return self._list({**self.blob(json.dumps(manifest).encode()), "mediaType": MANIFEST}, name, listed)

    def index(self, *children: Dict[str, Any]) -> Dict[str, Any]:
        content = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": list(children)}).encode()
        return self._list({**self.blob(content), "mediaType": INDEX}, "", True)

    def _list(self, item: Dict[str, Any], name: str, listed: bool) -> Dict[str, Any]:
        if listed:
            notes = {"annotations": {"io.containerd.image.name": name}} if name else {}
            self.manifests.append({**item, **notes})
        return item

    def tar(self) -> bytes:
        index = ("index.json", json.dumps({"schemaVersion": 2, "manifests": self.manifests}).encode())
        parts = [(f"blobs/sha256/{digest.partition(':')[2]}", content) for digest, content in self.blobs.items()]
        layout = ("oci-layout", b'{"imageLayoutVersion": "1.0.0"}')
        return tar_of(*([layout, *parts, index] if self.index_last else [layout, index, *parts]))


def tar_of(*parts: Tuple[str, bytes], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in parts:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()
