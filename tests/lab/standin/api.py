# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API server as the stand-in operators use it: plain dictionaries, one small call for each verb."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Set, Tuple
from urllib.parse import urlencode

import urllib3
from kubernetes import client, config

Object = Dict[str, Any]
REQUEST_SECONDS = 10
# Short, so that a watch on a server whose host lost its power does not last.
WATCH_SECONDS = 30
HTTP_BUSY = 429
BUSY_SECONDS, BUSY_PAUSE = 10.0, 0.25
MERGE = "application/merge-patch+json"
APPLY = "application/apply-patch+yaml"


class ApiError(Exception):
    """The server refused; `status` is its HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status


class Unreachable(Exception):
    """No server answered."""


@dataclass(frozen=True)
class Kind:
    """A kind of objects and where the server has them."""

    api_version: str
    kind: str
    plural: str
    namespaced: bool = True

    def path(self, namespace: str = "", name: str = "", subresource: str = "") -> str:
        root = "/apis/" if "/" in self.api_version else "/api/"
        place = f"/namespaces/{namespace}" if namespace and self.namespaced else ""
        tail = "".join(f"/{part}" for part in (name, subresource) if part)
        return f"{root}{self.api_version}{place}/{self.plural}{tail}"

    def made(self, name: str, namespace: str = "", **fields: Any) -> Object:
        """A new object of this kind."""
        metadata: Object = {"name": name}
        if self.namespaced:
            metadata["namespace"] = namespace
        return {"apiVersion": self.api_version, "kind": self.kind, "metadata": metadata, **fields}


@dataclass(frozen=True)
class Watched:
    """The objects that a controller wants to hear of."""

    kind: Kind
    namespace: str = ""
    name: str = ""

    def query(self) -> Dict[str, str]:
        return {"fieldSelector": f"metadata.name={self.name}"} if self.name else {}


# Gives the kubeconfig to try next; None while there is no cluster.
Source = Callable[[], Optional[Mapping[str, Any]]]


class Api:
    """One server at a time: when it stops answering, the source is asked for another."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._server: Optional[_Server] = None
        self._watches: Set[urllib3.BaseHTTPResponse] = set()

    def get(self, kind: Kind, name: str, namespace: str = "") -> Optional[Object]:
        try:
            return self._json("GET", kind.path(namespace, name))
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def list(self, kind: Kind, namespace: str = "") -> List[Object]:
        """The objects; none where the kind is not served (yet)."""
        try:
            return self.listing(Watched(kind, namespace))[0]
        except ApiError as error:
            if error.status == 404:
                return []
            raise

    def listing(self, watched: Watched) -> Tuple[List[Object], str]:
        answer = self._json("GET", watched.kind.path(watched.namespace), query=watched.query())
        for item in answer["items"]:
            item.setdefault("kind", watched.kind.kind)
        return answer["items"], answer["metadata"]["resourceVersion"]

    def create(self, kind: Kind, item: Object) -> bool:
        """Whether it was created; it was there already otherwise."""
        return self.created(kind, item) is not None

    def created(self, kind: Kind, item: Object, *, dry_run: bool = False) -> Optional[Object]:
        """The new object; None where it was there already."""
        query = {"dryRun": "All"} if dry_run else None
        try:
            return self._json("POST", kind.path(item["metadata"].get("namespace", "")), query=query, body=item)
        except ApiError as error:
            if error.status == 409:
                return None
            raise

    def patch(self, kind: Kind, item: Object, patch: Object, subresource: str = "", manager: str = "standin") -> Object:
        metadata = item["metadata"]
        path = kind.path(metadata.get("namespace", ""), metadata["name"], subresource)
        return self._json("PATCH", path, query={"fieldManager": manager}, body=patch, content_type=MERGE)

    def set_status(self, kind: Kind, item: Object, status: Object) -> None:
        """Writes the status where it differs from what the object has."""
        known = item.get("status") or {}
        changed = {key: value for key, value in status.items() if not _same(known.get(key), value)}
        if changed:
            self.patch(kind, item, {"status": changed}, subresource="status")

    def apply(self, kind: Kind, item: Object, manager: str) -> Object:
        path = kind.path(item["metadata"].get("namespace", ""), item["metadata"]["name"])
        query = {"fieldManager": manager, "force": "true"}
        return self._json("PATCH", path, query=query, body=item, content_type=APPLY)

    def delete(self, kind: Kind, name: str, namespace: str = "") -> bool:
        """Whether there was something to delete."""
        try:
            self._json("DELETE", kind.path(namespace, name), query={"propagationPolicy": "Background"})
        except ApiError as error:
            if error.status == 404:
                return False
            raise
        return True

    def watch(self, watched: Watched, version: str) -> Iterator[Tuple[str, Object]]:
        """Events after that version, until the server ends the watch."""
        query = {**watched.query(), "watch": "true", "resourceVersion": version, "timeoutSeconds": str(WATCH_SECONDS)}
        path = watched.kind.path(watched.namespace)
        response = self._call("GET", path, query=query, seconds=WATCH_SECONDS + 5)
        self._watches.add(response)
        try:
            rest = b""
            for chunk in response.stream(65536):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in filter(None, lines):
                    event = json.loads(line)
                    if event["type"] == "ERROR":
                        raise ApiError(event["object"].get("code", 500), event["object"].get("message", ""))
                    yield event["type"], event["object"]
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            # A watch that is ended from outside may end within a line, or within what was encrypted.
            raise Unreachable(f"watching {path}: {error}") from error
        finally:
            self._watches.discard(response)
            response.close()

    def end_watches(self) -> None:
        """Ends them at once: a server that is to stop waits for its clients."""
        for response in tuple(self._watches):
            response.shutdown()

    def _json(
        self, verb: str, path: str, query: Optional[Mapping[str, str]] = None, body: Any = None, content_type: str = ""
    ) -> Object:
        response = self._after_weather(verb, path, query, body, content_type)
        try:
            answer: Object = json.loads(response.data)
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(f"{verb} {path}: {error}") from error
        return answer

    def _after_weather(self, *request: Any) -> urllib3.BaseHTTPResponse:
        """A server that has just got new kinds asks to come again."""
        end = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                return self._call(*request)
            except ApiError as error:  # noqa: PERF203 - what else is refused ends the loop
                if error.status != HTTP_BUSY or time.monotonic() > end:
                    raise
                time.sleep(BUSY_PAUSE)

    def _call(
        self,
        verb: str,
        path: str,
        query: Optional[Mapping[str, str]] = None,
        body: Any = None,
        content_type: str = "",
        seconds: float = REQUEST_SECONDS,
    ) -> urllib3.BaseHTTPResponse:
        used = self._connected()
        url = used.url + (f"{path}?{urlencode(query)}" if query else path)
        headers = {**used.headers, "Content-Type": content_type or "application/json"}
        data = None if body is None else json.dumps(body).encode("utf-8")
        timeout = urllib3.Timeout(connect=5, read=seconds)
        try:
            response = used.pool.request(
                verb, url, body=data, headers=headers, timeout=timeout, preload_content=False, retries=False
            )
        except urllib3.exceptions.HTTPError as error:
            self._lost(used)
            raise Unreachable(f"{verb} {path}: {error}") from error
        if response.status >= 300:
            raise ApiError(response.status, _message(response))
        return response

    def _connected(self) -> _Server:
        known = self._server
        if known is None:
            kubeconfig = self._source()
            if kubeconfig is None:
                raise Unreachable("there is no kubeconfig yet")
            known = self._server = _server(kubeconfig)
        return known

    def _lost(self, used: _Server) -> None:
        if self._server is used:
            self._server = None


@dataclass(frozen=True)
class _Server:
    """A server and how to be let in."""

    url: str
    headers: Mapping[str, str]
    pool: urllib3.PoolManager


def _server(kubeconfig: Mapping[str, Any]) -> _Server:
    settings = client.Configuration()
    config.load_kube_config_from_dict(  # type: ignore[no-untyped-call]
        dict(kubeconfig), client_configuration=settings
    )
    # One thread a watch and one a controller share it.
    pool = urllib3.PoolManager(
        maxsize=64,
        cert_reqs="CERT_REQUIRED" if settings.verify_ssl else "CERT_NONE",
        ca_certs=settings.ssl_ca_cert,
        cert_file=settings.cert_file,
        key_file=settings.key_file,
    )
    headers = {"Accept": "application/json"}
    logins: Mapping[str, Any] = settings.auth_settings()
    for login in logins.values():
        headers[login["key"]] = login["value"]
    return _Server(settings.host.rstrip("/"), headers, pool)


def _message(response: urllib3.BaseHTTPResponse) -> str:
    text = response.data.decode("utf-8", errors="replace")
    try:
        return str(json.loads(text)["message"])
    except (TypeError, ValueError, KeyError):
        return text[:200]


def _same(known: Any, wanted: Any) -> bool:
    """Whether a value says the same already; the time of a condition is only of its last change."""
    if isinstance(known, list) and isinstance(wanted, list):
        return len(known) == len(wanted) and all(map(_same, known, wanted))
    if isinstance(known, dict) and isinstance(wanted, dict):
        names = {*known, *wanted} - {"lastTransitionTime"}
        return all(_same(known.get(name), wanted.get(name)) for name in names)
    return bool(known == wanted)
