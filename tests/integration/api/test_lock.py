# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock of a cluster on a real API server, which decides who was first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock import keep
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.keep import LockHeld, LockLost
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.lease import LEASE
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.model import Process, Run
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from tests.api import fault_kinds
from tests.api.bed import Bed
from tests.api.faults import FaultProxy

from .weather import api_through

ALICE = Run("alice@bastion", "upgrade", "bastion:1", process=Process("bastion", 11, "100"))
BOB = Run("bob@laptop", "install", "laptop:2", process=Process("laptop", 22, "200"))


def unseen(_process: Process) -> None:
    """Processes of another machine."""


@pytest.fixture
def free(bed: Bed) -> Iterator[Bed]:
    """A cluster whose lock nobody ever had."""
    bed.ensure_namespace("kube-system")
    yield bed
    bed.api().delete(LEASE)


def test_a_lock_is_taken_renewed_and_given_back(free: Bed) -> None:
    api = free.api()
    assert keep.take(api, ALICE, 1800, unseen).changed
    assert not keep.take(api, ALICE, 1800, unseen).changed
    keep.renew(api, ALICE, 1800)
    with pytest.raises(LockHeld, match=r"the lock is free in (29|30) min"):
        keep.take(api, BOB, 1800, unseen)
    assert keep.release(api, ALICE)
    assert keep.look(api) is None
    assert keep.take(api, BOB, 1800, unseen).held.run == BOB
    assert keep.release(api, BOB)


def test_of_many_runs_that_start_at_once_exactly_one_has_the_lock(free: Bed) -> None:
    held: list[str] = []
    refused: list[str] = []
    start = threading.Barrier(8)

    def run(number: int) -> None:
        me = replace(BOB, identity=f"run-{number}", owner=f"user-{number}@host")
        api = free.api()
        start.wait()
        try:
            held.append(keep.take(api, me, 1800, unseen).held.run.identity)
        except LockHeld as error:
            refused.append(str(error))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(held), len(refused)) == (1, 7)
    owner = held[0].replace("run-", "user-") + "@host"
    assert all(f"{owner} is changing this cluster" in text for text in refused)


def test_the_age_of_a_lock_is_told_by_the_clock_of_the_server(free: Bed) -> None:
    api = free.api()
    keep.take(api, ALICE, 60, unseen, wall=lambda: datetime.now(timezone.utc) - timedelta(days=1))
    with pytest.raises(LockHeld):
        keep.take(api, BOB, 60, unseen, wall=lambda: datetime.now(timezone.utc) + timedelta(days=1))
    now = datetime.now(timezone.utc)
    assert abs(keep.server_time(api) - now) < timedelta(seconds=30)


def test_a_lock_that_was_taken_by_force_stops_the_run_that_had_it(free: Bed) -> None:
    api = free.api()
    keep.take(api, ALICE, 1800, unseen)
    keep.take(api, BOB, 1800, unseen, take_from=ALICE.holder)
    with pytest.raises(LockLost, match="bob@laptop/install/22 has it"):
        keep.renew(api, ALICE, 1800)
    assert not keep.release(api, ALICE)


def test_answers_that_are_lost_leave_the_lock_with_the_run_that_asked(free: Bed, proxy: FaultProxy) -> None:
    api = api_through(free, proxy)
    proxy.expect(fault_kinds.LostAnswer(), method="POST")
    assert keep.take(api, ALICE, 1800, unseen).held.run == ALICE
    proxy.expect(fault_kinds.LostAnswer(), method="PUT")
    keep.renew(api, ALICE, 1800)
    proxy.expect(fault_kinds.LostAnswer(), method="PUT")
    keep.release(api, ALICE)
    assert keep.look(api) is None


def test_nothing_is_written_before_the_gate_lets_it_through(free: Bed, namespace: str) -> None:
    api = free.api()

    def object_of(name: str) -> dict[str, object]:
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}}

    keep.take(free.api(), ALICE, 1800, unseen)

    def take() -> None:
        keep.take(api, BOB, 1800, unseen)

    api.before_write = take
    api.apply(object_of("dry"), dry_run=True)
    for _again in range(2):
        with pytest.raises(LockHeld):
            api.apply(object_of("one"))
    assert api.list(Kind("v1", "ConfigMap"), namespace=namespace).items == []
    keep.release(free.api(), ALICE)
    threads = [threading.Thread(target=api.apply, args=(object_of(f"c{number}"),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(api.list(Kind("v1", "ConfigMap"), namespace=namespace).items) == 6
    held = keep.look(api)
    assert held is not None
    assert (held.run, held.holder) == (BOB, BOB.holder)
    keep.release(api, BOB)


def test_a_user_who_may_not_take_it_is_told(free: Bed) -> None:
    with pytest.raises(Refused, match="403"):
        keep.take(free.api("restricted"), ALICE, 1800, unseen)
