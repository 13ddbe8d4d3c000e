# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bundles into a registry: names, order, what is not sent again, and what goes wrong on the way."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import List, Optional

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._oci import layout
from ansible_collections.mke4k.core.plugins.module_utils._oci.client import Client
from ansible_collections.mke4k.core.plugins.module_utils._oci.errors import OciError, Refused, Unreachable
from ansible_collections.mke4k.core.plugins.module_utils._oci.push import ATTEMPTS, Push, Pushed, place, summary

from .fake_registry import ArchiveMaker, FakeRegistry, digest_of, tar_of

LAYER = b"\x1f\x8b" + b"layer" * 3000
LARGE = b"\x1f\x8b" + b"large" * 3000


@pytest.fixture(autouse=True)
def _a_layer_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is larger than this passes by and is not kept in memory."""
    monkeypatch.setattr(layout, "SMALL", 4000)


def bundle(folder: Path, index_last: bool = True) -> Path:
    """Two images that share a layer, one of them for two architectures, and a chart."""
    single = ArchiveMaker(index_last)
    single.image(LAYER, b"small")
    several = ArchiveMaker(index_last)
    several.index(several.image(LAYER, listed=False), several.image(LARGE, listed=False))
    chart = ArchiveMaker(index_last)
    chart.image(b"chart")
    path = folder / "mke_bundle.tar.gz"
    content = tar_of(
        ("bundle/mke&pause@3.10.tar", single.tar()),
        ("bundle/deeper/proxy@v1.tar", several.tar()),
        ("bundle/README", b"not an image"),
        ("./bundle/charts&app@1.0.0.tar", chart.tar()),
    )
    path.write_bytes(gzip.compress(content))
    return path


def k0s_bundle(folder: Path, *names: str) -> Path:
    maker = ArchiveMaker(index_last=False)
    for number, name in enumerate(names):
        maker.image(LAYER, b"%d" % number, name=name)
    path = folder / "k0s-airgap-bundle"
    path.write_bytes(maker.tar())
    return path


def push(
    registry: FakeRegistry,
    path: Path,
    pauses: Optional[List[float]] = None,
    project: str = "mke",
    dry_run: bool = False,
) -> Push:
    with Client(registry.access()) as client:
        made = Push(client, project, (pauses if pauses is not None else []).append, dry_run=dry_run)
        made.bundle(str(path))
    return made


@pytest.mark.parametrize("index_last", [True, False])
def test_a_bundle_of_a_release_is_pushed_under_the_names_of_its_files(
    registry: FakeRegistry, tmp_path: Path, index_last: bool
) -> None:
    made = push(registry, bundle(tmp_path, index_last))
    assert [item.name for item in made.found] == ["mke/mke/pause:3.10", "mke/proxy:v1", "mke/charts/app:1.0.0"]
    assert all(item.new for item in made.found)
    for item in made.found:
        repository, _colon, tag = item.name.partition(":")
        assert digest_of(registry.manifests[repository, tag]) == item.digest
    assert ("mke/proxy", digest_of(LARGE)) in registry.blobs


def test_a_manifest_comes_after_everything_it_names(registry: FakeRegistry, tmp_path: Path) -> None:
    push(registry, bundle(tmp_path))
    puts = [line.split("?")[0] for line in registry.requests if line.startswith("PUT /v2/mke/proxy")]
    assert puts[-1] == "PUT /v2/mke/proxy/manifests/v1"
    assert [line for line in puts if "manifests" in line][:2] != [puts[-1]]
    assert "manifests" not in puts[0]


def test_a_layer_that_another_image_has_is_not_sent_again(registry: FakeRegistry, tmp_path: Path) -> None:
    push(registry, bundle(tmp_path))
    digest = digest_of(LAYER).replace(":", "%3A")
    assert sum(1 for line in registry.requests if line.startswith("PUT") and digest in line) == 1
    registry.mounts = False
    registry.blobs.clear()
    registry.manifests.clear()
    assert push(registry, bundle(tmp_path)).sent_bytes > 2 * len(LAYER)


def test_a_second_run_sends_nothing(registry: FakeRegistry, tmp_path: Path) -> None:
    push(registry, bundle(tmp_path))
    registry.requests.clear()
    made = push(registry, bundle(tmp_path))
    assert not any(item.new for item in made.found)
    assert made.sent_bytes == 0
    assert not [line for line in registry.requests if line.startswith(("PUT", "POST"))]


def test_a_run_that_was_ended_goes_on_where_it_was(registry: FakeRegistry, tmp_path: Path) -> None:
    push(registry, bundle(tmp_path))
    del registry.manifests["mke/proxy", "v1"]
    registry.requests.clear()
    made = push(registry, bundle(tmp_path))
    assert [item.name for item in made.found if item.new] == ["mke/proxy:v1"]
    assert not [line for line in registry.requests if "uploads" in line]


def test_check_mode_only_asks(registry: FakeRegistry, tmp_path: Path) -> None:
    for path in (bundle(tmp_path), k0s_bundle(tmp_path, "quay.io/k0sproject/pause:3.10")):
        made = push(registry, path, dry_run=True)
        assert all(item.new for item in made.found)
    assert registry.manifests == {}
    assert {line.split(" ")[0] for line in registry.requests} == {"HEAD"}


def test_the_bundle_of_k0s_goes_where_the_cluster_looks_for_it(registry: FakeRegistry, tmp_path: Path) -> None:
    path = k0s_bundle(tmp_path, "quay.io/k0sproject/kube-proxy:v1.33.13", "registry.k8s.io/pause:3.9")
    made = push(registry, path)
    assert [item.name for item in made.found] == ["mke/k0sproject/kube-proxy:v1.33.13", "mke/k0sproject/pause:3.9"]


@pytest.mark.parametrize(
    ("name", "project", "found"),
    [
        ("mke/pause:3.10", "mke", "mke/mke/pause:3.10"),
        ("quay.io/a/b:1", "x/y", "x/y/a/b:1"),
        ("localhost/b:1", "", "b:1"),
        ("10.0.0.1:5000/b:1", "mke", "mke/b:1"),
        ("pause:3", "mke", "mke/pause:3"),
    ],
)
def test_names_are_placed_below_the_project(name: str, project: str, found: str) -> None:
    reference = place(name, project)
    assert f"{reference.repository}:{reference.tag}" == found


def test_what_another_attempt_mends_is_no_failure(registry: FakeRegistry, tmp_path: Path) -> None:
    pauses: List[float] = []
    registry.faults = [503, 429, 0, 500]
    push(registry, k0s_bundle(tmp_path, "quay.io/k0sproject/pause:3.10"), pauses)
    assert pauses == [2.0, 4.0, 8.0, 16.0]


@pytest.mark.parametrize(
    ("status", "kind", "count"), [(503, Refused, ATTEMPTS), (0, Unreachable, ATTEMPTS), (400, Refused, 1)]
)
def test_what_stays_is_told(
    registry: FakeRegistry, tmp_path: Path, status: int, kind: type[OciError], count: int
) -> None:
    registry.faults = [status] * 100
    with pytest.raises(kind):
        push(registry, bundle(tmp_path))
    assert len(registry.requests) == count


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"x" * 3000, "could not be read"),
        (tar_of(("README", b"x")), "holds no images"),
        (tar_of(("bundle/a@1.tar", tar_of(("x", b"y")))), "names no image"),
        (tar_of(("bundle/a@1.tar", b"x" * 3000)), "no archive in OCI image layout"),
        (tar_of(("index.json", b'{"manifests": [{"digest": "sha256:1"}]}')), "without a name"),
        (
            tar_of(("bundle/a@1.tar", tar_of(("index.json", b'{"manifests": [{"digest": "sha256:1"}]}')))),
            "has no manifest sha256:1",
        ),
    ],
)
def test_what_is_no_bundle_is_told(registry: FakeRegistry, tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "bundle.tar"
    path.write_bytes(content)
    with pytest.raises(OciError, match=says):
        push(registry, path)


def damaged(folder: Path, old: bytes, new: bytes) -> Path:
    maker = ArchiveMaker()
    maker.image(LAYER)
    path = folder / "bundle.tar"
    path.write_bytes(tar_of(("bundle/a@1.tar", maker.tar().replace(old, new))))
    return path


def test_a_damaged_layer_never_gets_into_the_registry(registry: FakeRegistry, tmp_path: Path) -> None:
    with pytest.raises(OciError, match="is damaged: its sha256 is"):
        push(registry, damaged(tmp_path, LAYER, LAYER[:-1] + b"X"))
    assert registry.manifests == {}


def test_a_layer_that_the_archive_lacks_is_told(registry: FakeRegistry, tmp_path: Path) -> None:
    maker = ArchiveMaker()
    maker.image(LAYER)
    del maker.blobs[digest_of(LAYER)]
    path = tmp_path / "bundle.tar"
    path.write_bytes(tar_of(("bundle/a@1.tar", maker.tar())))
    with pytest.raises(OciError, match="the archive lacks"):
        push(registry, path)


def test_the_summary_counts_what_is_new() -> None:
    found = [Pushed("a", "d", True), Pushed("b", "d", False)]
    assert summary(found, 5 * 2**20, dry_run=False) == "1 of 2 images and charts were pushed, 5 MiB"
    assert summary(found, 0, dry_run=True) == "1 of 2 images and charts would be pushed, 0 MiB"
