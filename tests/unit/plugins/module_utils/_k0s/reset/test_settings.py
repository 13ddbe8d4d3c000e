# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import before
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.before import Before
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.kernel import Kernel
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.settings import Settings
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.reset.fakes import FakeHost, names

ALL, HOST0, PANIC = "net/ipv6/conf/all/forwarding", "net/ipv6/conf/host0/forwarding", "kernel/panic"


def now(fake: FakeHost, **values: str) -> None:
    for name, value in values.items():
        fake.write(f"/proc/sys/{name}", f"{value}\n")


@pytest.fixture
def changed(fake: FakeHost) -> FakeHost:
    now(fake, **{ALL: "1", HOST0: "1", PANIC: "10", "net/netfilter/nf_conntrack_max": "131072"})
    fake.before = Before(
        known=True, settings={ALL: "0", HOST0: "0", PANIC: "0", "net/netfilter/nf_conntrack_max": "65536"}
    )
    return fake


def test_settings_are_set_back_to_what_they_were(changed: FakeHost) -> None:
    assert sorted(names(Settings().find(changed.host))) == [
        "kernel.panic", "net.ipv6.conf.all.forwarding", "net.ipv6.conf.host0.forwarding",
        "net.netfilter.nf_conntrack_max",
    ]  # fmt: skip
    Settings().clear(changed.host)
    assert Settings().find(changed.host) == []
    assert (changed.folder / "proc/sys" / PANIC).read_text() == "0"


def test_a_setting_that_somebody_else_has_changed_since_stays(changed: FakeHost) -> None:
    now(changed, **{PANIC: "30"})
    assert "kernel.panic" not in names(Settings().find(changed.host))


def test_a_setting_that_the_kernel_refuses_is_told(changed: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    path = changed.folder / "proc/sys" / PANIC
    real = open

    def refuse(name: str, *args: object, **options: object) -> object:
        if str(name) == str(path) and args[:1] == ("w",):
            raise PermissionError(1, "Operation not permitted")
        return real(name, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr("builtins.open", refuse)
    Settings().clear(changed.host)
    assert changed.complaints == {("sysctl", "kernel.panic"): "it could not be written: Operation not permitted"}


def test_where_nothing_was_recorded_settings_stay_until_the_host_boots(fake: FakeHost) -> None:
    now(fake, **{PANIC: "10"})
    assert Settings().find(fake.host) == []
    assert [(note.kind, note.reboot) for note in Settings().notes(fake.host)] == [("sysctl", True)]


def test_modules_that_came_with_k0s_are_told(changed: FakeHost) -> None:
    changed.write("/proc/modules", "vxlan 1 0 - Live\nip_tables 1 0 - Live\nraid1 1 0 - Live\n")
    assert [note.target for note in Settings().notes(changed.host)] == ["ip_tables, vxlan"]
    changed.before = Before(known=True, modules=("vxlan", "ip_tables"))
    assert Settings().notes(changed.host) == []


def test_the_record_of_a_bare_host_says_what_is_there(fake: FakeHost) -> None:
    fake.make("/etc/cni/net.d", "/sys/class/net/lo", "/proc/sys/net/ipv6/conf/host0")
    fake.write("/opt/cni/bin/mine")
    fake.write("/proc/modules", "vxlan 1 0 - Live\n")
    now(fake, **{HOST0: "0"})
    fake.kernel.tables = [(2, "filter")]
    found = before.read(fake.host.root, Kernel(fake.kernel.send))
    assert found == {
        "folders": ["/etc/cni", "/etc/cni/net.d", "/opt/cni", "/opt/cni/bin"],
        "plugins": ["mine"],
        "links": ["lo"],
        "tables": ["ip filter"],
        "modules": ["vxlan"],
        "settings": {HOST0: "0"},
    }
    assert Before.of({before.KEY: found}) == Before(
        True, tuple(found["folders"]), ("mine",), ("lo",), ("ip filter",), ("vxlan",), {HOST0: "0"}
    )


@pytest.mark.parametrize("receipt", [{}, {before.KEY: "nonsense"}])
def test_no_record_is_no_knowledge(receipt: dict[str, object]) -> None:
    assert not Before.of(receipt).known


def test_the_host_that_runs_can_be_recorded() -> None:
    assert "lo" in before.read()["links"] or not os.path.isdir("/sys/class/net/lo")
