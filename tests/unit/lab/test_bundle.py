# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bundles for hosts without a network."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Dict

import pytest

from tests.lab.mke4k_lab import bundle, images
from tests.lab.mke4k_lab.errors import LabError
from tests.lab.mke4k_lab.image import Image, ensure_layer
from tests.lab.mke4k_lab.k0s import Choice

CHOICE = Choice(kind="simulator", path="/k0s", version="v1.33.13+k0s.0", sha256="")
LISTED = "quay.io/k0sproject/coredns:1.12.4\nquay.io/k0sproject/pause:3.10.1\n"


def _files(archive: tarfile.TarFile) -> Dict[str, bytes]:
    streams = {member.name: archive.extractfile(member) for member in archive.getmembers() if member.isfile()}
    return {name: stream.read() for name, stream in streams.items() if stream is not None}


@pytest.fixture(autouse=True)
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layer = ensure_layer(tmp_path / "layer.tar", {"pause": b"program"})
    names = (images.PAUSE, images.AGNHOST, images.COREDNS, images.KUBE_PROXY, images.PUSHGATEWAY)
    monkeypatch.setattr(images, "run", lambda command, what: LISTED)
    monkeypatch.setattr(images, "ensure", lambda cache, choice: dict.fromkeys(names, Image((layer,), ("/pause",))))


def test_the_bundle_of_k0s_is_a_layout_with_every_image_under_its_own_name(tmp_path: Path) -> None:
    target = tmp_path / "out" / "k0s.tar"
    target.parent.mkdir()
    bundle.write_k0s_bundle(tmp_path, CHOICE, target)
    with tarfile.open(target) as archive:
        files = _files(archive)
    manifests = json.loads(files["index.json"])["manifests"]
    assert [entry["annotations"]["io.containerd.image.name"] for entry in manifests] == LISTED.split()
    for name in [name for name in files if name.startswith("blobs/sha256/")]:
        assert hashlib.sha256(files[name]).hexdigest() == name.rpartition("/")[2]
    manifest = json.loads(files[f"blobs/{manifests[0]['digest'].replace(':', '/')}"])
    assert f"blobs/{manifest['config']['digest'].replace(':', '/')}" in files
    assert [path.name for path in target.parent.iterdir()] == ["k0s.tar"]


def test_the_bundle_of_a_release_has_a_layout_each_for_its_images_and_charts(tmp_path: Path) -> None:
    target = tmp_path / "mke.tar.gz"
    bundle.write_mke_bundle(tmp_path, CHOICE, "v4.1.2", target)
    with tarfile.open(target) as archive:
        files = _files(archive)
    assert "bundle/k0sproject&coredns@1.12.4.tar" in files
    assert "bundle/mirrored-chart-tigera-operator@v3.30.200.tar" in files
    with tarfile.open(fileobj=io.BytesIO(files["bundle/mke-operator@3.11.2.tar"])) as layout:
        (manifest,) = json.loads(_files(layout)["index.json"])["manifests"]
    assert manifest["annotations"]["org.opencontainers.image.ref.name"] == "mke-operator:3.11.2"


def test_a_release_without_charts_has_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"'Alpha\.1' has no charts"):
        bundle.write_mke_bundle(tmp_path, CHOICE, "Alpha.1", tmp_path / "mke.tar.gz")
