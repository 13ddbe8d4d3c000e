# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import trees
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.before import Before
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.trees import Configuration, Files, Programs
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.reset.fakes import FakeHost, names

WORKER = (
    "/var/lib/k0s/bin/iptables",
    "/var/lib/kubelet/pods/1/x",
    "/run/k0s/status.sock",
    "/usr/libexec/k0s/kubelet-plugins/x",
    "/var/log/pods/a/0.log",
    "/var/log/containers/a.log",
    "/opt/cni/bin/bridge",
    "/opt/cni/bin/mine",
    "/etc/cni/net.d/10-calico.conflist",
    "/etc/cni/net.d/99-mine.conf",
    "/var/lib/cni/networks/k8s/10.0.0.1",
    "/var/lib/cni/networks/podman/10.88.0.2",
    "/var/lib/cni/results/k8s-1-eth0",
    "/run/containerd/runc/k8s.io/1/state.json",
    "/run/containerd/s/dead",
    "/run/containerd/s/alive",
    "/run/netns/cni-1",
    "/run/netns/mine",
    "/var/log/k0sworker.err",
)
OTHERS = (
    "/opt/cni/bin/mine", "/etc/cni/net.d/99-mine.conf", "/var/lib/cni/networks/podman/10.88.0.2",
    "/run/containerd/s/alive", "/run/netns/mine",
)  # fmt: skip


@pytest.fixture
def worker(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    monkeypatch.setattr(command, "find", lambda _program: None)
    for path in WORKER:
        fake.write(path)
    fake.write("/proc/net/unix", "Num RefCount\n0: 2 /run/containerd/s/alive\n")
    fake.before = Before(known=True, plugins=("mine",))
    return fake


def test_what_k0s_and_its_plugins_wrote_goes_and_what_others_wrote_stays(worker: FakeHost) -> None:
    Files().clear(worker.host)
    assert [path for path in WORKER if worker.has(path)] == [path for path in WORKER if path in OTHERS]
    assert Files().find(worker.host) == []
    assert worker.complaints == {}


def test_folders_that_were_there_before_stay_though_they_are_empty(worker: FakeHost) -> None:
    worker.make("/opt/containerd/bin", "/opt/containerd/lib")
    worker.before = Before(known=True, folders=("/opt/containerd", "/opt/containerd/lib"))
    assert [item for item in names(Files().find(worker.host)) if "containerd/" in item and "opt" in item] == [
        "/opt/containerd/bin"
    ]
    Files().clear(worker.host)
    assert os.listdir(f"{worker.folder}/opt/containerd") == ["lib"]
    assert not worker.has("/var/lib/cni/results")


def test_plugins_that_were_there_before_stay(worker: FakeHost) -> None:
    worker.before = Before(known=True, plugins=("bridge", "mine"))
    Files().clear(worker.host)
    assert worker.has("/opt/cni/bin/bridge")


@pytest.mark.parametrize(
    ("program", "answer", "stays"),
    [
        ("dpkg-query", (1, "kubernetes-cni: /opt/cni/bin/bridge\n", ""), True),
        ("dpkg-query", (1, "", "no path found"), False),
        ("rpm", (0, "containernetworking-plugins-1.1\n", ""), True),
        ("rpm", (1, "file /opt/cni/bin/bridge is not owned by any package\n", ""), False),
        ("rpm", (1, "", "rpmdb is broken"), True),
        ("none", (0, "", ""), True),
    ],
)
def test_where_nothing_was_recorded_a_package_keeps_its_plugins(
    worker: FakeHost, monkeypatch: pytest.MonkeyPatch, program: str, answer: tuple[int, str, str], stays: bool
) -> None:
    monkeypatch.setattr(command, "find", lambda name: name if name == program else None)
    worker.before = Before()
    worker.programs.answers[(program,)] = answer
    Files().clear(worker.host)
    assert worker.has("/opt/cni/bin/bridge") is stays


def test_without_plugins_no_package_manager_is_asked(fake: FakeHost) -> None:
    assert Files().find(fake.host) == []
    assert fake.programs.calls == []


def test_another_kubelet_keeps_its_files(worker: FakeHost) -> None:
    worker.write("/var/lib/kubelet/config.yaml")
    Files().clear(worker.host)
    assert worker.has("/var/lib/kubelet/pods/1/x")
    assert worker.has("/var/log/pods/a/0.log")
    assert not worker.has("/var/lib/k0s")


def test_a_folder_is_kept_whole_while_something_is_mounted_below_it(worker: FakeHost) -> None:
    worker.write("/proc/self/mountinfo", "31 30 0:40 / /var/lib/k0s/kubelet/pods/1/v rw - nfs4 server:/x rw\n")
    Files().clear(worker.host)
    assert worker.has("/var/lib/k0s/bin/iptables")
    assert "is still mounted below it" in worker.complaints[("folder", "/var/lib/k0s")]
    assert not worker.has("/var/lib/kubelet")


def test_a_disk_at_the_data_folder_is_emptied_and_stays(worker: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = f"{worker.folder}/var/lib/k0s"
    monkeypatch.setattr(os.path, "ismount", lambda path: path == disk)
    worker.make("/var/lib/k0s/lost+found")
    assert trees.has_traces(worker.host)
    Files().clear(worker.host)
    assert os.listdir(disk) == ["lost+found"]
    assert "/var/lib/k0s" not in names(Files().find(worker.host))


def test_an_empty_disk_that_waits_for_k0s_is_no_trace_of_it(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "ismount", lambda path: path == f"{fake.folder}/var/lib/k0s")
    fake.make("/var/lib/k0s")
    assert not trees.has_traces(fake.host)


@pytest.mark.parametrize("path", ["/etc/k0s", "/run/k0s", "/usr/libexec/k0s", "/var/lib/k0s"])
def test_folders_that_only_k0s_makes_are_traces(fake: FakeHost, path: str) -> None:
    fake.make(path)
    assert trees.has_traces(fake.host)


def test_the_binary_goes_with_what_was_put_beside_it(fake: FakeHost) -> None:
    fake.write("/opt/programs/k0s")
    fake.link("/usr/local/bin/k0s", f"{fake.folder}/opt/programs/k0s")
    for name in ("k0s.0123456789ab.staged", "k0s.tmp.123", ".k0s.mke4k-abc", "k0sctl", "k0s.mine"):
        fake.write(f"/opt/programs/{name}")
    Programs().clear(fake.host)
    assert sorted(os.listdir(f"{fake.folder}/opt/programs")) == ["k0s.mine", "k0sctl"]
    assert not fake.has("/usr/local/bin/k0s")
    assert Programs().find(fake.host) == []


def test_the_record_goes_last(fake: FakeHost) -> None:
    fake.write("/etc/k0s/mke4k.json")
    fake.write("/run/mke4k-k0s.lock")
    assert names(Configuration().find(fake.host)) == ["/etc/k0s", "/run/mke4k-k0s.lock"]
    assert [Configuration().goes_with_reboot(item) for item in Configuration().find(fake.host)] == [False, True]
    Configuration().clear(fake.host)
    assert Configuration().find(fake.host) == []


def test_a_file_that_cannot_be_removed_is_told(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.write("/etc/k0s/k0s.yaml")

    def refuse(path: str) -> None:
        raise OSError(30, "Read-only file system", path)

    monkeypatch.setattr("shutil.rmtree", refuse)
    Configuration().clear(fake.host)
    assert "Read-only file system" in fake.complaints[("folder", "/etc/k0s")]
    assert Files().goes_with_reboot(Configuration().find(fake.host)[0]) is False
    assert Programs().goes_with_reboot(Configuration().find(fake.host)[0]) is False
