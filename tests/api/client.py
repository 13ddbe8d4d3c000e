# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the bed itself talks to the API server: the standard library only, nothing of what is tested."""

from __future__ import annotations

import http.client
import json
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict

MERGE = "application/merge-patch+json"
APPLY = "application/apply-patch+yaml"
# Right after a CRD is established the server answers 429 "storage is (re)initializing" for a moment.
WEATHER = (429, 503)
WEATHER_SECONDS = 60
Object = Dict[str, Any]


class Unanswered(Exception):
    """No answer came back."""


class Unexpected(Exception):
    """An answer that the bed did not want."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str

    def json(self) -> Object:
        found: Object = json.loads(self.text)
        return found


@dataclass(frozen=True)
class AdminClient:
    """A connection a request: it is for preparing tests, not for speed."""

    host: str
    port: int
    ca: Path
    token: str

    def request(self, method: str, path: str, body: Any = None, content_type: str = "application/json") -> Answer:
        """One request, whatever comes back."""
        connection = http.client.HTTPSConnection(
            self.host, self.port, timeout=60, context=ssl.create_default_context(cafile=str(self.ca))
        )
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", "Content-Type": content_type}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode(errors="replace"))
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(f"{method} {path}: {error}") from error
        finally:
            connection.close()

    def call(self, method: str, path: str, body: Any = None, content_type: str = "application/json") -> Object:
        """A request that has to succeed."""
        end = time.monotonic() + WEATHER_SECONDS
        answer = self.request(method, path, body, content_type)
        while answer.status in WEATHER and time.monotonic() < end:
            time.sleep(0.1)
            answer = self.request(method, path, body, content_type)
        if answer.status >= 300:
            raise Unexpected(f"{method} {path}: {answer.status} {answer.text[:1000]}", answer.status)
        return answer.json()

    def get(self, path: str) -> Object | None:
        """The object, or None."""
        try:
            return self.call("GET", path)
        except Unexpected as error:
            if error.status != 404:
                raise
            return None

    def apply(self, path: str, manifest: Object, manager: str = "bed") -> Object:
        """Create or change it, as another client than the one that is tested."""
        return self.call("PATCH", f"{path}?fieldManager={manager}&force=true", manifest, APPLY)

    def set_status(self, path: str, status: Object) -> Object:
        """Merge into the status of an object, as its controller does."""
        return self.call("PATCH", f"{path}/status", {"status": status}, MERGE)
