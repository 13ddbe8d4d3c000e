# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pause image as a docker-archive, which containerd imports from the images folder of k0s."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Dict

from . import tools
from .arch import architecture
from .files import building

REPOSITORY = "quay.io/k0sproject/pause"
# What the releases of k0s ask for.
TAGS = ("3.8", "3.9", "3.10", "3.10.1")


def ensure_pause_image(cache: Path) -> Path:
    """The image's tar, made on first use."""
    program = tools.ensure_own(cache, "pause")
    target = program.parent / "pause.tar"
    with building(target) as work:
        if not target.exists():
            write_image(work, program.read_bytes())
    return target


def write_image(target: Path, program: bytes) -> None:
    """One layer with /pause in it."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        _add(archive, "pause", program, mode=0o755)
    blob = layer.getvalue()
    config = json.dumps(
        {
            "architecture": architecture(),
            "os": "linux",
            "config": {"Entrypoint": ["/pause"], "User": "65535:65535"},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(blob).hexdigest()}"]},
        }
    ).encode()
    name = f"{hashlib.sha256(config).hexdigest()}.json"
    manifest = [{"Config": name, "RepoTags": [f"{REPOSITORY}:{tag}" for tag in TAGS], "Layers": ["layer.tar"]}]
    members: Dict[str, bytes] = {name: config, "layer.tar": blob, "manifest.json": json.dumps(manifest).encode()}
    with tarfile.open(target, mode="w") as archive:
        for member, content in members.items():
            _add(archive, member, content, mode=0o644)


def _add(archive: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), mode
    archive.addfile(info, io.BytesIO(content))
