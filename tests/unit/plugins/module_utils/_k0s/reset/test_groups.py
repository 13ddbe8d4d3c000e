# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.groups import ControlGroups, Users
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.reset.fakes import FakeHost, names

PASSWD = """\
root:x:0:0:root:/root:/bin/bash
etcd:x:997:996::/var/lib/k0s:/usr/sbin/nologin
kube-apiserver:x:999:997::/var/lib/k0s/:/usr/sbin/nologin
kube-scheduler:x:995:994::/home/mine:/bin/bash
person:x:1001:1001::/var/lib/k0s:/bin/bash
broken
"""


def test_groups_of_pods_go_in_every_hierarchy_and_others_stay(fake: FakeHost) -> None:
    base = "/sys/fs/cgroup"
    for name in ("cpu", "memory"):
        fake.make(f"{base}/{name}/kubepods/besteffort/pod1", f"{base}/{name}/system.slice/containerd.service")
    fake.make(f"{base}/cpu/mine", f"{base}/memory/system.slice/ssh.service")
    assert names(ControlGroups().find(fake.host)) == ["kubepods", "system.slice/containerd.service"]
    ControlGroups().clear(fake.host)
    assert os.listdir(f"{fake.folder}{base}/cpu") == ["mine"]
    assert os.listdir(f"{fake.folder}{base}/memory/system.slice") == ["ssh.service"]


def test_one_hierarchy_is_cleaned_too(fake: FakeHost) -> None:
    fake.write("/sys/fs/cgroup/cgroup.controllers", "cpu\n")
    fake.make("/sys/fs/cgroup/kubepods.slice/x")
    ControlGroups().clear(fake.host)
    assert os.listdir(f"{fake.folder}/sys/fs/cgroup") == ["cgroup.controllers"]


@pytest.mark.parametrize("unit", ["/etc/systemd/system/containerd.service", "/lib/systemd/system/containerd.service"])
def test_the_group_of_the_hosts_own_containerd_stays(fake: FakeHost, unit: str) -> None:
    fake.make("/sys/fs/cgroup/cpu/system.slice/containerd.service")
    fake.write(unit)
    assert ControlGroups().find(fake.host) == []


def test_a_masked_containerd_is_none(fake: FakeHost) -> None:
    fake.make("/sys/fs/cgroup/cpu/system.slice/containerd.service")
    fake.link("/etc/systemd/system/containerd.service", "/dev/null")
    assert names(ControlGroups().find(fake.host)) == ["system.slice/containerd.service"]


def test_a_group_with_processes_is_told(fake: FakeHost) -> None:
    fake.write("/sys/fs/cgroup/cpu/kubepods/cgroup.procs", "7\n")
    ControlGroups().clear(fake.host)
    assert "could not be removed" in fake.complaints[("cgroup", "kubepods")]
    assert names(ControlGroups().find(fake.host)) == ["kubepods"]


def test_only_system_users_at_home_in_the_data_folder_are_k0s_own(fake: FakeHost) -> None:
    fake.write("/etc/passwd", PASSWD)
    assert names(Users().find(fake.host)) == ["etcd", "kube-apiserver"]


@pytest.mark.parametrize(
    ("programs", "called"),
    [
        (("userdel", "groupdel"), [["userdel", "etcd"], ["groupdel", "etcd"]]),
        ((), [["deluser", "etcd"], ["delgroup", "etcd"]]),
    ],
)
def test_a_user_goes_with_the_group_of_its_name(
    fake: FakeHost, monkeypatch: pytest.MonkeyPatch, programs: tuple[str, ...], called: list[list[str]]
) -> None:
    monkeypatch.setattr(command, "find", lambda name: name if name in programs else None)
    passwd = fake.write("/etc/passwd", PASSWD.splitlines()[1] + "\n")
    fake.write("/etc/group", "etcd:x:996:\n")

    def delete(_words: tuple[str, ...]) -> tuple[int, str, str]:
        passwd.write_text("")
        return 0, "", ""

    fake.programs.answers[(called[0][0],)] = delete
    Users().clear(fake.host)
    assert fake.programs.calls == called


def test_a_user_that_stays_is_told(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find", lambda name: name)
    fake.write("/etc/passwd", PASSWD)
    fake.programs.answers[("userdel", "etcd")] = (8, "", "userdel: user etcd is currently used by process 7")
    fake.programs.answers[("userdel", "kube-apiserver")] = (12, "", "userdel: home not removed")
    Users().clear(fake.host)
    assert list(fake.complaints) == [("user", "etcd")]
    assert not any(Users().goes_with_reboot(change) for change in Users().find(fake.host))


def test_a_group_that_went_meanwhile_has_no_processes(fake: FakeHost) -> None:
    fake.make("/sys/fs/cgroup/cpu/system.slice/containerd.service")
    assert not Path(f"{fake.folder}/sys/fs/cgroup/cpu/system.slice/containerd.service/cgroup.procs").exists()
    assert names(ControlGroups().find(fake.host)) == ["system.slice/containerd.service"]
