# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API of an MKE 3, as far as the check before a migration reads it.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

import tomllib
from ansible.module_utils.urls import ConnectionError as NoConnection, NoSSLError, SSLValidationError, open_url

from ansible_collections.mke4k.core.plugins.module_utils._kube.access import Access
from ansible_collections.mke4k.core.plugins.module_utils._kube.client import connect
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.plugins.module_utils._mke3.facts import (
    Backup,
    Mke3,
    backups_of,
    managers_of,
    version_of,
)

DEPLOYMENTS = Kind("apps/v1", "Deployment")
CERT_MANAGER = "app.kubernetes.io/name=cert-manager"
SECONDS = 30


class Mke3Error(KubeError):
    """MKE 3 did not let itself be read."""


class Session:
    """`ca_path` and `validate_certs` as for any https server."""

    def __init__(self, url: str, validate_certs: bool, ca_path: str | None) -> None:
        self.url = url.rstrip("/")
        self._tls = {"validate_certs": validate_certs, "ca_path": ca_path}
        self.token = ""

    def log_in(self, username: str, password: str) -> None:
        body = json.dumps({"username": username, "password": password})
        answer = self._json(self._send("POST", "/auth/login", body))
        self.token = str(answer.get("auth_token") or "") if isinstance(answer, dict) else ""
        if not self.token:
            raise Mke3Error(f"{self.url} let {username} in but gave no auth_token. Is it an MKE 3?")

    def log_out(self) -> None:
        self._send("POST", "/id/logout")

    def document(self, path: str) -> Any:
        return self._json(self._send("GET", path))

    def text(self, path: str) -> str:
        return self._send("GET", path).decode("utf-8", "replace")

    def cert_managers(self, port: int) -> tuple[str, ...]:
        """Deployments of a cert-manager, from the Kubernetes API of the same cluster, which takes the same token."""
        host = urlsplit(self.url).hostname or ""
        place = f"[{host}]" if ":" in host else host
        given = {"host": f"https://{place}:{port}", "api_key": self.token, "ca_cert": self._tls["ca_path"]}
        access = Access.of({**given, "validate_certs": self._tls["validate_certs"]}, {})
        found = connect(access, deadline=SECONDS).list(DEPLOYMENTS, labels=CERT_MANAGER).items
        return tuple(f"{item['metadata']['namespace']}/{item['metadata']['name']}" for item in found)

    def _send(self, method: str, path: str, body: str | None = None) -> bytes:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            with open_url(
                self.url + path, method=method, data=body, headers=headers, timeout=SECONDS, **self._tls
            ) as answer:
                return bytes(answer.read())
        except HTTPError as error:
            hint = " Name and password are those of an administrator of MKE." if error.code in (401, 403) else ""
            raise Mke3Error(f"{method} {self.url}{path} was refused: {error.code} {error.reason}.{hint}") from error
        except (URLError, OSError, NoConnection, NoSSLError, SSLValidationError) as error:
            raise Mke3Error(f"{method} {self.url}{path} got no answer: {error}") from error

    def _json(self, body: bytes) -> Any:
        try:
            return json.loads(body)
        except ValueError as error:
            raise Mke3Error(f"{self.url} answered something that is no JSON. Is it an MKE 3?") from error


def read_mke3(session: Session, kube_port: int) -> Mke3:
    """Everything that can be read; what cannot is told and does not hide the rest."""
    unread: dict[str, str] = {}

    def attempt(what: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except KubeError as error:
            unread[what] = str(error)
            return None

    version: tuple[int, ...] = attempt("version", lambda: version_of(session.document("/version"))) or ()
    if not version and "version" not in unread:
        unread["version"] = f"{session.url}/version names no version of MKE 3"
    config: Mapping[str, Any] = attempt("configuration", lambda: _cluster_config(session)) or {}
    managers: tuple[str, ...] = attempt("nodes", lambda: managers_of(session.document("/nodes"))) or ()
    backups: tuple[Backup, ...] | None = attempt(
        "backups", lambda: backups_of(session.document("/api/ucp/backups") or [])
    )
    found: tuple[str, ...] | None = attempt("cert-manager", lambda: session.cert_managers(kube_port))
    return Mke3(version, config, managers, backups, found, unread)


def _cluster_config(session: Session) -> Mapping[str, Any]:
    text = session.text("/api/ucp/config-toml")
    try:
        section = tomllib.loads(text).get("cluster_config")
    except tomllib.TOMLDecodeError as error:
        raise Mke3Error(f"{session.url}/api/ucp/config-toml is no TOML: {error}") from error
    if not isinstance(section, dict):
        raise Mke3Error(f"{session.url}/api/ucp/config-toml has no section cluster_config")
    return section
