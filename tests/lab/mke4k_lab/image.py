# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of containers out of a few files: as an archive that containerd imports, and for a registry."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Mapping, Sequence, Tuple, Union

from .arch import architecture
from .files import building, sha256_of
from .oci import Artifact, Blob

CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
# Not compressed: it never leaves this machine.
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar"


@dataclass(frozen=True)
class Link:
    """A symbolic link in a layer."""

    target: str


Content = Union[bytes, Path, Link]


@dataclass(frozen=True)
class Image:
    """Layers in the cache, and how a container of them is run."""

    layers: Tuple[Path, ...]
    entrypoint: Tuple[str, ...]
    command: Tuple[str, ...] = ()
    user: str = ""

    def config(self) -> bytes:
        run: Dict[str, object] = {"Entrypoint": list(self.entrypoint), "Env": [f"PATH={PATH}"]}
        if self.command:
            run["Cmd"] = list(self.command)
        if self.user:
            run["User"] = self.user
        layers = [f"sha256:{sha256_of(layer)}" for layer in self.layers]
        content = {
            "architecture": architecture(),
            "os": "linux",
            "config": run,
            "rootfs": {"type": "layers", "diff_ids": layers},
        }
        return json.dumps(content, sort_keys=True).encode()

    def artifact(self) -> Artifact:
        layers = tuple(Blob.of(LAYER_TYPE, layer) for layer in self.layers)
        return Artifact(Blob.of(CONFIG_TYPE, self.config()), layers)


PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def ensure_layer(target: Path, files: Mapping[str, Content]) -> Path:
    """The layer of these files (path in the image → content), written on first use."""
    with building(target) as work:
        if not target.exists():
            with tarfile.open(work, mode="w") as archive:
                for name in sorted(files):
                    _add(archive, name, files[name])
    return target


def write_archive(target: Path, images: Sequence[Tuple[Image, Sequence[str]]]) -> None:
    """A docker-archive of images, each with its names, such as k0s takes from its folder of images."""
    manifest, layers = [], {}
    with tarfile.open(target, mode="w") as archive:
        for image, names in images:
            config = image.config()
            name = f"{hashlib.sha256(config).hexdigest()}.json"
            _add(archive, name, config)
            inside = {f"{sha256_of(layer)}.tar": layer for layer in image.layers}
            layers.update(inside)
            manifest.append({"Config": name, "RepoTags": list(names), "Layers": list(inside)})
        for inner, path in layers.items():
            _add(archive, inner, path)
        _add(archive, "manifest.json", json.dumps(manifest).encode())


def _add(archive: tarfile.TarFile, name: str, content: Content) -> None:
    # Times and owners are the same each time, and so are the digests.
    info = tarfile.TarInfo(name)
    if isinstance(content, Link):
        info.type, info.linkname = tarfile.SYMTYPE, content.target
        archive.addfile(info)
    elif isinstance(content, Path):
        info.size, info.mode = content.stat().st_size, 0o755
        with content.open("rb") as stream:
            archive.addfile(info, stream)
    else:
        info.size, info.mode = len(content), 0o644
        archive.addfile(info, io.BytesIO(content))
