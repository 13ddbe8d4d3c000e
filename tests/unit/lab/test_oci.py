# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pushing into a registry, against one that is just large enough to answer."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import pytest

from tests.lab.mke4k_lab.errors import LabError
from tests.lab.mke4k_lab.oci import Artifact, Blob, Registry


class Shop(Registry):
    """A registry that keeps blobs in memory instead of behind a connection."""

    def __init__(self) -> None:
        self.host = "registry.example"
        self.blobs: Dict[Tuple[str, str], bytes] = {}
        self.asked: List[str] = []
        self.manifests: Dict[str, bytes] = {}
        self._seen = {}

    def _ask(
        self, method: str, path: str, body: Optional[Any] = None, headers: Optional[Any] = None
    ) -> Tuple[int, Any, bytes]:
        self.asked.append(f"{method} {path}")
        repository, _blobs, rest = path.removeprefix("/v2/").partition("/blobs/")
        content: bytes = body.read_bytes() if isinstance(body, Path) else bytes(body or b"")
        if method == "HEAD":
            return (HTTPStatus.OK if (repository, rest) in self.blobs else HTTPStatus.NOT_FOUND), {}, b""
        if "mount=" in path:
            return HTTPStatus.CREATED, {}, b""
        if method == "POST":
            return HTTPStatus.ACCEPTED, {"Location": f"https://registry.example{path.rstrip('?')}id?_state=x"}, b""
        if "/manifests/" in path:
            if "denied" in path:
                return HTTPStatus.UNAUTHORIZED, {}, b"authentication required"
            self.manifests[path] = content
            return HTTPStatus.CREATED, {}, b""
        self.blobs[repository, f"sha256:{hashlib.sha256(content).hexdigest()}"] = content
        return HTTPStatus.CREATED, {}, b""


@pytest.fixture
def artifact(tmp_path: Path) -> Artifact:
    (tmp_path / "layer").write_bytes(b"layer")
    return Artifact(Blob.of("c", b"{}"), (Blob.of("l", tmp_path / "layer"),), {"title": "x"})


def test_a_push_brings_all_blobs_and_then_the_manifest(artifact: Artifact) -> None:
    shop = Shop()
    digest = shop.push("mke/app", "1.0.0", artifact)
    assert set(shop.blobs.values()) == {b"{}", b"layer"}
    assert shop.asked[-1] == "PUT /v2/mke/app/manifests/1.0.0"
    assert (
        f"PUT /v2/mke/app/blobs/uploads/id?_state=x&digest=sha256%3A{hashlib.sha256(b'layer').hexdigest()}"
        in shop.asked
    )
    assert digest == f"sha256:{hashlib.sha256(artifact.manifest()).hexdigest()}"


def test_a_blob_that_is_there_is_not_sent_again(artifact: Artifact) -> None:
    shop = Shop()
    shop.push("mke/app", "1", artifact)
    shop.asked.clear()
    shop.push("mke/app", "2", artifact)
    assert [line.split()[0] for line in shop.asked] == ["HEAD", "HEAD", "PUT"]


def test_a_second_repository_takes_the_blobs_from_the_first(artifact: Artifact) -> None:
    shop = Shop()
    shop.push("mke/app", "1", artifact)
    shop.asked.clear()
    shop.push("k0sproject/app", "1", artifact)
    assert [line.split()[0] for line in shop.asked] == ["HEAD", "POST", "HEAD", "POST", "PUT"]
    assert "from=mke%2Fapp" in shop.asked[1]


def test_a_refusal_says_what_was_asked_and_answered(artifact: Artifact) -> None:
    with pytest.raises(LabError, match=r"manifests/denied answered 401: authentication required"):
        Shop().push("mke/app", "denied", artifact)
