# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bundles for hosts without a network: the one of k0s' images, and the one of a release of MKE 4k.

Both have the shape of the true ones: an OCI image layout as `k0s airgap bundle-artifacts` writes it, and an archive of
one such layout an image, whose file names hold `&` for the `/` and `@` for the `:` of its name.
"""

from __future__ import annotations

import contextlib
import io
import json
import tarfile
import tempfile
from pathlib import Path
from typing import Dict, Iterator, List, Sequence, Tuple, Union

from . import charts, images
from .errors import LabError
from .k0s import Choice
from .oci import MANIFEST, Artifact, Blob

INDEX = "application/vnd.oci.image.index.v1+json"
NAME, REFERENCE = "io.containerd.image.name", "org.opencontainers.image.ref.name"
Named = Tuple[str, Artifact]


def write_k0s_bundle(cache: Path, choice: Choice, target: Path) -> None:
    """All images of this k0s under the names that it asks for."""
    made = {name: image.artifact() for name, image in images.ensure(cache, choice).items()}
    content = [(reference, made[images.program_of(reference)]) for reference in images.k0s_images(choice)]
    with _whole(target) as work:
        write_layout(work, content)


def write_mke_bundle(cache: Path, choice: Choice, release: str, target: Path) -> None:
    """The images and charts of a release, by their paths below a registry's project."""
    content = mke_content(cache, choice, release)
    with _whole(target) as work, tarfile.open(work, mode="w:gz", compresslevel=1) as archive:
        for name, artifact in content:
            layout = work.with_name("layout")
            write_layout(layout, [(name, artifact)])
            archive.add(layout, arcname=f"bundle/{file_name(name)}")


@contextlib.contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """A file to write into, which takes the target's place when it is whole."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".bundle-") as folder:
        work = Path(folder) / target.name
        yield work
        work.replace(target)


def mke_content(cache: Path, choice: Choice, release: str) -> List[Named]:
    """Each name (`path:tag`) once, with what it stands for."""
    made = {name: image.artifact() for name, image in images.ensure(cache, choice).items()}
    content: Dict[str, Artifact] = {}
    for chart in charts.charts_of(release):
        content[f"{chart.name}:{chart.tag}"] = charts.artifact(chart)
    if not content:
        raise LabError(f"The release {release!r} has no charts; a bundle is for releases from v4.1.0 on.")
    for reference in images.k0s_images(choice):
        name = reference.partition("/")[2]
        content[name] = made[images.program_of(reference)]
    for path, tag in images.platform_images():
        content[f"{path}:{tag}"] = made[images.PAUSE]
    return list(content.items())


def file_name(name: str) -> str:
    """What a bundle of MKE 4k calls the layout of `path:tag`."""
    return name.replace("/", "&").replace(":", "@") + ".tar"


def write_layout(target: Path, content: Sequence[Named]) -> None:
    """An OCI image layout as one archive, with every blob once."""
    blobs: Dict[str, Blob] = {}
    manifests = []
    for name, artifact in content:
        manifest = Blob.of(MANIFEST, artifact.manifest())
        blobs.update({blob.digest: blob for blob in (artifact.config, *artifact.layers, manifest)})
        manifests.append({**manifest.descriptor(), "annotations": {NAME: name, REFERENCE: name}})
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}
    with tarfile.open(target, mode="w") as archive:
        _add(archive, "oci-layout", json.dumps({"imageLayoutVersion": "1.0.0"}).encode())
        _add(archive, "index.json", json.dumps(index).encode())
        for digest, blob in sorted(blobs.items()):
            place = f"blobs/{digest.replace(':', '/')}"
            _add(archive, place, blob.source)


def _add(archive: tarfile.TarFile, name: str, source: Union[bytes, Path]) -> None:
    info = tarfile.TarInfo(name)
    info.mode = 0o644
    if isinstance(source, Path):
        info.size = source.stat().st_size
        with source.open("rb") as stream:
            archive.addfile(info, stream)
    else:
        info.size = len(source)
        archive.addfile(info, io.BytesIO(source))
