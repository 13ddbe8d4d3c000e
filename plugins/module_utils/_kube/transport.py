# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to one API server over kept connections, each tried once. What came back is told, never judged.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, Mapping, Optional, Protocol, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError

try:
    import urllib3
except ImportError:
    # It comes with the package kubernetes, whose absence is told where the API is opened.
    urllib3 = None  # type: ignore[assignment]

CONNECT_SECONDS = 5.0
# More connections than this are closed again after use.
KEPT_CONNECTIONS = 32


@dataclass(frozen=True)
class Credentials:
    """A server, and how to be let in."""

    server: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    verify: bool = True
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    proxy: str = ""
    tls_server_name: str = ""
    impersonated_groups: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Dict[str, Any]:
        """The object in it; a text that is none becomes the message of a Status."""
        try:
            document = json.loads(self.body or b"{}")
        except ValueError:
            document = None
        if isinstance(document, dict):
            return document
        return {"kind": "Status", "message": self.body[:300].decode("utf-8", "replace").strip()}


class Lost(Exception):
    """No answer, or only a part of one."""


class Sender(Protocol):
    """What an Api needs of a transport."""

    @property
    def server(self) -> str: ...

    def send(self, method: str, path: str, body: Optional[bytes], headers: Mapping[str, str], seconds: float) -> Answer:
        """One request; raises Lost."""

    def lines(self, path: str, seconds: float) -> Lines:
        """A request whose answer comes line by line; raises Lost."""

    def renew(self) -> None:
        """Reads the credentials again."""


class Lines:
    """An answer that goes on. `close` may be called from another thread and ends the iteration."""

    def __init__(self, response: Any) -> None:
        self.status = int(response.status)
        self.headers: Mapping[str, str] = dict(response.headers)
        self._response = response
        self._closed = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        rest = b""
        try:
            for chunk in self._response.stream(65536):
                *whole, rest = (rest + chunk).split(b"\n")
                yield from filter(None, whole)
        except (urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError) as error:
            # A response that another thread has closed fails in one of many ways.
            if not self._closed.is_set():
                raise Lost(str(error)) from error
        if rest.strip() and not self._closed.is_set():
            raise Lost("the answer ended in the middle of a line")

    def read(self) -> bytes:
        try:
            return bytes(self._response.read())
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Lost(str(error)) from error

    def close(self) -> None:
        self._closed.set()
        connection = getattr(self._response, "connection", None) or getattr(self._response, "_connection", None)
        sock = getattr(connection, "sock", None)
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                # The server was faster.
                return
        self._response.close()


class Transport:
    def __init__(self, load: Callable[[], Credentials]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._credentials = load()
        self._pool = _pool(self._credentials)

    @property
    def server(self) -> str:
        return self._credentials.server

    def renew(self) -> None:
        with self._lock:
            self._credentials = self._load()
            self._pool = _pool(self._credentials)

    def send(self, method: str, path: str, body: Optional[bytes], headers: Mapping[str, str], seconds: float) -> Answer:
        response = self._request(method, path, body, headers, seconds, preload=True)
        return Answer(int(response.status), dict(response.headers), bytes(response.data))

    def lines(self, path: str, seconds: float) -> Lines:
        return Lines(self._request("GET", path, None, {}, seconds, preload=False))

    def _request(
        self, method: str, path: str, body: Optional[bytes], headers: Mapping[str, str], seconds: float, preload: bool
    ) -> Any:
        with self._lock:
            credentials, pool = self._credentials, self._pool
        timeout = urllib3.Timeout(connect=min(CONNECT_SECONDS, seconds), read=seconds)
        try:
            return pool.request(
                method,
                credentials.server + path,
                body=body,
                headers=_headers(credentials, headers),
                timeout=timeout,
                retries=False,
                redirect=False,
                preload_content=preload,
            )
        except (urllib3.exceptions.HTTPError, OSError) as error:
            distrust = _distrust(error)
            if distrust:
                raise KubeError(
                    f"The certificate of {credentials.server} is not trusted: {distrust}. Give the authority's"
                    " certificate as ca_cert, or a kubeconfig that has it and a server that the certificate names."
                ) from error
            raise Lost(_words(error)) from error


def _headers(credentials: Credentials, headers: Mapping[str, str]) -> Any:
    """A member of two groups has the header for groups twice."""
    found = urllib3.HTTPHeaderDict({"Accept": "application/json", **credentials.headers, **headers})
    for group in credentials.impersonated_groups:
        found.add("Impersonate-Group", group)
    return found


def _distrust(error: BaseException) -> str:
    """What is wrong with the server's certificate; empty where something else is. Waiting makes none better."""
    seen: Optional[BaseException] = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return str(seen.verify_message or seen).rstrip(".")
        # urllib3's own check of the name; where the class is depends on its version.
        if type(seen).__name__ == "CertificateError":
            return str(seen).rstrip(".")
        reason = getattr(seen, "reason", None)
        first = seen.args[0] if seen.args else None
        inner = [item for item in (reason, first) if isinstance(item, BaseException)]
        seen = inner[0] if inner else seen.__cause__
    return ""


def _words(error: Exception) -> str:
    """urllib3 puts what happened at the end of a long text."""
    reason = getattr(error, "reason", None) or error
    return str(reason).rpartition(">: ")[2] or str(reason)


def _pool(credentials: Credentials) -> Any:
    options: Dict[str, Any] = {
        "maxsize": KEPT_CONNECTIONS,
        "cert_reqs": "CERT_REQUIRED" if credentials.verify else "CERT_NONE",
        "ca_certs": credentials.ca_file or None,
        "cert_file": credentials.cert_file or None,
        "key_file": credentials.key_file or None,
    }
    if credentials.tls_server_name:
        options["server_hostname"] = options["assert_hostname"] = credentials.tls_server_name
    if not credentials.verify:
        options["assert_hostname"] = False
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    if not credentials.proxy:
        return urllib3.PoolManager(**options)
    if not credentials.proxy.startswith("socks"):
        return urllib3.ProxyManager(credentials.proxy, **options)
    try:
        # Where PySocks is missing the import alone warns.
        from urllib3.contrib.socks import SOCKSProxyManager  # noqa: PLC0415
    except ImportError as error:
        raise KubeError(
            f"The proxy {credentials.proxy.partition('@')[2] or credentials.proxy} needs the Python package PySocks on"
            " the control node (pip install PySocks)."
        ) from error
    return SOCKSProxyManager(credentials.proxy, **options)
