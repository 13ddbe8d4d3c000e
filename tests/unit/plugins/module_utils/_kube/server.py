# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server in memory for tests of what is above the transport, with answers that are scripted to go wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import Clock
from ansible_collections.mke4k.core.plugins.module_utils._kube.transport import Answer, Lost

Trouble = Callable[[], Answer]


def answer(status: int, body: Any = None, **headers: str) -> Answer:
    return Answer(
        status, {key.replace("_", "-"): value for key, value in headers.items()}, json.dumps(body or {}).encode()
    )


def refused(status: int, reason: str = "", message: str = "", **headers: str) -> Trouble:
    return lambda: answer(status, {"kind": "Status", "reason": reason, "message": message}, **headers)


def lost(text: str = "connection reset") -> Trouble:
    def lose() -> Answer:
        raise Lost(text)

    return lose


class Server:
    """Objects by path. `troubles` are given out before anything is looked at, one a request."""

    server = "https://api.test:6443"

    def __init__(self, *troubles: Trouble) -> None:
        self.objects: dict[str, dict[str, Any]] = {}
        self.kinds: dict[str, list[dict[str, Any]]] = {}
        self.troubles = list(troubles)
        self.seen: list[tuple[str, str, dict[str, str], Any]] = []
        self.renewed = 0

    def renew(self) -> None:
        self.renewed += 1

    def lines(self, path: str, seconds: float) -> Any:
        raise AssertionError(f"nobody should watch {path} for {seconds} s here")

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], seconds: float) -> Answer:
        assert seconds > 0
        assert (body is None) == ("Content-Type" not in headers)
        parts = urlsplit(path)
        document = json.loads(body) if body else None
        query = dict(parse_qsl(parts.query))
        self.seen.append((method, parts.path, query, document))
        if self.troubles:
            return self.troubles.pop(0)()
        verbs = {"GET": self._get, "PATCH": self._patch, "POST": self._post, "PUT": self._put, "DELETE": self._delete}
        return verbs[method](parts.path, query, document)

    def verbs(self) -> list[str]:
        return [method for method, _path, _query, _body in self.seen]

    def _get(self, path: str, _query: dict[str, str], _body: Any) -> Answer:
        if path in self.objects:
            return answer(200, self.objects[path])
        if path in self.kinds:
            return answer(200, {"resources": self.kinds[path]})
        items = [found for place, found in self.objects.items() if place.rpartition("/")[0] == path]
        if items or path.endswith("s"):
            return answer(200, {"items": items, "metadata": {"resourceVersion": "7"}})
        return self._missing(path)

    def _patch(self, path: str, query: dict[str, str], body: Any) -> Answer:
        merged = {**self.objects.get(path, {}), **body}
        merged["metadata"] = {"uid": "u1", **body.get("metadata", {}), "resourceVersion": "8"}
        if "dryRun" not in query:
            self.objects[path] = merged
        return answer(200, merged)

    def _post(self, path: str, query: dict[str, str], body: Any) -> Answer:
        place = f"{path}/{body['metadata']['name']}"
        if place in self.objects:
            return refused(409, "AlreadyExists", "it is there")()
        if "dryRun" not in query:
            self.objects[place] = body
        return answer(201, body)

    def _put(self, path: str, _query: dict[str, str], body: Any) -> Answer:
        self.objects[path] = body
        return answer(200, body)

    def _delete(self, path: str, query: dict[str, str], _body: Any) -> Answer:
        if path not in self.objects:
            return self._missing(path)
        if "dryRun" not in query:
            del self.objects[path]
        return answer(200, {"status": "Success"})

    def _missing(self, path: str) -> Answer:
        return refused(404, "NotFound", f"{path} not found")()


class Time:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> Clock:
        return Clock(now=lambda: self.now, sleep=self.sleep, chance=lambda: 0.5)


def api_of(server: Server, deadline: float = 60.0, time: Time | None = None) -> Api:
    return Api(server, deadline=deadline, clock=(time or Time()).clock())


def config_map(name: str = "a", **data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "x"}, "data": data}
