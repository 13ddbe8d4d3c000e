# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of a run.

A member is added to etcd alone: the cluster counts it for its quorum at once, long before it answers. The second
member even costs the first one its quorum until it has started: about ten seconds without an API, in which the
controller manager loses its lease, and then some fifteen more in which nobody signs the certificates of new kubelets.
So the workers join first, all together, and the controllers after them, one by one.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import List, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member, Wave, Waves

MANY = 6


def waves_for(members: Sequence[Member], leader: Member, disruption: int, goal: str = "serving") -> Waves:
    """The waves of a run; `disruption` is how many workers may restart at a time (0: all), `goal` what each waits for.

    The first controller of a new cluster is in none of them: it starts while the other hosts are prepared.
    """
    changing = [member for member in members if member.changes]
    joins = _joins(changing, leader)
    return Waves(
        before=_towards(goal, _return_of_stopped_controllers(changing) + _rolling_restart(changing)),
        join=_towards(goal, joins),
        after=_towards(goal, _wait_for_joined(joins) + _workers_without_joining(changing, disruption)),
    )


def _towards(goal: str, waves: Sequence[Wave]) -> Tuple[Wave, ...]:
    return tuple(wave if wave.wait_for == "etcd" else replace(wave, wait_for=goal) for wave in waves)


def _return_of_stopped_controllers(changing: Sequence[Member]) -> List[Wave]:
    """Controllers that were members start together: one alone would wait for a quorum that cannot come."""
    stopped = [item.name for item in changing if item.is_controller and not item.joins and not item.runs]
    return [Wave(f"Start {names(stopped)} again", tuple(stopped))] if stopped else []


def _rolling_restart(changing: Sequence[Member]) -> List[Wave]:
    running = [item.name for item in changing if item.is_controller and item.runs]
    return [
        Wave(f"Change {name} while the other controllers serve", (name,), needs=tuple(running[:position]))
        for position, name in enumerate(running)
    ]


def _joins(changing: Sequence[Member], leader: Member) -> List[Wave]:
    controllers = [item.name for item in changing if item.is_controller and item.joins and item is not leader]
    workers = tuple(item.name for item in changing if not item.is_controller and item.joins)
    waves = [_join(workers, leader, ())] if workers else []
    for position, name in enumerate(controllers):
        last = position == len(controllers) - 1
        waves.append(_join((name,), leader, tuple(controllers[:position]), wait_for="serving" if last else "etcd"))
    return waves


def _join(hosts: Tuple[str, ...], leader: Member, earlier: Tuple[str, ...], wait_for: str = "serving") -> Wave:
    return Wave(f"Join {names(hosts)}", hosts, needs=(leader.name,) + earlier, wait_for=wait_for)


def _wait_for_joined(joins: Sequence[Wave]) -> List[Wave]:
    """Those whose join was only followed until etcd was whole again, so that the next one could begin."""
    hosts = tuple(name for wave in joins if wave.wait_for == "etcd" for name in wave.hosts)
    serve = "serve" if len(hosts) > 1 else "serves"
    return [Wave(f"Wait until {names(hosts)} {serve}", hosts, only_waits=True)] if hosts else []


def _workers_without_joining(changing: Sequence[Member], disruption: int) -> List[Wave]:
    """Workers that are members, whether they run or were stopped."""
    workers = tuple(item.name for item in changing if not item.is_controller and not item.joins)
    return [Wave(f"Change {names(workers)}", workers, at_once=disruption)] if workers else []


def names(hosts: Sequence[str]) -> str:
    """The hosts in a sentence; of many only the first."""
    if len(hosts) > MANY:
        return f"{', '.join(hosts[: MANY - 1])} and {len(hosts) - MANY + 1} more"
    return " and ".join(filter(None, (", ".join(hosts[:-1]), hosts[-1])))
