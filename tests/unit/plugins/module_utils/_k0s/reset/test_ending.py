# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import shutil
import signal

from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import mounts
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.ending import Mounts, Processes
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import Target
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.reset.fakes import FakeHost, names

TABLE = """\
22 1 8:1 / / rw - ext4 /dev/sda1 rw
30 22 8:2 / /var/lib/k0s rw - ext4 /dev/sdb1 rw
31 30 0:40 / /var/lib/k0s/kubelet/pods/1/volumes/a\\040b rw - tmpfs tmpfs rw
32 30 0:41 / /var/lib/kubelet/pods/2/volumes/nfs rw - nfs4 server:/x rw
33 22 0:42 / /run/netns/cni-1 rw - nsfs nsfs rw
34 22 0:43 / /run/netns/mine rw - nsfs nsfs rw
35 22 0:44 / /run/k0s/containerd/rootfs rw shared:1 - overlay overlay rw
36 22 0:45 / /var/lib/k0s-other/x rw - tmpfs tmpfs rw
"""


def pod(fake: FakeHost, pid: int = 7) -> None:
    fake.process(pid, "db", "/kubepods/pod1/x", "/db")


def ends(fake: FakeHost, by: int) -> None:
    def told(pid: int, number: int) -> None:
        if number == by:
            shutil.rmtree(fake.folder / f"proc/{pid}")

    fake.on_signal = told


def test_processes_are_asked_to_end_before_they_are_killed(fake: FakeHost) -> None:
    pod(fake)
    ends(fake, signal.SIGTERM)
    assert [change.detail for change in Processes().find(fake.host)] == ["processes of pods are ended: 1"]
    Processes().clear(fake.host)
    assert fake.killed == [(7, signal.SIGTERM)]
    assert Processes().find(fake.host) == []


def test_who_does_not_end_in_time_is_killed(fake: FakeHost) -> None:
    pod(fake)
    ends(fake, signal.SIGKILL)
    Processes().clear(fake.host)
    assert fake.killed == [(7, signal.SIGTERM), (7, signal.SIGKILL)]
    assert 1.0 <= fake.time.now < 2.0


def test_processes_of_k0s_get_less_time_than_those_of_pods_and_what_holds_their_output(fake: FakeHost) -> None:
    fake.target = Target(grace=3.0)
    pod(fake)
    fake.process(8, "kube-apiserver", "/", "/var/lib/k0s/bin/kube-apiserver")
    fake.process(9, "containerd-shim", "/", "/usr/bin/shim", "-address", "/run/k0s/containerd.sock")
    killed_at: dict[int, float] = {}

    def told(pid: int, number: int) -> None:
        if number == signal.SIGKILL:
            killed_at[pid] = round(fake.time.now, 1)
            shutil.rmtree(fake.folder / f"proc/{pid}")

    fake.on_signal = told
    Processes().clear(fake.host)
    assert killed_at == {7: 3.0, 8: 1.0, 9: 3.0}


def test_a_process_that_cannot_be_killed_is_told(fake: FakeHost) -> None:
    pod(fake)
    Processes().clear(fake.host)
    assert fake.complaints[("process", "pod")] == "process 7 (db) does not end although it was killed"


def test_a_process_that_comes_meanwhile_is_told_to_end_too(fake: FakeHost) -> None:
    pod(fake)
    fake.time.on_sleep.append(lambda now: pod(fake, 8) if now == 0.05 else None)
    ends(fake, signal.SIGKILL)
    Processes().clear(fake.host)
    assert (8, signal.SIGTERM) in fake.killed
    assert Processes().find(fake.host) == []


def test_one_that_is_gone_already_is_no_failure(fake: FakeHost) -> None:
    pod(fake)

    def gone(pid: int, _number: int) -> None:
        shutil.rmtree(fake.folder / f"proc/{pid}")
        raise ProcessLookupError

    fake.on_signal = gone
    Processes().clear(fake.host)
    assert fake.complaints == {}


def test_frozen_pods_are_thawed_first(fake: FakeHost) -> None:
    frozen = fake.write("/sys/fs/cgroup/kubepods/cgroup.freeze", "1\n")
    other = fake.write("/sys/fs/cgroup/freezer/kubepods/freezer.state", "THAWED\n")
    Processes().clear(fake.host)
    assert frozen.read_text() == "0"
    assert other.read_text() == "THAWED\n"


def test_only_mounts_below_folders_of_k0s_go_the_last_one_first(fake: FakeHost) -> None:
    fake.write(mounts.TABLE, TABLE)
    assert names(Mounts().find(fake.host)) == [
        "/run/k0s/containerd/rootfs",
        "/run/netns/cni-1",
        "/var/lib/kubelet/pods/2/volumes/nfs",
        "/var/lib/k0s/kubelet/pods/1/volumes/a b",
    ]


def test_a_kubelet_elsewhere_keeps_its_own_mounts(fake: FakeHost) -> None:
    fake.write(mounts.TABLE, TABLE)
    fake.target = Target(kubelet_dirs=("/srv/kubelet",))
    assert "/var/lib/kubelet/pods/2/volumes/nfs" not in names(Mounts().find(fake.host))


def unmount(fake: FakeHost, *refused: str) -> None:
    """Plays umount on the table, but for the ways that it refuses."""

    def answer(words: tuple[str, ...]) -> tuple[int, str, str]:
        if any(word in words for word in refused) or (not words[1:-1] and "plain" in refused):
            return 32, "", f"umount: {words[-1]}: target is busy."
        table = fake.folder / mounts.TABLE.lstrip("/")
        path = words[-1].replace(" ", "\\040")
        table.write_text("".join(f"{line}\n" for line in table.read_text().splitlines() if f" {path} " not in line))
        return 0, "", ""

    fake.programs.answers[("umount",)] = answer


def test_everything_is_unmounted_and_a_server_that_is_away_is_not_waited_for(fake: FakeHost) -> None:
    fake.write(mounts.TABLE, TABLE)
    unmount(fake)
    Mounts().clear(fake.host)
    assert Mounts().find(fake.host) == []
    assert ["umount", "-f", "-l", "/var/lib/kubelet/pods/2/volumes/nfs"] in fake.programs.calls
    assert ["umount", "/run/netns/cni-1"] in fake.programs.calls


def test_what_is_busy_is_let_go_of(fake: FakeHost) -> None:
    fake.write(mounts.TABLE, TABLE)
    unmount(fake, "plain")
    Mounts().clear(fake.host)
    assert Mounts().find(fake.host) == []
    assert ["umount", "-l", "/run/netns/cni-1"] in fake.programs.calls


def test_a_mount_that_stays_is_told_with_the_words_of_umount(fake: FakeHost) -> None:
    fake.write(mounts.TABLE, TABLE)
    unmount(fake, "/run/netns/cni-1")
    Mounts().clear(fake.host)
    assert names(Mounts().find(fake.host)) == ["/run/netns/cni-1"]
    assert "target is busy" in fake.complaints[("mount", "/run/netns/cni-1")]
