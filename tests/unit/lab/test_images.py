# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The images of the lab: what is in them, and under which names a registry has them."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Dict

import pytest

from tests.lab.mke4k_lab import images
from tests.lab.mke4k_lab.debian import inside, libraries
from tests.lab.mke4k_lab.errors import LabError
from tests.lab.mke4k_lab.image import Image, Link, ensure_layer, write_archive
from tests.lab.mke4k_lab.k0s import Choice


def _files(archive: Path) -> Dict[str, bytes]:
    with tarfile.open(archive) as opened:
        streams = {member.name: opened.extractfile(member) for member in opened.getmembers() if member.isfile()}
        return {name: stream.read() for name, stream in streams.items() if stream is not None}


@pytest.fixture
def image(tmp_path: Path) -> Image:
    program = tmp_path / "program"
    program.write_bytes(b"program")
    layer = ensure_layer(tmp_path / "layer.tar", {"pause": program, "etc/motd": b"hello", "lib": Link("usr/lib")})
    return Image((layer,), entrypoint=("/pause",), command=("hold",), user="65535")


def test_an_image_is_an_archive_that_containerd_can_import(image: Image, tmp_path: Path) -> None:
    write_archive(tmp_path / "image.tar", [(image, ["quay.io/k0sproject/pause:3.10.1"])])
    files = _files(tmp_path / "image.tar")
    (entry,) = json.loads(files["manifest.json"])
    assert entry["RepoTags"] == ["quay.io/k0sproject/pause:3.10.1"]
    config = json.loads(files[entry["Config"]])
    assert config["config"]["Entrypoint"] == ["/pause"]
    assert config["config"]["Cmd"] == ["hold"]
    layer = files[entry["Layers"][0]]
    assert config["rootfs"]["diff_ids"] == [f"sha256:{hashlib.sha256(layer).hexdigest()}"]
    with tarfile.open(fileobj=io.BytesIO(layer)) as opened:
        assert opened.getmember("pause").mode == 0o755
        assert opened.getmember("etc/motd").mode == 0o644
        assert opened.getmember("lib").linkname == "usr/lib"


def test_the_same_files_give_the_same_digest(image: Image, tmp_path: Path) -> None:
    again = ensure_layer(
        tmp_path / "again.tar", {"lib": Link("usr/lib"), "etc/motd": b"hello", "pause": tmp_path / "program"}
    )
    assert Image((again,), ("/pause",), ("hold",), "65535").artifact().manifest() == image.artifact().manifest()


def test_libraries_are_taken_from_usr_whatever_the_program_calls_them() -> None:
    told = (
        "\tlinux-vdso.so.1 (0x00007efda38a8000)\n"
        "\tlibmnl.so.0 => /lib/x86_64-linux-gnu/libmnl.so.0 (0x00007efda37e1000)\n"
        "/usr/sbin/conntrack:\n"
        "\tlibmnl.so.0 => /lib/x86_64-linux-gnu/libmnl.so.0 (0x00007efda37e1000)\n"
        "\t/lib64/ld-linux-x86-64.so.2 (0x00007efda38aa000)\n"
    )
    assert libraries(told) == ["usr/lib/x86_64-linux-gnu/libmnl.so.0", "usr/lib64/ld-linux-x86-64.so.2"]


def test_links_of_a_root_stay_in_it(tmp_path: Path) -> None:
    (tmp_path / "usr/lib").mkdir(parents=True)
    (tmp_path / "usr/lib/real").write_bytes(b"")
    (tmp_path / "usr/lib/near").symlink_to("real")
    (tmp_path / "far").symlink_to("/usr/lib/near")
    (tmp_path / "round").symlink_to("/round")
    assert inside(tmp_path, "far") == tmp_path / "usr/lib/real"
    with pytest.raises(LabError, match="a link without an end"):
        inside(tmp_path, "round")


def test_the_registry_has_each_image_of_k0s_where_a_redirect_and_a_mirror_look(monkeypatch: pytest.MonkeyPatch) -> None:
    names_of_k0s = ("coredns:1.12.4", "calico-node:v1", "pushgateway-ttl:1.4.0-k0s.0")
    listed = "".join(f"quay.io/k0sproject/{name}\n" for name in names_of_k0s)
    monkeypatch.setattr(images, "run", lambda command, what: listed)
    names = images.wanted(Choice(kind="cached", path="/k0s", version="v1.33.13+k0s.0", sha256=""))
    assert images.Named("k0sproject/coredns", "1.12.4", images.COREDNS) in names
    assert images.Named("mke/k0sproject/coredns", "1.12.4", images.COREDNS) in names
    assert images.Named("mke/k0sproject/pushgateway-ttl", "1.4.0-k0s.0", images.PUSHGATEWAY) in names
    assert images.Named("k0sproject/calico-node", "v1", images.PAUSE) in names
    assert images.Named("mke/tigera/operator", "v1.36.7", images.PAUSE) in names
    assert images.Named("mke/agnhost", images.AGNHOST_TAG, images.AGNHOST) in names
