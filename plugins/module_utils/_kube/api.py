# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API server: one small call for each verb, repeated through bad weather until a deadline.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, TypeVar
from urllib.parse import urlencode

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, NotReachable, NotServed, Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.resources import (
    Resource,
    discovered,
    discovery_path,
    known,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import Clock, asked_delay, delay, passes
from ansible_collections.mke4k.core.plugins.module_utils._kube.transport import Answer, Lines, Lost, Sender

FIELD_MANAGER = "mke4k.core"
MERGE_PATCH = "application/merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"
# A server that does not answer one request in this time is asked again.
REQUEST_SECONDS = 30.0
# A watch in which nothing comes for so long, not even a bookmark, may be a connection that somebody forgot.
SILENT_SECONDS = 60.0
PAGE = 500
T = TypeVar("T")


@dataclass(frozen=True)
class Listing:
    """Objects, and the version at which a watch goes on from them; empty where the kind is not served."""

    items: List[Dict[str, Any]]
    resource_version: str


@dataclass(frozen=True)
class Event:
    type: str
    object: Dict[str, Any]


class Gone(KubeError):
    """The version to watch from is too old; list again."""


class Watch:
    """The events of a watch. `close` may be called from another thread."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def __iter__(self) -> Iterator[Event]:
        try:
            for line in self._lines:
                yield _event(line)
        except Lost:
            # Whoever watches goes on from the last version it saw.
            return
        finally:
            self._lines.close()

    def close(self) -> None:
        self._lines.close()


class Api:
    """`deadline`: seconds that one call may last, with all its repetitions.

    `before_write` is called before the first request that changes something, and may raise to prevent it.
    """

    def __init__(self, transport: Sender, deadline: float, clock: Clock) -> None:
        self.before_write: Optional[Callable[[], None]] = None
        self.deadline = deadline
        self.clock = clock
        self._transport = transport
        self._lock = threading.Lock()
        self._gate = threading.RLock()
        self._asking = False
        self._requests = 0
        self._discovered: Dict[str, Dict[Kind, Resource]] = {}

    @property
    def requests(self) -> int:
        """How many requests were sent, repetitions included."""
        return self._requests

    @property
    def server(self) -> str:
        return self._transport.server

    def get(self, ref: Ref) -> Optional[Dict[str, Any]]:
        """The object; None where it, or its kind, is not there."""
        try:
            return self._json("GET", self._path(ref), what=f"read {ref}")
        except NotServed:
            return None
        except Refused as error:
            if error.status == 404:
                return None
            raise

    def list(self, kind: Kind, namespace: str = "", labels: str = "", fields: str = "") -> Listing:
        query = _selectors(labels, fields)
        items: List[Dict[str, Any]] = []
        try:
            path = self.resource(kind).path(namespace)
            while True:
                page = self._json("GET", path, {**query, "limit": str(PAGE)}, what=f"list {kind}")
                items += page.get("items") or []
                metadata = page.get("metadata") or {}
                if not metadata.get("continue"):
                    return Listing([_named(item, kind) for item in items], str(metadata.get("resourceVersion", "")))
                query = {**_selectors(labels, fields), "continue": str(metadata["continue"])}
        except Gone:
            # It took longer than the server keeps old versions: all at once then.
            return self._list_at_once(kind, namespace, _selectors(labels, fields))
        except NotServed:
            return Listing([], "")
        except Refused as error:
            if error.status == 404:
                return Listing([], "")
            raise

    def _list_at_once(self, kind: Kind, namespace: str, query: Mapping[str, str]) -> Listing:
        page = self._json("GET", self.resource(kind).path(namespace), query, what=f"list {kind}")
        version = str((page.get("metadata") or {}).get("resourceVersion", ""))
        return Listing([_named(item, kind) for item in page.get("items") or []], version)

    def apply(self, manifest: Mapping[str, Any], dry_run: bool = False, force: bool = True) -> Dict[str, Any]:
        """Server-side apply with this collection's field manager."""
        ref = Ref.of(manifest)
        query = {"fieldManager": FIELD_MANAGER, "force": str(force).lower(), **_dry(dry_run)}
        return self._json("PATCH", self._path(ref), query, manifest, APPLY_PATCH, what=f"apply {ref}")

    def create(self, manifest: Mapping[str, Any], dry_run: bool = False) -> Dict[str, Any]:
        ref = Ref.of(manifest)
        path = self.resource(ref.of_kind).path(ref.namespace)
        query = {"fieldManager": FIELD_MANAGER, **_dry(dry_run)}
        try:
            return self._json("POST", path, query, manifest, what=f"create {ref}")
        except Refused as error:
            # An earlier try may have made it although its answer was lost.
            there = self.get(ref) if error.in_doubt and error.reason == "AlreadyExists" else None
            if there is None:
                raise
            return there

    def replace(self, manifest: Mapping[str, Any]) -> Dict[str, Any]:
        ref = Ref.of(manifest)
        return self._json("PUT", self._path(ref), {"fieldManager": FIELD_MANAGER}, manifest, what=f"replace {ref}")

    def patch(
        self, ref: Ref, patch: Any, content_type: str = MERGE_PATCH, subresource: str = "", dry_run: bool = False
    ) -> Dict[str, Any]:
        query = {"fieldManager": FIELD_MANAGER, **_dry(dry_run)}
        return self._json("PATCH", self._path(ref, subresource), query, patch, content_type, what=f"patch {ref}")

    def delete(self, ref: Ref, propagation: str = "Background", uid: str = "", dry_run: bool = False) -> bool:
        """Whether there was something to delete."""
        body: Dict[str, Any] = {"propagationPolicy": propagation}
        if dry_run:
            # With a body the API server takes its options from there alone, and would delete.
            body["dryRun"] = ["All"]
        if uid:
            body["preconditions"] = {"uid": uid}
        try:
            self._json("DELETE", self._path(ref), _dry(dry_run), body, what=f"delete {ref}")
        except NotServed:
            return False
        except Refused as error:
            if error.status == 404:
                # An earlier try may have done it although its answer was lost.
                return error.in_doubt
            raise
        return True

    def watch(
        self,
        kind: Kind,
        namespace: str = "",
        name: str = "",
        labels: str = "",
        resource_version: str = "",
        timeout: float = 300.0,
        fields: str = "",
    ) -> Watch:
        """Events after that version, for at most `timeout` seconds. Raises Gone where the version is too old.

        Without a version what there is comes first, as ADDED.
        """
        query = {
            **_selectors(labels, f"metadata.name={name}" if name else fields),
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": resource_version,
            "timeoutSeconds": str(max(int(timeout), 1)),
        }
        path = f"{self.resource(kind).path(namespace)}?{urlencode(query)}"
        return Watch(self._repeated(f"watch {kind}", lambda: self._open(path, timeout)))

    def version(self) -> Dict[str, Any]:
        return self._json("GET", "/version", what="read the version of the API server")

    def raw(self, path: str) -> str:
        """The text behind a path, such as the log of a pod."""
        answer = self._repeated(f"read {path}", lambda: self._judged(self._send("GET", path, None, {}), path))
        return answer.body.decode("utf-8", "replace")

    def evict(self, pod: Ref, uid: str, grace_period: Optional[int] = None) -> None:
        """Asks for the eviction of that very pod. Raises Refused with 429 where its budget allows none now."""
        options: Dict[str, Any] = {"preconditions": {"uid": uid}}
        if grace_period is not None:
            options["gracePeriodSeconds"] = grace_period
        body = {
            "apiVersion": "policy/v1",
            "kind": "Eviction",
            "metadata": {"name": pod.name, "namespace": pod.namespace},
            "deleteOptions": options,
        }
        self._json("POST", self._path(pod, "eviction"), body=body, what=f"evict {pod}")

    def post(self, path: str, body: Mapping[str, Any]) -> Dict[str, Any]:
        return self._json("POST", path, body=body, what=f"post to {path}")

    def resource(self, kind: Kind) -> Resource:
        """Where the objects of a kind are. A kind that is missing is looked for anew: its definition may be young."""
        found = known(kind) or self._discovered.get(kind.api_version, {}).get(kind)
        if found is None:
            found = self._discover(kind.api_version).get(kind)
        if found is None:
            raise NotServed(
                f"{self.server} does not know the kind {kind.kind} of {kind.api_version}. Its CustomResourceDefinition"
                " is not installed; it comes with the component that owns it."
            )
        return found

    def _discover(self, api_version: str) -> Dict[Kind, Resource]:
        try:
            answer = self._json("GET", discovery_path(api_version), what=f"ask for the kinds of {api_version}")
        except Refused as error:
            if error.status != 404:
                raise
            answer = {}
        self._discovered[api_version] = discovered(api_version, answer)
        return self._discovered[api_version]

    def _path(self, ref: Ref, subresource: str = "") -> str:
        return self.resource(ref.of_kind).path(ref.namespace, ref.name, subresource)

    def _json(
        self,
        method: str,
        path: str,
        query: Optional[Mapping[str, str]] = None,
        body: Any = None,
        content_type: str = "application/json",
        *,
        what: str,
    ) -> Dict[str, Any]:
        if method != "GET" and self.before_write is not None and "dryRun" not in (query or {}):
            self._pass_gate()
        url = f"{path}?{urlencode(query)}" if query else path
        data = None if body is None else json.dumps(body).encode("utf-8")
        headers = {} if data is None else {"Content-Type": content_type}
        return self._repeated(what, lambda: _whole(self._judged(self._send(method, url, data, headers), what)))

    def _pass_gate(self) -> None:
        """Other threads wait for the end of what is called; what that writes itself goes through."""
        with self._gate:
            if self.before_write is None or self._asking:
                return
            self._asking = True
            try:
                self.before_write()
                self.before_write = None
            finally:
                self._asking = False

    def _send(self, method: str, url: str, body: Optional[bytes], headers: Mapping[str, str]) -> Answer:
        self._count()
        return self._transport.send(method, url, body, headers, min(REQUEST_SECONDS, self.deadline))

    def _open(self, path: str, timeout: float) -> Lines:
        self._count()
        lines = self._transport.lines(path, min(timeout + 5.0, SILENT_SECONDS))
        if lines.status == 200:
            return lines
        try:
            body = lines.read()
        finally:
            lines.close()
        raise _Rejected(Answer(lines.status, lines.headers, body), "watch")

    def _judged(self, answer: Answer, what: str) -> Answer:
        if answer.status >= 300:
            raise _Rejected(answer, what)
        return answer

    def _count(self) -> None:
        with self._lock:
            self._requests += 1

    def _repeated(self, what: str, attempt: Callable[[], T]) -> T:
        """Tries until an answer counts, and lets the weather pass."""
        until = self.clock.now() + self.deadline
        renewed = in_doubt = False
        number = 0
        while True:
            try:
                return attempt()
            except Lost as error:
                problem, asked, in_doubt = str(error), None, True
            except _Rejected as error:
                if error.answer.status == 401 and not renewed:
                    renewed = True
                    self._transport.renew()
                    continue
                if not passes(error.answer.status, error.reason, error.text):
                    raise self._refusal(what, error, in_doubt) from None
                problem, asked = f"{error.answer.status} {error.text}", asked_delay(error.answer.headers, error.body)
                in_doubt = in_doubt or error.answer.status >= 500
            pause = delay(number, self.clock.chance(), asked)
            if self.clock.now() + pause >= until:
                raise NotReachable(
                    f"Could not {what}: {self.server} gave no usable answer for {self.deadline:.0f} s"
                    f" ({number + 1} attempts), at last: {problem}"
                )
            self.clock.sleep(pause)
            number += 1

    def _refusal(self, what: str, error: _Rejected, in_doubt: bool) -> KubeError:
        status, text = error.answer.status, error.text
        if status == 410:
            return Gone(f"Could not {what}: {text}")
        hint = ""
        if status == 401:
            hint = " The credentials are not valid (any more): get new ones, or another kubeconfig."
        elif status == 403:
            hint = " The user of the kubeconfig may not do that: it needs the role cluster-admin."
        refused = Refused(f"Could not {what} on {self.server}: {status} {text}.{hint}", status, error.reason)
        refused.in_doubt = in_doubt
        refused.causes = error.causes
        return refused


class _Rejected(Exception):
    def __init__(self, answer: Answer, what: str) -> None:
        super().__init__(what)
        self.answer = answer
        self.body = answer.json()
        self.reason = str(self.body.get("reason") or "")
        self.text = str(self.body.get("message") or self.reason or "without a message").rstrip(".")
        causes = (self.body.get("details") or {}).get("causes") or ()
        self.causes = tuple(str(cause.get("message") or "") for cause in causes)


def _whole(answer: Answer) -> Dict[str, Any]:
    """The object that was answered; half of one, or a page for people, is no answer."""
    try:
        document = json.loads(answer.body)
    except ValueError as error:
        raise Lost(f"an answer that is no JSON: {answer.body[:100]!r}") from error
    if not isinstance(document, dict):
        raise Lost("an answer that is no object")
    return document


def _selectors(labels: str, fields: str) -> Dict[str, str]:
    return {key: value for key, value in (("labelSelector", labels), ("fieldSelector", fields)) if value}


def _dry(dry_run: bool) -> Dict[str, str]:
    return {"dryRun": "All"} if dry_run else {}


def _named(item: Dict[str, Any], kind: Kind) -> Dict[str, Any]:
    """Items of a list do not say what they are."""
    return {**item, "apiVersion": kind.api_version, "kind": kind.kind}


def _event(line: bytes) -> Event:
    try:
        document = json.loads(line)
        event = Event(str(document["type"]), dict(document["object"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Lost("an event that is no JSON") from error
    if event.type != "ERROR":
        return event
    text = str(event.object.get("message") or "the server ended the watch")
    if event.object.get("code") == 410:
        raise Gone(text)
    raise Lost(text)
