# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes, renews and gives back the lock. Every write names the version it is for, so one of two runs comes second.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Callable, Dict, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.decide import Decision, decide, spoken
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.lease import (
    LEASE,
    Held,
    free_lease,
    held_by,
    lease_of,
    text_of,
    time_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.model import Process, Run

TRIES = 10
# A cluster that has just started makes its namespaces within a second or two.
YOUNG_SECONDS = 15.0
_PAUSE = 0.3

Runs = Callable[[Process], Optional[bool]]


class LockHeld(KubeError):
    """Another run has the lock."""


class LockLost(KubeError):
    """Another run has taken the lock from this one."""


@dataclass(frozen=True)
class Taken:
    """`changed`: the run did not have it before. `reason`: why it may have what another run had."""

    changed: bool
    held: Held
    reason: str = ""


def wall_clock() -> datetime:
    return datetime.now(timezone.utc)


def look(api: Api) -> Optional[Held]:
    """Who has the lock."""
    return held_by(api.get(LEASE))


def take(
    api: Api, run: Run, expiry: int, runs: Runs, take_from: str = "", wall: Callable[[], datetime] = wall_clock
) -> Taken:
    """Takes the lock, or renews it where the run has it already. Raises LockHeld."""
    for _attempt in range(TRIES):
        lease = api.get(LEASE)
        held = held_by(lease)
        decision = decide(held, run, take_from, runs, lambda: server_time(api, wall))
        if held is not None and not decision.allowed:
            raise refusal(run, held, decision, take_from)
        # Who continues a run keeps its name: a verb within a verb does not give back the lock of the outer one.
        goes_on = held is not None and run.continues(held.run)
        wanted = held.run if held is not None and held.run.identity == run.identity else run
        written = _written(api, lease_of(wanted, expiry, wall(), lease), lease)
        now_held = held_by(written)
        if now_held is not None and now_held.run.identity == run.identity:
            return Taken(not goes_on, now_held, decision.reason)
    raise KubeError(
        f"{run.verb} was not started: {LEASE} was changed by others {TRIES} times while this run tried to take it. "
        "Run again."
    )


def renew(api: Api, run: Run, expiry: int, wall: Callable[[], datetime] = wall_clock) -> None:
    """Says that the run still works. Raises LockLost where it is not the run's any more."""
    for _attempt in range(TRIES):
        lease = api.get(LEASE)
        held = held_by(lease)
        if held is None or held.run.identity != run.identity:
            who = "somebody gave it back" if held is None else f"{held.holder} has it since {text_of(held.since)}"
            raise LockLost(
                f"{run.verb} stops here: it has lost the lock of the cluster ({LEASE}): {who}. What is done stays; "
                "run again when the other run has ended."
            )
        if _written(api, lease_of(held.run, expiry, wall(), lease), lease) is not None:
            return
    raise KubeError(f"{run.verb} stops here: {LEASE} was changed by others {TRIES} times while this run renewed it.")


def release(api: Api, run: Run) -> bool:
    """Gives the lock back if this run took it for this verb; whether it did."""
    for _attempt in range(TRIES):
        lease = api.get(LEASE)
        held = held_by(lease)
        if lease is None or held is None or held.run.identity != run.identity or held.run.verb != run.verb:
            return False
        if _written(api, free_lease(lease), lease) is not None:
            return True
    raise KubeError(f"{LEASE} was changed by others {TRIES} times while this run gave it back.")


def server_time(api: Api, wall: Callable[[], datetime] = wall_clock) -> datetime:
    """What the API server's clock shows: control nodes may be wrong by more than the lock lasts."""
    question = {
        "apiVersion": LEASE.api_version,
        "kind": LEASE.kind,
        "metadata": {"name": f"{LEASE.name}-clock", "namespace": LEASE.namespace},
    }
    answer = api.create(question, dry_run=True)
    return time_of(str(answer["metadata"].get("creationTimestamp"))) or wall()


def refusal(run: Run, held: Held, decision: Decision, take_from: str) -> LockHeld:
    job = f" as job {held.run.job}" if held.run.job else ""
    now_other = f" mke4k_take_lock names {take_from}, which has it no more." if take_from else ""
    return LockHeld(
        f"{run.verb} was not started, and nothing was changed: {held.run.owner} is changing this cluster{job} "
        f"({held.run.verb or 'unknown verb'}, since {text_of(held.since)[:19]}Z; {decision.reason}).{now_other} "
        "Wait until that run has ended, then run again. If you know that it is dead, take the lock from it: "
        f"-e mke4k_take_lock={held.holder}",
        lock=held.to_dict(),
    )


def _written(api: Api, lease: Dict[str, Any], before: Optional[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
    """The Lease as it is now; None where somebody else was first."""
    try:
        return api.create(lease) if before is None else api.replace(lease)
    except Refused as error:
        if error.status == 409 or (error.status == 404 and before is not None):
            return None
        if error.status != 404:
            raise
        return _when_there_is_a_place(api, lease)


def _when_there_is_a_place(api: Api, lease: Dict[str, Any]) -> Optional[Dict[str, Any]]:
    """The namespace of a cluster that has just started may still be missing."""
    until = api.clock.now() + YOUNG_SECONDS
    while True:
        api.clock.sleep(_PAUSE)
        try:
            return api.create(lease)
        except Refused as error:
            if error.status == 409:
                return None
            if error.status != 404 or api.clock.now() >= until:
                raise


__all__ = ["LockHeld", "LockLost", "Taken", "look", "refusal", "release", "renew", "server_time", "spoken", "take"]
