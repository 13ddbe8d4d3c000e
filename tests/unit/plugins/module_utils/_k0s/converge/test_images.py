# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives of images: what is in them, and whether k0s has imported it."""

from __future__ import annotations

import io
import json
import os
import tarfile
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Dict, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command, images, receipt
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.command import Result
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.node import converge
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.outcome import Outcome
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import Request
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import ImagesSpec, NodeSpec, NodeState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.receipt import read_images, read_receipt
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeHost

PAUSE = "quay.io/k0sproject/pause:3.10.1"
# A line of `k0s ctr images ls` of k0s 1.33.
LINE = (
    "{name} application/vnd.docker.distribution.manifest.v2+json sha256:910e8052ba 1.5 MiB  linux/amd64 "
    'io.cri-containerd.image=managed,io.cri-containerd.pinned=pinned,io.k0sproject.ocibundle-paths={{"{path}":"{time}"}}'
)


def archive(path: Path, **parts: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as tar:
        for name, content in parts.items():
            data = json.dumps(content).encode()
            info = tarfile.TarInfo(name.replace("_json", ".json"))
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def test_the_names_of_a_docker_archive_are_its_tags(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.tar", manifest_json=[{"RepoTags": [PAUSE, "x/y:1"]}, {"RepoTags": None}])
    assert images.names_in(str(path)) == [PAUSE, "x/y:1"]


def test_the_names_of_an_oci_archive_are_in_its_index(tmp_path: Path) -> None:
    index = {
        "manifests": [
            {"annotations": {"io.containerd.image.name": PAUSE, "org.opencontainers.image.ref.name": "3.10.1"}},
            {"annotations": {"org.opencontainers.image.ref.name": "quay.io/x/y:1"}},
            {"annotations": {"org.opencontainers.image.ref.name": "latest"}},
            {},
        ]
    }
    path = archive(tmp_path / "a.tar", **{"./index_json": index, "manifest_json": [{"RepoTags": ["other:1"]}]})
    assert images.names_in(str(path)) == [PAUSE, "quay.io/x/y:1"]


def test_an_archive_without_names_has_none(tmp_path: Path) -> None:
    assert images.names_in(str(archive(tmp_path / "a.tar", blob={}))) == []


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(b"x" * 2000)
    with pytest.raises(K0sError, match="no archive of images that k0s could import"):
        images.names_in(str(tmp_path / "a.tar"))
    with pytest.raises(K0sError, match="could not be read"):
        images.names_in(str(tmp_path / "b.tar"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-11-21T06:17:04.798365025Z", 1795241824798365025),
        ("2026-11-21T06:17:04.79Z", 1795241824790000000),
        ("2026-11-21T06:17:04Z", 1795241824000000000),
        ("2026-11-21T08:17:04.5+02:00", 1795241824500000000),
        ("yesterday", -1),
    ],
)
def test_times_are_read_to_the_nanosecond(text: str, found: int) -> None:
    assert images.nanoseconds(text) == found


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ('io.k0sproject.ocibundle-paths={"/a.tar":"t1","/b.tar":"t2"}', {"/a.tar": "t1", "/b.tar": "t2"}),
        ("io.k0sproject.ocibundle-paths=/a.tar,io.cri-containerd.image=managed", {"/a.tar": ""}),
        ("io.k0sproject.ocibundle-paths={}", {}),
    ],
)
def test_the_label_of_old_and_new_k0s_is_read(label: str, found: Dict[str, str]) -> None:
    assert images.labelled(f"REF TYPE\n{PAUSE} application/x sha256:1 1.5 MiB linux/amd64 {label}\n") == {PAUSE: found}


def test_an_image_without_the_label_came_from_elsewhere() -> None:
    assert images.labelled(f"{PAUSE} application/x sha256:1 1.5 MiB linux/amd64 io.cri-containerd.image=managed") == {}


def test_what_is_missing_is_named_and_shortened() -> None:
    wanted: Dict[str, List[str]] = {"/a.tar": [f"x:{number}" for number in range(8)], "/b.tar": [], "/c.tar": []}
    found = {"/a.tar": {"x:0"}, "/b.tar": set(), "/c.tar": {"y"}}
    assert images.missing(wanted, found) == ["x:1, x:2, x:3, x:4, x:5 and 2 more of /a.tar", "/b.tar"]


class Cluster:
    """A worker with an archive, and a containerd that takes it up after a while."""

    def __init__(self, host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
        self.host = host
        self.path = str(
            archive(Path(host.paths_of("/var/lib/k0s/images/a.tar")), manifest_json=[{"RepoTags": [PAUSE]}])
        )
        self.from_now = 1003.0
        self.time_of_label = ""
        self.rc = 0
        self.others = command.run
        monkeypatch.setattr(command, "run", self.run)
        self.spec = host.spec("worker", images=(ImagesSpec(self.path, "a" * 64, "a.tar"),))

    def run(self, argv: List[str], timeout: float = 30.0) -> Result:
        if argv[1:] != ["ctr", "--namespace=k8s.io", "images", "ls"]:
            return self.others(argv, timeout)
        time = self.time_of_label or go_time(os.stat(self.path).st_mtime_ns)
        line = LINE.format(name=PAUSE, path=self.path, time=time)
        return Result(tuple(argv), self.rc, line if self.host.time.now() >= self.from_now else "REF", "")

    def state(self, spec: NodeSpec) -> NodeState:
        known = read_images(read_receipt(self.host.paths.receipt))
        return replace(self.host.read_state(spec), images=known)

    def converge(self, **values: Any) -> Outcome:
        machine = replace(
            self.host.machine, read_state=self.state, read_progress=lambda spec, _with_api: self.state(spec)
        )
        return converge(Request(self.spec, joins=True, token="t" * 10, **values), machine)


def go_time(moment: int) -> str:
    whole = datetime.fromtimestamp(moment // 10**9, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{moment % 10**9:09d}Z"


@pytest.fixture
def worker(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    made = Cluster(host, monkeypatch)
    receipt.record_images(host.paths.receipt, made.path, "a" * 64, "a.tar")
    host.set(active=True)
    return made


def changes(outcome: Outcome) -> List[str]:
    return [f"{change.kind}: {change.detail}" for change in outcome.changes if change.kind == "images"]


def test_a_worker_is_done_when_its_images_are_imported(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Cluster(host, monkeypatch)
    with pytest.raises(K0sError, match="Bring them to the host first"):
        worker.converge()
    receipt.record_images(host.paths.receipt, worker.path, "a" * 64, "a.tar")
    assert changes(worker.converge(wait_for="connected")) == ["images: is imported"]
    assert changes(worker.converge()) == []


def test_a_host_that_waits_for_etcd_alone_leaves_its_images_to_the_next_call(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Cluster(host, monkeypatch)
    worker.from_now = 10.0**9
    assert changes(worker.converge(wait_for="etcd")) == []


def test_a_run_ends_when_the_images_are_imported_and_the_next_one_has_nothing_to_do(worker: Cluster) -> None:
    spec = worker.spec
    images.wait_for_import(Request(spec), worker.host.paths.receipt, worker.host.time.clock)
    assert worker.host.time.now() >= worker.from_now
    assert worker.state(spec).images[worker.path].imported


def test_an_archive_that_is_never_imported_ends_the_wait_with_where_to_look(worker: Cluster) -> None:
    worker.from_now = 10.0**9
    with pytest.raises(K0sError, match=r"did not import quay.io/k0sproject/pause:3.10.1 of .*k0sworker"):
        images.wait_for_import(Request(worker.spec), worker.host.paths.receipt, worker.host.time.clock)


def test_a_containerd_that_does_not_answer_yet_is_waited_for(worker: Cluster) -> None:
    worker.rc = 1
    worker.host.time.on_sleep.append(lambda now: setattr(worker, "rc", 0 if now > 1010 else 1))
    images.wait_for_import(Request(worker.spec), worker.host.paths.receipt, worker.host.time.clock)
    assert worker.host.time.now() > 1010


def test_images_of_an_older_file_of_the_same_name_do_not_count(worker: Cluster) -> None:
    worker.from_now = 0
    assert images.imported("k0s", [worker.path]) == {worker.path: {PAUSE}}
    worker.time_of_label = "2020-01-01T00:00:00Z"
    assert images.imported("k0s", [worker.path]) == {worker.path: set()}


def test_an_archive_that_was_not_brought_is_told_before_anything_changes(worker: Cluster) -> None:
    missing = replace(worker.spec, images=(ImagesSpec("/var/lib/k0s/images/b.tar", "b" * 64),))
    with pytest.raises(K0sError, match="k0s_share"):
        images.require(missing, worker.state(missing))
    images.require(worker.spec, worker.state(worker.spec))
