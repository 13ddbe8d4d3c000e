# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError, NoAnswer
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import ServiceState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import Root
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.service import Found
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import run
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.host import Host, Part
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.run import PARTS, Past, past_of, reset
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import Remain, Target
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.reset.fakes import FakeHost

PAST = Past("v1.33.13+k0s.0", "worker", True)


class Thing(Part):
    """Some things, of which some stay."""

    def __init__(
        self, *things: str, stays: str = "", vital: bool = False, fails: str = "", reboot: bool = True
    ) -> None:
        self.things = list(things)
        self.stays = stays
        self.vital = vital
        self.fails = fails
        self.reboot = reboot

    def find(self, host: Host) -> list[Change]:
        return [Change("thing", name, "is removed") for name in self.things]

    def clear(self, host: Host) -> None:
        if self.fails:
            raise K0sError(self.fails)
        self.things = [name for name in self.things if name == self.stays]

    def notes(self, host: Host) -> list[Remain]:
        return [Remain("note", "module", "stays", True)] if self.stays else []

    def goes_with_reboot(self, change: Change) -> bool:
        return self.reboot


def test_what_is_found_is_taken_away_and_told(fake: FakeHost) -> None:
    result = reset(fake.host, PAST, False, [Thing("a", "b"), Thing()]).result()
    assert [change["target"] for change in result["changes"]] == ["a", "b"]
    assert (result["changed"], result["remains"], result["needs_reboot"]) == (True, [], False)
    assert result["node"] == {"running": True, "version": "v1.33.13+k0s.0", "role": "worker"}


def test_a_dry_run_foretells_and_changes_nothing(fake: FakeHost) -> None:
    thing = Thing("a")
    assert len(reset(fake.host, PAST, True, [thing]).changes) == 1
    assert thing.things == ["a"]


def test_a_host_with_nothing_to_take_is_not_even_locked(fake: FakeHost) -> None:
    assert reset(fake.host, PAST, False, [Thing()]).changes == ()
    assert not fake.has("/run/mke4k-k0s.lock")


def test_what_stays_is_no_change_and_is_told_with_what_helps(fake: FakeHost) -> None:
    outcome = reset(fake.host, PAST, False, [Thing("a", "b", stays="b")])
    assert [change.target for change in outcome.changes] == ["a"]
    assert [(item.target, item.reboot) for item in outcome.remains] == [("b", True), ("module", True)]
    assert reset(fake.host, PAST, False, [Thing("b", stays="b")]).changes == ()


@pytest.mark.parametrize(("reboot", "remedy"), [(True, "Boot the host"), (False, "Mend that")])
def test_it_fails_where_a_later_installation_would_stumble(fake: FakeHost, reboot: bool, remedy: str) -> None:
    fake.complaints[("thing", "b")] = "it is busy"
    parts = [Thing("a"), Thing("b", stays="b", vital=True, reboot=reboot), last := Thing("c")]
    with pytest.raises(K0sError, match=rf"b is still there: it is busy\. {remedy}, then run again; what is done"):
        reset(fake.host, PAST, False, parts)
    assert last.things == []


def test_one_part_that_fails_keeps_no_other_from_being_done(fake: FakeHost) -> None:
    outcome = reset(fake.host, PAST, False, [Thing("a", fails="the disk is full"), last := Thing("b")])
    assert last.things == []
    assert [item.detail for item in outcome.remains] == ["is still there: the disk is full"]


def test_many_things_that_stay_are_counted(fake: FakeHost) -> None:
    class Stubborn(Thing):
        def clear(self, host: Host) -> None:
            pass

    with pytest.raises(K0sError, match="; and 2 more"):
        reset(fake.host, PAST, False, [Stubborn(*"abcdefg", vital=True)])


def test_a_host_that_never_had_k0s_keeps_the_pods_and_rules_of_another_kubernetes(
    fake: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "find", lambda _program: None)
    fake.process(7, "pause", "/kubepods/pod1", "/pause")
    fake.kernel.links = {3: ("cni0", 0)}
    fake.make("/run/systemd/system", "/var/lib/kubelet", "/var/log/pods", "/opt/cni/bin")
    fake.write("/usr/local/bin/k0s")
    host = Host(**{**vars(fake.host), "evidence": False})
    outcome = reset(host, Past(), False, PARTS)
    assert [change.target for change in outcome.changes] == ["/usr/local/bin/k0s"]
    assert fake.killed == []
    assert fake.kernel.links


def test_a_worker_of_which_only_traces_are_left_is_cleaned(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find", lambda _program: None)
    fake.make("/run/systemd/system", "/run/k0s", "/var/lib/kubelet/pods", "/sys/fs/cgroup/cpu/kubepods")
    fake.kernel.links = {3: ("cni0", 0)}
    fake.write("/etc/k0s/k0stoken")
    outcome = reset(fake.host, Past(), False)
    assert {change.kind for change in outcome.changes} == {"link", "cgroup", "folder"}
    assert fake.kernel.links == {}
    assert not fake.has("/etc/k0s")
    assert reset(fake.host, Past(), False).changes == ()


RECEIPT = {"binary": {"version": "v1.33.13+k0s.0"}}


def refuses(**_options: Any) -> dict[str, Any]:
    raise NoAnswer("the status socket gave no answer")


@pytest.mark.parametrize(
    ("service", "ask", "past"),
    [
        ("k0sworker", lambda **_: {"Version": "v1.34.0", "Role": "worker"}, Past("v1.34.0", "worker", True)),
        ("k0scontroller", lambda **_: None, Past("v1.33.13+k0s.0", "controller", False)),
        ("", refuses, Past("v1.33.13+k0s.0", "", False)),
    ],
)
def test_what_k0s_was_is_told_by_itself_else_by_the_receipt(service: str, ask: Any, past: Past) -> None:
    assert past_of(RECEIPT, service, ask) == past


@pytest.mark.parametrize(
    ("params", "flags", "target"),
    [
        ({}, {}, Target()),
        (
            {"data_dir": "/srv/k0s/", "binary_path": "/opt/k0s", "grace": 0},
            {},
            Target("/srv/k0s", "/opt/k0s", ("/srv/k0s/kubelet", "/var/lib/kubelet"), 0.0),
        ),
        ({"data_dir": "/a"}, {"--kubelet-root-dir": "/b/"}, Target("/a", kubelet_dirs=("/b",))),
        (
            {"data_dir": "/a", "kubelet_root_dir": "/c"},
            {"--kubelet-root-dir": "/b"},
            Target("/a", kubelet_dirs=("/c",)),
        ),
    ],
)
def test_what_the_options_leave_open_the_unit_tells(
    params: dict[str, Any], flags: dict[str, str], target: Target
) -> None:
    assert Target.of(params, flags) == target


@pytest.mark.parametrize("installed", [True, False])
def test_this_host_is_known_by_its_service_and_its_traces(
    fake: FakeHost, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    found = Found(ServiceState("k0sworker", arguments=("--kubelet-root-dir=/srv/kubelet",))) if installed else None
    monkeypatch.setattr(run, "read_service", lambda: found)
    monkeypatch.setattr(run, "read_receipt", lambda _path: json.loads(json.dumps(RECEIPT)))
    monkeypatch.setattr(run, "read_status", lambda **_: None)
    monkeypatch.setattr(run, "Host", lambda **given: Host(root=Root(str(fake.folder)), **given))
    host, past = run.this_host({"data_dir": "/var/lib/k0s"})
    assert host.evidence is installed
    assert past.role == ("worker" if installed else "")
    assert (host.target.kubelet_dirs == ("/srv/kubelet",)) is installed
