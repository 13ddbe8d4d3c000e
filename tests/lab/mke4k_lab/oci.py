# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pushing into an OCI registry, as the distribution specification has it."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import ssl
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Mapping, Optional, Tuple, Union

from .errors import LabError
from .files import sha256_of

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
SECONDS = 60


@dataclass(frozen=True)
class Blob:
    """Some bytes, or a file."""

    media_type: str
    source: Union[bytes, Path]
    digest: str
    size: int

    @classmethod
    def of(cls, media_type: str, source: Union[bytes, Path]) -> Blob:
        if isinstance(source, Path):
            return cls(media_type, source, f"sha256:{sha256_of(source)}", source.stat().st_size)
        return cls(media_type, source, f"sha256:{hashlib.sha256(source).hexdigest()}", len(source))

    def descriptor(self) -> Dict[str, object]:
        return {"mediaType": self.media_type, "digest": self.digest, "size": self.size}


@dataclass(frozen=True)
class Artifact:
    """What a tag of a registry stands for: a config and layers."""

    config: Blob
    layers: Tuple[Blob, ...]
    annotations: Mapping[str, str] = field(default_factory=dict)

    def manifest(self) -> bytes:
        content: Dict[str, object] = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.config.descriptor(),
            "layers": [layer.descriptor() for layer in self.layers],
        }
        if self.annotations:
            content["annotations"] = dict(self.annotations)
        return json.dumps(content, sort_keys=True).encode()


class Registry:
    """One registry and who we are there. Use it as a context: it keeps one connection."""

    def __init__(self, host: str, ca: Path, username: str = "", password: str = "") -> None:
        self.host = host
        self._headers: Dict[str, str] = {}
        if username:
            token = base64.b64encode(f"{username}:{password}".encode()).decode()
            self._headers["Authorization"] = f"Basic {token}"
        context = ssl.create_default_context(cafile=str(ca))
        self._connection = http.client.HTTPSConnection(host, context=context, timeout=SECONDS)
        self._seen: Dict[str, str] = {}

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def ping(self) -> int:
        """The status of the API's root: 200, or 401 when it wants a password."""
        return self._ask("GET", "/v2/")[0]

    def tags(self, repository: str) -> Tuple[str, ...]:
        """The tags of a repository; none when it is not there."""
        status, _headers, body = self._ask("GET", f"/v2/{repository}/tags/list")
        return tuple(json.loads(body)["tags"] or ()) if status == http.HTTPStatus.OK else ()

    def push(self, repository: str, tag: str, artifact: Artifact) -> str:
        """Puts the artifact there and returns its digest."""
        for blob in (artifact.config, *artifact.layers):
            self._push_blob(repository, blob)
        body, path = artifact.manifest(), f"/v2/{repository}/manifests/{tag}"
        self._expect("PUT", path, (http.HTTPStatus.CREATED,), body, {"Content-Type": MANIFEST})
        return f"sha256:{hashlib.sha256(body).hexdigest()}"

    def _push_blob(self, repository: str, blob: Blob) -> None:
        if self._ask("HEAD", f"/v2/{repository}/blobs/{blob.digest}")[0] == http.HTTPStatus.OK:
            return
        query = {"mount": blob.digest, "from": self._seen[blob.digest]} if blob.digest in self._seen else {}
        begin = f"/v2/{repository}/blobs/uploads/?{urllib.parse.urlencode(query)}"
        accepted = (http.HTTPStatus.ACCEPTED, http.HTTPStatus.CREATED)
        status, location = self._expect("POST", begin, accepted)
        if status == http.HTTPStatus.ACCEPTED:
            place = urllib.parse.urlsplit(location)
            joint = f"{place.query}&" if place.query else ""
            target = f"{place.path}?{joint}{urllib.parse.urlencode({'digest': blob.digest})}"
            headers = {"Content-Type": "application/octet-stream", "Content-Length": str(blob.size)}
            self._expect("PUT", target, (http.HTTPStatus.CREATED,), blob.source, headers)
        self._seen[blob.digest] = repository

    def _expect(
        self,
        method: str,
        path: str,
        wanted: Tuple[http.HTTPStatus, ...],
        body: Optional[Union[bytes, Path]] = None,
        headers: Optional[Mapping[str, str]] = None,
    ) -> Tuple[int, str]:
        status, answer, text = self._ask(method, path, body, headers)
        if status not in wanted:
            words = text.decode(errors="replace").strip()[:500]
            raise LabError(f"{method} https://{self.host}{path} answered {status}: {words}")
        return status, answer.get("Location", "")

    def _ask(
        self,
        method: str,
        path: str,
        body: Optional[Union[bytes, Path]] = None,
        headers: Optional[Mapping[str, str]] = None,
    ) -> Tuple[int, http.client.HTTPMessage, bytes]:
        everything = {**self._headers, **(headers or {})}
        try:
            if isinstance(body, Path):
                with body.open("rb") as stream:
                    self._connection.request(method, path, body=stream, headers=everything)
            else:
                self._connection.request(method, path, body=body, headers=everything)
            answer = self._connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise LabError(f"{method} https://{self.host}{path} failed: {error}") from error
