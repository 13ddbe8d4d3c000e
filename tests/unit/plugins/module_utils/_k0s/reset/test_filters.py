# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.before import Before
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.filters import EmptyTables, Rules
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import Target
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.reset.fakes import FakeHost, names

KUBE = "*filter\n:INPUT ACCEPT [0:0]\n:KUBE-FIREWALL - [0:0]\n-A INPUT -j KUBE-FIREWALL\nCOMMIT\n"
EMPTY = "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n*mangle\n:INPUT ACCEPT [0:0]\nCOMMIT\n"


def installed(monkeypatch: pytest.MonkeyPatch, *programs: str) -> None:
    monkeypatch.setattr(command, "find", lambda name: f"/usr/sbin/{name}" if name in programs else None)


def test_both_ways_of_iptables_are_looked_through(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, "iptables-nft-save", "iptables-legacy-save", "ip6tables-nft-save")
    fake.programs.answers[("iptables-legacy-save",)] = (0, KUBE, "")
    assert names(Rules().find(fake.host)) == ["iptables-legacy"]
    Rules().clear(fake.host)
    assert fake.programs.calls[-1:] != []
    [restored] = fake.programs.called("iptables-legacy-restore")
    assert restored[1:] == ["--noflush", "--wait=10"]
    script = fake.programs.inputs[fake.programs.calls.index(restored)]
    assert script == "*filter\n:KUBE-FIREWALL - [0:0]\n-D INPUT -j KUBE-FIREWALL\n-X KUBE-FIREWALL\nCOMMIT\n"


def test_the_programs_of_k0s_serve_where_the_host_has_none(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch)
    data = f"{fake.folder}/data"
    fake.target = Target(data_dir=data)
    fake.write("/data/bin/iptables-save").chmod(0o755)
    fake.programs.answers[("iptables-save",)] = (0, KUBE, "")
    assert names(Rules().find(fake.host)) == ["iptables"]
    assert Rules().notes(fake.host) == []


def test_without_any_program_of_iptables_a_reboot_is_needed(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch)
    assert Rules().find(fake.host) == []
    assert [note.reboot for note in Rules().notes(fake.host)] == [True]


def test_a_refusal_of_iptables_is_told(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, "iptables-save")
    fake.programs.answers[("iptables-save",)] = (0, KUBE, "")
    fake.programs.answers[("iptables-restore",)] = (4, "", "iptables-restore: line 3 failed: Device or resource busy.")
    Rules().clear(fake.host)
    assert "Device or resource busy" in fake.complaints[("rules", "iptables")]


def test_a_program_that_fails_to_list_has_listed_nothing(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, "iptables-save")
    fake.programs.answers[("iptables-save",)] = (1, KUBE, "")
    assert Rules().find(fake.host) == []


def test_tables_that_came_with_kubernetes_go_when_they_are_empty(
    fake: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, "iptables-nft-save")
    fake.programs.answers[("iptables-nft-save",)] = (0, EMPTY, "")
    fake.kernel.tables = [(2, "filter"), (2, "mangle"), (1, "mine")]
    fake.before = Before(known=True, tables=("ip filter",))
    assert names(EmptyTables().find(fake.host)) == ["ip mangle"]
    EmptyTables().clear(fake.host)
    assert fake.kernel.tables == [(2, "filter"), (1, "mine")]


def test_where_nobody_knows_which_tables_were_there_they_stay(fake: FakeHost) -> None:
    fake.kernel.tables = [(2, "filter")]
    assert EmptyTables().find(fake.host) == []


def test_a_table_that_the_kernel_does_not_have_is_only_shown_by_the_program(
    fake: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, "iptables-save")
    fake.programs.answers[("iptables-save",)] = (0, EMPTY, "")
    fake.before = Before(known=True)
    fake.kernel.tables = [(2, "nat")]
    assert EmptyTables().find(fake.host) == []
