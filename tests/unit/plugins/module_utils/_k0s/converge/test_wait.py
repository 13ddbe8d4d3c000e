# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Callable, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.service import Health, Service, Systemd
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    CrashWatch,
    wait_until,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeState
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeHost, FakeTime


class Told(Systemd):
    """A service that says what it is told to."""

    def __init__(self, host: FakeHost, health: Callable[[], Health], log: List[str]) -> None:
        super().__init__("k0sworker", host.paths)
        self._health, self._log = health, log

    def health(self) -> Health:
        return self._health()

    def log(self) -> List[str]:
        return self._log

    def log_of_this_start(self) -> List[str]:
        return self._log


def wait(host: FakeHost, time: FakeTime, missing: Callable[[NodeState], str], service: Service) -> NodeState:
    return wait_until(missing, NodeState, service, timeout=300, clock=time.clock, what="n1")


def test_the_pauses_grow_from_a_quarter_second_to_two(host: FakeHost) -> None:
    time = FakeTime()
    ready_at = time.now() + 60
    service = Told(host, lambda: Health("active (running)"), [])
    wait(host, time, lambda state: "" if time.now() >= ready_at else "not yet", service)
    assert time.pauses[0] == FIRST_PAUSE
    assert max(time.pauses) == LONGEST_PAUSE
    assert time.pauses == sorted(time.pauses)


def test_a_host_that_serves_is_not_waited_for(host: FakeHost) -> None:
    time = FakeTime()
    wait(host, time, lambda state: "", Told(host, Health, []))
    assert time.pauses == []


def test_the_time_out_says_what_is_missing_and_what_k0s_says(host: FakeHost) -> None:
    service = Told(host, lambda: Health("active (running)"), ["Error: no route to host abcdef.0123456789abcdef"])
    time = FakeTime()
    with pytest.raises(K0sError) as caught:
        wait(host, time, lambda state: "its Node is not Ready: NoRoute", service)
    assert time.now() == pytest.approx(1300)
    assert str(caught.value) == (
        "n1 does not serve: it did not serve within 300 s. Missing: its Node is not Ready: NoRoute. The service "
        "k0sworker is active (running). Its log says: Error: no route to host <token>. "
        "Correct the cause and run again; nothing has to be undone first"
    )


def test_a_failed_service_ends_the_wait_at_once(host: FakeHost) -> None:
    time = FakeTime()
    with pytest.raises(K0sError, match=r"its service has failed.*Its log has no error"):
        wait(host, time, lambda state: "all", Told(host, lambda: Health("failed", failed=True), []))
    assert time.pauses == []


def test_a_k0s_that_keeps_ending_stops_the_wait_early(host: FakeHost) -> None:
    time = FakeTime()

    def health() -> Health:
        exits = int((time.now() - 1000) // 11) + 1
        return Health("activating (auto-restart)", restarting=True, exits=exits, last_run_seconds=1.0)

    with pytest.raises(K0sError, match=r"k0s ended 2 times by itself.*Error: not an embedded asset: kubelet"):
        wait(host, time, lambda state: "all", Told(host, health, ["Error: not an embedded asset: kubelet"]))
    assert time.now() - 1000 < 14


def test_a_component_that_keeps_ending_stops_the_wait_early(host: FakeHost) -> None:
    line = 'time="x" level=info msg="Error: unknown flag: --bogus" component=kube-apiserver stream=stderr'
    service, time = Told(host, lambda: Health("active (running)"), [line] * 4), FakeTime()
    words = r"kube-apiserver has ended 4 times: Error: unknown flag: --bogus\. Missing: all"
    with pytest.raises(K0sError, match=words):
        wait(host, time, lambda state: "all", service)
    assert 10 <= time.now() - 1000 < 13


def test_a_controller_that_tries_long_to_join_is_not_taken_for_a_crash() -> None:
    watch = CrashWatch(0)
    for exits in (1, 2, 3):
        assert watch.verdict(Health(restarting=True, exits=exits, last_run_seconds=51.0)) == ""


def test_exits_of_an_earlier_start_do_not_count() -> None:
    assert CrashWatch(5).verdict(Health(exits=5)) == ""
    assert CrashWatch(5).verdict(Health(exits=7)) != ""
