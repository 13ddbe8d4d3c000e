# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pause image as a docker-archive, which containerd imports from the images folder of k0s."""

from __future__ import annotations

from pathlib import Path

from . import images
from .files import building
from .image import write_archive

REPOSITORY = "quay.io/k0sproject/pause"


def ensure_pause_image(cache: Path) -> Path:
    """The image's tar, made on first use."""
    image = images.pause_image(cache)
    target = image.layers[0].with_name(f"{image.layers[0].stem}-archive.tar")
    with building(target) as work:
        if not target.exists():
            write_archive(work, [(image, [f"{REPOSITORY}:{tag}" for tag in images.PAUSE_TAGS])])
    return target
