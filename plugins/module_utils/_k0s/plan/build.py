# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the plan from what the hosts should be and what they are.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Mapping, Union

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import changes_for
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, NodeState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.leader import choose_leader
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member, Plan
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.waves import waves_for


def make_plan(
    specs: Mapping[str, NodeSpec],
    states: Mapping[str, NodeState],
    addresses: Mapping[str, str],
    disruption: Union[int, str] = "10%",
    goal: str = "serving",
) -> Plan:
    """The plan for the hosts that were read, in the order of `specs`.

    `disruption` is how many workers may restart at a time, as a number or as a percentage of all workers (rounded
    down, at least one). `goal` is `connected` where the network plugin only comes after k0s, else `serving`.
    There must be a controller among the hosts.
    """
    members = {
        name: Member(name, addresses[name], spec, states[name], tuple(changes_for(spec, states[name])))
        for name, spec in specs.items()
        if name in states
    }
    ordered = list(members.values())
    leader = choose_leader(ordered)
    workers = sum(1 for member in ordered if not member.is_controller)
    window = window_size(disruption, workers)
    return Plan(
        leader=leader.name,
        new_cluster=leader.joins,
        members=members,
        waves=waves_for(ordered, leader, window, goal),
        goal=goal,
        window=window,
    )


def window_size(disruption: Union[int, str], workers: int) -> int:
    """How many workers may be in work at a time: `3`, `"3"` or `"10%"` of `workers`; never less than one."""
    text = str(disruption).strip()
    try:
        if text.endswith("%"):
            return max(1, int(workers * float(text[:-1]) / 100))
        return max(1, int(text))
    except (ValueError, OverflowError):
        raise ValueError(f"{disruption!r} is not a number of workers such as 3, nor a percentage such as 10%") from None
