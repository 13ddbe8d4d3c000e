# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock import keep
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.keep import LockHeld, LockLost, Taken
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.model import Run
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.lock.leases import (
    ALICE,
    BOB,
    NOON,
    Leases,
    unseen,
)


def take(api: Any, run: Run, take_from: str = "", **options: Any) -> Taken:
    return keep.take(api, run, 1800, options.pop("runs", unseen), take_from, wall=options.pop("wall", api.wall))


def bob_takes_it(api: Any) -> None:
    take(api, BOB)


def test_the_first_run_has_the_lock_and_the_second_is_told_who_has_it() -> None:
    api: Any = Leases()
    assert take(api, ALICE).changed
    api.pass_by(300)
    with pytest.raises(LockHeld) as refused:
        take(api, BOB)
    message = str(refused.value)
    assert "install was not started, and nothing was changed" in message
    assert "alice@bastion is changing this cluster (upgrade, since 2026-11-21T12:00:00Z" in message
    assert "last heard of 5 min ago; the lock is free in 25 min" in message
    assert "-e mke4k_take_lock=alice@bastion/upgrade/11" in message
    assert refused.value.details["lock"]["holder"] == "alice@bastion/upgrade/11"


def test_a_lock_that_was_given_back_is_free_at_once() -> None:
    api: Any = Leases()
    take(api, ALICE)
    assert keep.release(api, ALICE)
    assert keep.look(api) is None
    taken = take(api, BOB)
    assert (taken.changed, taken.reason, taken.held.holder) == (True, "", "bob@laptop/install/22")
    assert api.lease is not None
    assert api.lease["spec"]["leaseTransitions"] == 1


def test_taking_it_again_renews_it() -> None:
    api: Any = Leases()
    take(api, ALICE)
    api.pass_by(1700)
    again = take(api, ALICE)
    assert (again.changed, again.held.since, again.held.heard) == (False, NOON, NOON + timedelta(seconds=1700))
    api.pass_by(1700)
    with pytest.raises(LockHeld):
        take(api, BOB)


def test_a_verb_within_another_leaves_the_lock_to_the_outer_one() -> None:
    api: Any = Leases()
    take(api, ALICE)
    inner = replace(ALICE, verb="backup")
    assert take(api, inner).held.run.verb == "upgrade"
    assert not keep.release(api, inner)
    assert keep.release(api, ALICE)


def test_a_lock_that_nobody_renewed_in_time_is_free() -> None:
    api: Any = Leases()
    take(api, ALICE)
    api.pass_by(1799)
    with pytest.raises(LockHeld):
        take(api, BOB)
    api.pass_by(1)
    taken = take(api, BOB)
    assert taken.reason == "alice@bastion/upgrade/11 had the lock, but was not heard of for 30 min"


def test_a_control_node_whose_clock_is_wrong_takes_no_lock_of_a_living_run() -> None:
    api: Any = Leases()
    take(api, ALICE, wall=lambda: NOON - timedelta(days=1))
    with pytest.raises(LockHeld):
        take(api, BOB, wall=lambda: NOON + timedelta(days=1))


def test_a_run_whose_process_has_ended_on_this_machine_is_no_obstacle() -> None:
    api: Any = Leases()
    take(api, ALICE)
    taken = take(api, BOB, runs=lambda process: process.pid != 11)
    assert "its process has ended without giving it back" in taken.reason


def test_a_run_whose_process_lives_keeps_its_lock_however_long_it_is_silent() -> None:
    api: Any = Leases()
    take(api, ALICE)
    api.pass_by(86400)
    with pytest.raises(LockHeld, match="process 11 runs on this machine"):
        take(api, BOB, runs=lambda _process: True)


def test_the_user_takes_the_lock_from_the_holder_that_the_message_named_and_from_no_other() -> None:
    api: Any = Leases()
    take(api, ALICE)
    with pytest.raises(LockHeld, match="mke4k_take_lock names carol@desk/install/1, which has it no more"):
        take(api, BOB, take_from="carol@desk/install/1")
    taken = take(api, BOB, take_from="alice@bastion/upgrade/11")
    assert taken.held.run.owner == "bob@laptop"
    assert "as mke4k_take_lock says" in taken.reason


def test_a_run_that_lost_its_lock_is_stopped_and_gives_back_nothing() -> None:
    api: Any = Leases()
    take(api, ALICE)
    take(api, BOB, take_from="alice@bastion/upgrade/11")
    with pytest.raises(LockLost, match=r"upgrade stops here: it has lost the lock .* bob@laptop/install/22 has it"):
        keep.renew(api, ALICE, 1800, api.wall)
    assert not keep.release(api, ALICE)
    keep.release(api, BOB)
    with pytest.raises(LockLost, match="somebody gave it back"):
        keep.renew(api, ALICE, 1800, api.wall)


def test_a_job_that_is_run_again_goes_on_with_its_lock() -> None:
    api: Any = Leases()
    job = replace(ALICE, job="88", template="7")
    take(api, job)
    again = replace(job, identity="other pod:9")
    assert take(api, again).held.run.identity == "other pod:9"
    relaunched = replace(BOB, job="89", template="7", relaunched=True)
    assert "launched again" in take(api, relaunched).reason
    with pytest.raises(LockHeld, match="as job 89"):
        take(api, replace(BOB, identity="third", job="90", template="7"))


def test_of_two_runs_that_write_at_once_one_comes_second() -> None:
    api: Any = Leases()
    api.others = [lambda: bob_takes_it(api)]
    with pytest.raises(LockHeld, match="bob@laptop is changing this cluster"):
        take(api, ALICE)
    keep.release(api, BOB)
    api.others = [lambda: bob_takes_it(api)]
    with pytest.raises(LockHeld, match="bob@laptop is changing this cluster"):
        take(api, ALICE)


def test_a_write_that_always_comes_second_ends_with_words() -> None:
    api: Any = Leases()
    take(api, ALICE)

    def touched() -> None:
        assert api.lease is not None
        api.lease["metadata"]["resourceVersion"] += "x"

    def always() -> None:
        touched()
        api.others.append(always)

    api.others = [always]
    for act in (
        lambda: take(api, ALICE),
        lambda: keep.renew(api, ALICE, 1800, api.wall),
        lambda: keep.release(api, ALICE),
    ):
        with pytest.raises(KubeError, match="was changed by others 10 times"):
            act()


def test_a_cluster_that_has_just_started_gets_time_for_its_namespaces() -> None:
    api: Any = Leases()
    api.has_namespace_at = NOON + timedelta(seconds=2)
    assert take(api, ALICE).changed
    never: Any = Leases()
    never.has_namespace_at = NOON + timedelta(days=1)
    with pytest.raises(Refused, match="kube-system not found"):
        take(never, ALICE)


def test_a_lease_that_somebody_took_away_is_made_anew() -> None:
    api: Any = Leases()
    take(api, ALICE)

    def removed() -> None:
        api.lease = None

    api.others = [removed]
    assert take(api, ALICE).held.run == ALICE


@pytest.mark.parametrize("status", [403, 422])
def test_an_api_that_refuses_is_quoted(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    api: Any = Leases()

    def refuse(*_all: Any, **_more: Any) -> None:
        raise Refused("no", status)

    monkeypatch.setattr(api, "create", refuse)
    with pytest.raises(Refused, match="no"):
        take(api, ALICE)


def test_a_lease_without_times_or_notes_is_that_of_its_holder_and_expired() -> None:
    api: Any = Leases()
    api.lease = {
        "metadata": {"name": "mke4k-run", "namespace": "kube-system", "resourceVersion": "1"},
        "spec": {"holderIdentity": "somebody"},
    }
    held = keep.look(api)
    assert held is not None
    assert (held.holder, held.run.owner, held.expiry) == ("somebody", "somebody", 0)
    assert "was not heard of" in take(api, BOB).reason
