# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One OCI registry over HTTPS (OCI distribution specification 1.1), with the standard library alone.

It runs on hosts, which prove that they reach the registry, and on the control node, which fills it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import http.client
import json
import re
import socket
import ssl
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, BinaryIO, Dict, Mapping, Optional, Type, Union
from urllib.parse import urlencode, urljoin, urlsplit

from ansible_collections.mke4k.core.plugins.module_utils._oci.errors import (
    LoginRefused,
    Refused,
    Unreachable,
    Untrusted,
)

TIMEOUT = 30.0
LONGEST_TEXT = 4 * 1024 * 1024
MANIFESTS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_PAIR = re.compile(r'(\w+)="([^"]*)"')
Body = Union[bytes, BinaryIO, None]


@dataclass(frozen=True)
class Access:
    """Where the registry is and who we are. `ca` is PEM text; empty means the certificates that the system trusts."""

    host: str
    ca: str = ""
    username: str = ""
    password: str = field(default="", repr=False)

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        # Python 3.13 wants fields of certificates that containerd does not mind the lack of.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if self.ca:
            try:
                context.load_verify_locations(cadata=self.ca)
            except ssl.SSLError as error:
                raise Untrusted(
                    f"the certificate authority given for {self.host} cannot be read: {error.reason or error}"
                ) from error
        return context


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """Keeps one connection. Not for several threads at once."""

    def __init__(self, access: Access, timeout: float = TIMEOUT) -> None:
        self.access = access
        self.timeout = timeout
        self._context = access.context()
        self._connection: Optional[http.client.HTTPSConnection] = None
        self._tokens: Dict[str, str] = {}

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ping(self) -> None:
        """Raises where the registry cannot be reached, is not trusted, or does not let us in."""
        self._hoped("GET", "/v2/", (200,), scope="")

    def manifest_digest(self, repository: str, reference: str) -> Optional[str]:
        """The digest of a manifest; None where the registry does not have it."""
        path = f"/v2/{repository}/manifests/{reference}"
        headers = {"Accept": ", ".join(MANIFESTS)}
        reply = self._hoped("HEAD", path, (200, 404), headers, scope=pull(repository))
        return None if reply.status == 404 else reply.headers.get("docker-content-digest", "")

    def has_blob(self, repository: str, digest: str) -> bool:
        reply = self._hoped("HEAD", f"/v2/{repository}/blobs/{digest}", (200, 404), scope=pull(repository))
        return reply.status == 200

    def mount(self, repository: str, digest: str, source: str) -> bool:
        """Takes a blob over from another repository of the same registry; False where it wants an upload."""
        query = urlencode({"mount": digest, "from": source})
        scope = f"{push(repository)} {pull(source)}"
        path = f"/v2/{repository}/blobs/uploads/?{query}"
        reply = self._hoped("POST", path, (201, 202), body=b"", scope=scope)
        return reply.status == 201

    def upload(self, repository: str, digest: str, content: BinaryIO, size: int) -> None:
        """Sends one blob from the beginning of a file."""
        scope = push(repository)
        begun = self._hoped("POST", f"/v2/{repository}/blobs/uploads/", (202,), body=b"", scope=scope)
        place = urlsplit(urljoin(f"https://{self.access.host}/", begun.headers.get("location", "")))
        query = "&".join(part for part in (place.query, urlencode({"digest": digest})) if part)
        content.seek(0)
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
        self._hoped("PUT", f"{place.path}?{query}", (201,), headers, body=content, scope=scope)

    def put_manifest(self, repository: str, reference: str, media_type: str, content: bytes) -> None:
        path = f"/v2/{repository}/manifests/{reference}"
        self._hoped("PUT", path, (201,), {"Content-Type": media_type}, body=content, scope=push(repository))

    def _hoped(
        self,
        method: str,
        path: str,
        statuses: Any,
        headers: Optional[Mapping[str, str]] = None,
        body: Body = None,
        scope: str = "",
    ) -> Reply:
        reply = self._authorized(method, path, dict(headers or {}), body, scope)
        if reply.status in statuses:
            return reply
        what = f"{method} https://{self.access.host}{path.partition('?')[0]}"
        if reply.status in (401, 403):
            raise LoginRefused(self._about_the_login(what, reply))
        raise Refused(f"{what} was answered with {reply.status}{_complaint(reply)}", reply.status)

    def _authorized(self, method: str, path: str, headers: Dict[str, str], body: Body, scope: str) -> Reply:
        """Asks, and asks again with a token where the registry leaves logins to another server."""
        reply = self._ask(method, path, {**headers, **self._login(scope)}, body)
        challenge = reply.headers.get("www-authenticate", "")
        if reply.status != 401 or not challenge.lower().startswith("bearer ") or scope in self._tokens:
            return reply
        self._tokens[scope] = self._token(dict(_PAIR.findall(challenge)), scope)
        if body is not None and not isinstance(body, bytes):
            body.seek(0)
        return self._ask(method, path, {**headers, **self._login(scope)}, body)

    def _login(self, scope: str) -> Dict[str, str]:
        if scope in self._tokens:
            return {"Authorization": f"Bearer {self._tokens[scope]}"}
        if not self.access.username:
            return {}
        pair = f"{self.access.username}:{self.access.password}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"}

    def _token(self, challenge: Mapping[str, str], scope: str) -> str:
        realm = urlsplit(challenge.get("realm", ""))
        if realm.scheme != "https" or not realm.hostname:
            raise LoginRefused(
                f"{self.access.host} leaves logins to {challenge.get('realm') or 'nobody'}, no HTTPS URL"
            )
        query = [("service", challenge.get("service", ""))]
        query += [("scope", part) for part in (scope or challenge.get("scope", "")).split(" ") if part]
        access = Access(realm.netloc, self.access.ca, self.access.username, self.access.password)
        with Client(access, self.timeout) as other:
            reply = other._ask("GET", f"{realm.path}?{urlencode(query)}", other._login(""), None)
        if reply.status != 200:
            raise LoginRefused(self._about_the_login(f"GET https://{realm.netloc}{realm.path}", reply))
        try:
            found = json.loads(reply.body)
        except ValueError:
            found = {}
        return str(found.get("token") or found.get("access_token") or "")

    def _about_the_login(self, what: str, reply: Reply) -> str:
        whose = f"the login of {self.access.username}" if self.access.username else "a request without a login"
        return f"{what}: {self.access.host} refuses {whose} ({reply.status}){_complaint(reply)}"

    def _ask(self, method: str, path: str, headers: Dict[str, str], body: Body) -> Reply:
        kept = self._connection is not None
        try:
            return self._exchange(method, path, headers, body)
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise Untrusted(
                f"the certificate of {self.access.host} is not trusted: {error.verify_message or error}"
            ) from error
        except (OSError, http.client.HTTPException) as error:
            self.close()
            # The registry may have ended a connection that was idle; a body of bytes can be sent again.
            if kept and (body is None or isinstance(body, bytes)):
                return self._ask(method, path, headers, body)
            raise Unreachable(f"https://{self.access.host} gave no answer: {_reason(error)}") from error

    def _exchange(self, method: str, path: str, headers: Dict[str, str], body: Body) -> Reply:
        if self._connection is None:
            self._connection = http.client.HTTPSConnection(
                self.access.host, timeout=self.timeout, context=self._context
            )
        self._connection.request(method, path, body=body, headers={"User-Agent": "mke4k.core", **headers})
        answer = self._connection.getresponse()
        found = Reply(
            answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read(LONGEST_TEXT)
        )
        if answer.will_close or not answer.isclosed():
            self.close()
        return found


def pull(repository: str) -> str:
    return f"repository:{repository}:pull"


def push(repository: str) -> str:
    return f"repository:{repository}:pull,push"


def _complaint(reply: Reply) -> str:
    """The registry's own words."""
    try:
        errors = json.loads(reply.body).get("errors") or []
        words = "; ".join(str(item.get("message") or item.get("code")) for item in errors)
    except (ValueError, AttributeError):
        words = ""
    return f": {words}" if words else ""


def _reason(error: Exception) -> str:
    if isinstance(error, socket.timeout):
        return "time-out"
    if isinstance(error, OSError):
        return (error.strerror or str(error) or type(error).__name__).lower()
    return str(error) or type(error).__name__
