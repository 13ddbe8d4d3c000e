# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import processes
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.processes import K0S, POD, Process
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import Target
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.reset.fakes import FakeHost

TARGET = Target()


@pytest.mark.parametrize(
    ("process", "kind"),
    [
        (Process(9, groups=("/kubepods/besteffort/pod1/2",)), POD),
        (Process(9, groups=("/kubepods.slice/kubepods-besteffort.slice/x.scope",), foreign=True), POD),
        (Process(9, groups=("/system.slice/k0sworker.service",)), K0S),
        (Process(9, groups=("/system.slice/k0scontroller.service/sub",), foreign=True), K0S),
        (Process(9, program="/var/lib/k0s/bin/etcd"), K0S),
        (Process(9, program="/usr/local/bin/k0s", argv=("k0s", "worker")), K0S),
        (Process(9, name="containerd-shim", argv=("x", "-address", "/run/k0s/containerd.sock")), K0S),
        # What others run, among it a whole k0s in a container of this host.
        (Process(9, program="/usr/local/bin/k0s", argv=("k0s", "kubectl", "get", "pods")), ""),
        (Process(9, program="/usr/local/bin/k0s", argv=("k0s", "worker"), foreign=True), ""),
        (Process(9, groups=("/docker/0123/kubepods/pod1",)), ""),
        (Process(9, groups=("/docker/0123/system.slice/k0sworker.service",)), ""),
        (Process(9, name="containerd-shim", argv=("x", "-address", "/run/containerd/containerd.sock")), ""),
        (Process(9, groups=("/kubepodsomething/x",)), ""),
        (Process(9, program="/usr/sbin/sshd"), ""),
    ],
)
def test_what_belongs_to_k0s(process: Process, kind: str) -> None:
    assert processes.kind_of(process, TARGET) == kind


def test_children_end_with_their_parents_and_the_one_that_asks_never_does() -> None:
    shim = Process(10, 1, "containerd-shim", ("x", "/run/k0s/containerd.sock"))
    child = Process(11, 10, "odd")
    grandchild = Process(12, 11, "odder")
    terminal = Process(20, 1, groups=("/kubepods/pod1",))
    own = Process(21, 20)
    found = processes.doomed([shim, child, grandchild, terminal, own, Process(30, 1)], TARGET, own.pid)
    assert sorted(item.pid for item in found) == [10, 11, 12]


def test_processes_are_read_as_proc_shows_them(fake: FakeHost) -> None:
    fake.process(7, "pause", "/kubepods/pod1/x", "/pause")
    fake.process(8, "k0s (odd) name", "/system.slice/k0sworker.service", "/usr/local/bin/k0s (deleted)", "worker")
    fake.make("/proc/9")  # it ended while we looked
    found = {item.pid: item for item in processes.read_all(fake.host.root)}
    assert sorted(found) == [7, 8]
    assert (found[7].groups, found[7].start, found[7].foreign) == (("/kubepods/pod1/x",), 5, False)
    assert found[8].program == "/usr/local/bin/k0s"


def test_a_host_that_is_itself_a_pod_of_another_cluster_is_no_pod(fake: FakeHost) -> None:
    (fake.folder / "proc/1/cgroup").write_text("0::/kubepods/pod9/init.scope\n")
    fake.process(7, "sshd", "/kubepods/pod9/system.slice/ssh.service", "/usr/sbin/sshd")
    fake.process(8, "pause", "/kubepods/pod9/kubepods/pod1", "/pause")
    host = fake.host
    found = processes.doomed(processes.read_all(host.root), host.target, 0)
    assert [item.pid for item in found] == [8]


def test_zombies_are_gone_already(fake: FakeHost) -> None:
    fake.process(7, "pause", "/kubepods/pod1/x", "/pause")
    stat = fake.folder / "proc/7/stat"
    stat.write_text(stat.read_text().replace(" S ", " Z "))
    assert processes.read_all(fake.host.root) == []
