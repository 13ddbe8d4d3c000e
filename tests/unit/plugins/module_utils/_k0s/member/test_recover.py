# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Dict

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.recover import (
    PATIENCE,
    Recovery,
    alone,
    serves,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeState, RunningState
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeHost
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.member.fakes import etcd_of, member

LOST = etcd_of(
    member(1), member(2, answers=False), member(3, answers=False), healthy=False, leader=False, error="no leader"
)


class Survivor:
    """A controller whose etcd follows what is done to its service."""

    def __init__(self, host: FakeHost) -> None:
        self.host = host
        self.etcd: Dict[str, Any] = dict(LOST)
        data = Path(host.paths_of("/var/lib/k0s/etcd/member/snap/db"))
        data.parent.mkdir(parents=True)
        data.write_bytes(b"everything")
        host.set(active=True)

    @property
    def drop_in(self) -> Path:
        return Path(self.host.paths.systemd_running, "k0scontroller.service.d", "mke4k-recover.conf")

    def read_etcd(self) -> Dict[str, Any]:
        """A start with the setting makes a cluster of one; it stays one."""
        if self.drop_in.exists() and self.host.state["active"]:
            self.etcd = etcd_of(member(1))
        return self.etcd

    def recovery(self, **values: Any) -> Recovery:
        state = NodeState(running=RunningState("v1", "controller", 1), ready=True)
        machine = SimpleNamespace(
            paths=self.host.paths,
            clock=self.host.time.clock,
            service=self.host.machine.service,
            read_progress=lambda _spec, _api: values.pop("state", state),
        )
        given: Dict[str, Any] = {
            "data_dir": self.host.paths_of("/var/lib/k0s"),
            "keep": self.host.paths_of("/var/lib/mke4k-recovery"),
            "timeout": 30,
        }
        return Recovery(machine, self.read_etcd, lambda: "NOW", **given)  # type: ignore[arg-type]


@pytest.fixture
def survivor(host: FakeHost) -> Survivor:
    return Survivor(host)


def test_etcd_goes_on_alone_and_starts_as_always_then(survivor: Survivor) -> None:
    found = survivor.recovery().run()
    kept = Path(found["kept"])
    assert found["changed"]
    assert [item["name"] for item in found["members_before"]] == ["n1", "n2", "n3"]
    assert [item["name"] for item in found["members"]] == ["n1"]
    assert (kept / "member/snap/db").read_bytes() == b"everything"
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    verbs = [call[1] for call in survivor.host.called("systemctl") if call[1] in ("stop", "start", "restart")]
    assert verbs == ["stop", "start", "restart"]
    assert not survivor.drop_in.exists()


def test_a_quorum_that_is_there_is_left_alone(survivor: Survivor) -> None:
    survivor.etcd = etcd_of(member(1), member(2))
    found = survivor.recovery().run()
    assert not found["changed"]
    assert found["kept"] == ""
    assert survivor.host.called("systemctl") == []


def test_an_etcd_that_only_starts_slowly_is_waited_for(survivor: Survivor) -> None:
    healthy_at = survivor.host.time.now() + PATIENCE / 2

    def arrive(now: float) -> None:
        if now >= healthy_at:
            survivor.etcd = etcd_of(member(1), member(2), member(3))

    survivor.host.time.on_sleep.append(arrive)
    assert not survivor.recovery().run()["changed"]


def test_a_quorum_that_only_does_not_decide_is_not_thrown_away(survivor: Survivor) -> None:
    survivor.etcd = etcd_of(member(1), member(2), member(3, answers=False), healthy=False, error="no leader")
    with pytest.raises(K0sError, match=r"n1 \(10.0.0.1\), n2 \(10.0.0.2\) answer, which are 2 of 3"):
        survivor.recovery().run()
    assert survivor.host.called("systemctl") == []


def test_check_mode_tells_and_touches_nothing(survivor: Survivor) -> None:
    found = survivor.recovery().run(dry_run=True)
    assert found["changed"]
    assert found["kept"].endswith("mke4k-recovery/etcd-NOW")
    assert survivor.host.called("systemctl") == []
    assert not Path(found["kept"]).exists()


def test_a_run_that_was_killed_after_the_new_cluster_is_finished(survivor: Survivor) -> None:
    survivor.drop_in.parent.mkdir(parents=True)
    survivor.drop_in.write_text("left over")
    found = survivor.recovery().run()
    assert found["changed"]
    assert found["kept"] == ""
    assert [call[1] for call in survivor.host.called("systemctl") if call[1] in ("stop", "start", "restart")] == [
        "restart"
    ]
    assert not survivor.drop_in.exists()


def test_an_etcd_that_does_not_run_at_all_can_be_recovered(survivor: Survivor) -> None:
    survivor.etcd = etcd_of(healthy=False, error="connection refused")
    survivor.host.set(active=False)
    assert survivor.recovery().run()["members_before"] == []


def test_a_host_without_data_is_told(survivor: Survivor) -> None:
    shutil.rmtree(survivor.host.paths_of("/var/lib/k0s/etcd"))
    with pytest.raises(K0sError, match="there is no data of etcd on this host"):
        survivor.recovery().run()


def test_no_room_for_the_copy_stops_before_etcd_is_changed(survivor: Survivor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=3))
    with pytest.raises(K0sError, match="could not be kept"):
        survivor.recovery().run()
    assert survivor.host.called("systemctl", "start") == []


def test_an_etcd_that_stays_away_is_told_with_k0s_own_words(survivor: Survivor) -> None:
    survivor.host.set(log=["panic: database is broken"])
    recovery = survivor.recovery()
    object.__setattr__(recovery, "read_etcd", lambda: LOST)
    with pytest.raises(K0sError, match=r"within 30 s: no leader\. .*panic: database is broken"):
        recovery.run()


def test_another_service_manager_is_told(survivor: Survivor) -> None:
    recovery = survivor.recovery()
    service = SimpleNamespace(manager="openrc")
    recovery.machine.service = lambda _name: service  # type: ignore[method-assign,assignment,return-value]
    with pytest.raises(K0sError, match="only systemd is supported"):
        recovery.run()


@pytest.mark.parametrize(
    ("etcd", "lack"),
    [
        (etcd_of(member(1)), ""),
        (etcd_of(member(1), member(2)), "etcd still has 2 members"),
        (etcd_of(healthy=False), "etcd does not answer"),
    ],
)
def test_what_is_missing_until_etcd_is_alone(etcd: Dict[str, Any], lack: str) -> None:
    assert alone(etcd) == lack


RUNS = RunningState("v1", "controller", 1)


@pytest.mark.parametrize(
    ("state", "lack"),
    [
        (NodeState(), "k0s does not answer on its status socket yet"),
        (NodeState(running=RUNS, ready=True), ""),
        (NodeState(running=RUNS, ready=False, node={"ready": False}), ""),
        (NodeState(running=RUNS, ready=False, ready_message="etcd failed"), "etcd failed"),
        (NodeState(running=RUNS), "/readyz does not answer"),
    ],
)
def test_what_is_missing_until_the_api_serves(state: NodeState, lack: str) -> None:
    assert serves(state) == lack
