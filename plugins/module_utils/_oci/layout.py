# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives in OCI image layout, read from beginning to end as they come out of a bundle.

A bundle of a release is a compressed archive of such archives, each named after its image with `&` for `/` and `@` for
`:`. That of k0s is one of them with many images in it. Nothing is unpacked to the disk but one blob at a time.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
import tarfile
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO, Callable, Dict, Iterator, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._oci.errors import OciError

# Manifests and configurations; anything larger is a layer.
SMALL = 4 * 1024 * 1024
_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
_BLOBS = "blobs/sha256/"
_SUFFIX = ".tar"
_DEFAULT_TYPE = "application/vnd.oci.image.manifest.v1+json"

# Takes the digest and the content of a layer while it passes by.
Sink = Callable[[str, BinaryIO], None]


@dataclass(frozen=True)
class Image:
    """One image of an archive: its name as the archive has it (may be empty), and its topmost manifest."""

    name: str
    digest: str
    media_type: str


@dataclass
class Layout:
    """What an archive turned out to hold: its images, and every blob that is small enough to be a manifest."""

    images: List[Image] = field(default_factory=list)
    small: Dict[str, bytes] = field(default_factory=dict)

    def manifest(self, digest: str) -> Mapping[str, Any]:
        content = self.small.get(digest)
        try:
            found = json.loads(content or b"")
        except ValueError as error:
            raise OciError(f"the archive has no manifest {digest}: it is damaged or incomplete") from error
        return found if isinstance(found, dict) else {}


def members_of(stream: IO[bytes], what: str) -> Iterator[Tuple[str, Optional[BinaryIO]]]:
    """The archives of a bundle with their images' names; a bundle that is an archive itself has the empty name.

    The one that is yielded must be read before the next one is asked for. None as content: see the empty name, where
    the caller reads `stream` again from its beginning.
    """
    try:
        with tarfile.open(fileobj=stream, mode="r|*") as outer:
            for member in outer:
                name = member.name[2:] if member.name.startswith("./") else member.name
                if name in ("oci-layout", "index.json") or name.startswith("blobs/"):
                    yield "", None
                    return
                if member.isfile() and name.endswith(_SUFFIX):
                    content = outer.extractfile(member)
                    if content is not None:
                        yield image_name(name), content  # type: ignore[misc]
    except (tarfile.TarError, EOFError, OSError) as error:
        raise OciError(f"{what} could not be read: {error}. It may be incomplete: check its sha256") from error


def image_name(path: str) -> str:
    """`bundle/mke&pause@3.10.tar` is the image `mke/pause:3.10`."""
    name = path.rpartition("/")[2][: -len(_SUFFIX)]
    return name.replace("&", "/").replace("@", ":")


def read_layout(content: IO[bytes], sink: Sink, what: str) -> Layout:
    """Reads one archive; its layers go to `sink` as they pass by."""
    found = Layout()
    index: Mapping[str, Any] = {}
    try:
        with tarfile.open(fileobj=content, mode="r|*") as archive:
            for member in archive:
                name = member.name[2:] if member.name.startswith("./") else member.name
                part = archive.extractfile(member) if member.isfile() else None
                if part is None:
                    continue
                if name == "index.json":
                    index = json.loads(part.read())
                elif name.startswith(_BLOBS):
                    _take(found, f"sha256:{name[len(_BLOBS) :]}", member.size, part, sink)
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise OciError(f"{what} is no archive in OCI image layout: {error}") from error
    if not index.get("manifests"):
        raise OciError(f"{what} is no archive in OCI image layout: its index.json names no image")
    found.images = [_image(item) for item in index["manifests"]]
    return found


def _take(found: Layout, digest: str, size: int, part: Any, sink: Sink) -> None:
    if size > SMALL:
        sink(digest, part)
    else:
        found.small[digest] = part.read()


def _image(item: Mapping[str, Any]) -> Image:
    notes = item.get("annotations") or {}
    name = next((str(notes[key]) for key in _NAMES if "/" in str(notes.get(key, ""))), "")
    return Image(name, str(item.get("digest", "")), str(item.get("mediaType") or _DEFAULT_TYPE))
