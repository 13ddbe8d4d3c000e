# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills a registry with the images and charts of a bundle.

What is there already is not sent again, so a run that was ended in the middle goes on where it was when it is repeated.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
from dataclasses import dataclass, field
from typing import BinaryIO, Callable, Dict, List, Mapping, Optional, Set, Tuple, TypeVar

from ansible_collections.mke4k.core.plugins.module_utils._oci.client import Client
from ansible_collections.mke4k.core.plugins.module_utils._oci.errors import OciError, Refused, Unreachable
from ansible_collections.mke4k.core.plugins.module_utils._oci.layout import Image, Layout, members_of, read_layout
from ansible_collections.mke4k.core.plugins.module_utils._oci.reference import Reference

ATTEMPTS = 5
BLOCK = 1024 * 1024
_INDEXES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")
_FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
# Older bundles of k0s have it from there; clusters look for all of k0s' images in one folder.
_UPSTREAM_PAUSE = "registry.k8s.io/pause"
_K0S_FOLDER = "k0sproject/pause"

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Pushed:
    """One image or chart. `new` says that the registry did not have it."""

    name: str
    digest: str
    new: bool


@dataclass
class Push:
    """One run. `project` is the folder of the registry for everything; `place` decides on the name of an image."""

    client: Client
    project: str
    sleep: Callable[[float], None]
    dry_run: bool = False
    progress: Callable[[str], None] = lambda _text: None
    sent_bytes: int = 0
    found: List[Pushed] = field(default_factory=list)
    _places: Dict[str, str] = field(default_factory=dict)
    _there: Set[Tuple[str, str]] = field(default_factory=set)

    def bundle(self, path: str) -> List[Pushed]:
        """Pushes a bundle of a release, or one of k0s."""
        with open(path, "rb") as stream:
            for name, content in members_of(stream, path):
                if content is None:
                    break
                self._archive(content, name, f"{name} in {path}")
            else:
                return self._done(path)
        with open(path, "rb") as stream:
            self._archive(stream, "", path)
        return self._done(path)

    def _done(self, path: str) -> List[Pushed]:
        if not self.found:
            raise OciError(
                f"{path} holds no images: it should be the bundle of a release (archives in bundle/) or of k0s (an "
                "archive in OCI image layout)"
            )
        return self.found

    def _archive(self, content: BinaryIO, name: str, what: str) -> None:
        """A layer goes on its way before it is known which images it belongs to, when the archive has just one."""
        repository = place(name, self.project).repository if name else ""
        kept: Dict[str, str] = {}
        with tempfile.TemporaryDirectory(prefix="mke4k-") as folder:

            def take(digest: str, part: BinaryIO) -> None:
                if repository:
                    self._layer(repository, digest, part)
                elif not self.dry_run:
                    kept[digest] = _keep(part, digest, folder)

            layout = read_layout(content, take, what)
            for image in layout.images:
                self._image(layout, image, name or image.name, kept, what)

    def _image(self, layout: Layout, image: Image, name: str, kept: Mapping[str, str], what: str) -> None:
        if not name:
            raise OciError(f"{what} has an image without a name, so the registry cannot have it under one")
        target = place(name, self.project)
        present = self._patiently(lambda: self.client.manifest_digest(target.repository, target.tag))
        new = present != image.digest
        if new:
            self.progress(f"{target.repository}:{target.tag}")
            if not self.dry_run:
                self._tree(layout, target.repository, image.digest, image.media_type, kept, target.tag)
        self.found.append(Pushed(f"{target.repository}:{target.tag}", image.digest, new))

    def _tree(
        self, layout: Layout, repository: str, digest: str, media_type: str, kept: Mapping[str, str], tag: str = ""
    ) -> None:
        """Children before parents: a registry takes no manifest whose parts it does not have."""
        manifest = layout.manifest(digest)
        media_type = str(manifest.get("mediaType") or media_type)
        if media_type in _INDEXES or "manifests" in manifest:
            for child in manifest.get("manifests") or ():
                self._tree(layout, repository, child["digest"], child.get("mediaType", ""), kept)
        else:
            for part in (manifest.get("config") or {}, *(manifest.get("layers") or ())):
                if part.get("digest") and part.get("mediaType") != _FOREIGN:
                    self._blob(layout, repository, part["digest"], kept)
        content = layout.small[digest]
        self._patiently(lambda: self.client.put_manifest(repository, tag or digest, media_type, content))

    def _blob(self, layout: Layout, repository: str, digest: str, kept: Mapping[str, str]) -> None:
        if digest in kept:
            with open(kept[digest], "rb") as stream:
                self._send(repository, digest, stream)
        elif digest in layout.small:
            self._send(repository, digest, io.BytesIO(layout.small[digest]))
        elif not self._has(repository, digest):
            raise OciError(f"the archive lacks {digest} of {repository}: it is damaged or incomplete")

    def _layer(self, repository: str, digest: str, part: BinaryIO) -> None:
        """A layer that passes by. It is kept until it is sent, so that a connection that breaks costs nothing else."""
        if self.dry_run or self._has(repository, digest):
            return
        with tempfile.TemporaryFile() as stream:
            _copy(part, stream, digest)
            self._send(repository, digest, stream)

    def _send(self, repository: str, digest: str, stream: BinaryIO) -> None:
        if self._has(repository, digest):
            return
        source = self._places.get(digest)
        mounted = source is not None and self._patiently(lambda: self.client.mount(repository, digest, source or ""))
        if not mounted:
            size = stream.seek(0, io.SEEK_END)
            self._patiently(lambda: self.client.upload(repository, digest, stream, size))
            self.sent_bytes += size
        self._know(repository, digest)

    def _has(self, repository: str, digest: str) -> bool:
        if (repository, digest) in self._there:
            return True
        if self._patiently(lambda: self.client.has_blob(repository, digest)):
            self._know(repository, digest)
            return True
        return False

    def _know(self, repository: str, digest: str) -> None:
        self._there.add((repository, digest))
        self._places.setdefault(digest, repository)

    def _patiently(self, ask: Callable[[], Answer]) -> Answer:
        """Registries restart and connections break; what another attempt can mend is no failure of a long run."""
        for attempt in range(1, ATTEMPTS):
            answer, failure = _once(ask)
            if failure is None:
                return answer  # type: ignore[return-value]
            if not passes(failure):
                raise failure
            self.sleep(float(2**attempt))
        return ask()


def _once(ask: Callable[[], Answer]) -> Tuple[Optional[Answer], Optional[OciError]]:
    try:
        return ask(), None
    except OciError as error:
        return None, error


def passes(error: OciError) -> bool:
    return isinstance(error, Unreachable) or (isinstance(error, Refused) and error.passes)


def place(name: str, project: str) -> Reference:
    """Where an image goes: below the project, without the registry that its name may begin with."""
    if name.startswith(_UPSTREAM_PAUSE):
        name = f"{_K0S_FOLDER}{name[len(_UPSTREAM_PAUSE) :]}"
    first, _slash, rest = name.partition("/")
    bare = rest if rest and ("." in first or ":" in first or first == "localhost") else name
    return Reference.of(f"registry/{project}/{bare}" if project else f"registry/{bare}")


def _keep(part: BinaryIO, digest: str, folder: str) -> str:
    path = f"{folder}/{digest.partition(':')[2]}"
    with open(path, "wb") as stream:
        _copy(part, stream, digest)
    return path


def _copy(part: BinaryIO, stream: BinaryIO, digest: str) -> None:
    found = hashlib.sha256()
    for block in iter(lambda: part.read(BLOCK), b""):
        found.update(block)
        stream.write(block)
    if f"sha256:{found.hexdigest()}" != digest:
        raise OciError(f"the archive's part {digest} is damaged: its sha256 is {found.hexdigest()}")


def summary(found: List[Pushed], sent_bytes: int, dry_run: bool) -> str:
    new = sum(1 for item in found if item.new)
    verb = "would be pushed" if dry_run else "were pushed"
    return f"{new} of {len(found)} images and charts {verb}, {sent_bytes // 2**20} MiB"
