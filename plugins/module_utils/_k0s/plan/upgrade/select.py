# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chooses the hosts of an upgrade and the order of its steps. Pure.

Controllers come before workers, because a kubelet may be older than the API server and never newer. Workers go in
one sliding window after the canary, whatever their number.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import List, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member, Plan, Waves
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.model import Choice, Upgrade
from ansible_collections.mke4k.core.plugins.module_utils._k0s.versions import K0sVersion, same_version


def plan_upgrade(plan: Plan, choice: Choice, at_once: int) -> Upgrade:
    """The steps for those members of the plan that are chosen and differ from what they should be."""
    members = list(plan.members.values())
    chosen = [member for member in members if is_upgraded(member, choice)]
    workers = [member.name for member in chosen if not member.is_controller]
    canary = canary_of(workers, choice)
    return Upgrade(
        target=plan.members[plan.leader].spec.version,
        versions=versions_of(members),
        controllers=tuple(member.name for member in chosen if member.is_controller),
        canary=canary,
        workers=tuple(name for name in workers if name not in canary),
        drained=tuple(member.name for member in chosen if member.spec.runs_workloads and member.restarts),
        cordoned=tuple(member.name for member in members if choice.has(member.name) and _is_cordoned(member)),
        left=tuple(member.name for member in members if is_behind(member) and not is_upgraded(member, choice)),
        at_once=at_once,
    )


def restricted(plan: Plan, upgrade: Upgrade) -> Plan:
    """The same plan without changes of hosts that the upgrade is not about, and without waves of its own."""
    members = {
        name: member if name in upgrade.hosts else replace(member, changes=()) for name, member in plan.members.items()
    }
    return replace(plan, members=members, waves=Waves())


def is_upgraded(member: Member, choice: Choice) -> bool:
    """Hosts that are no members yet are a matter of the installation."""
    return not member.joins and bool(member.changes) and choice.has(member.name)


def is_behind(member: Member) -> bool:
    """Whether a member has another k0s than it should have."""
    present = version_of(member)
    return not member.joins and bool(present) and not same_version(present, member.spec.version)


def canary_of(workers: Sequence[str], choice: Choice) -> Tuple[str, ...]:
    """Those of the changing workers that go first."""
    if isinstance(choice.canary, int):
        return tuple(workers[: choice.canary])
    return tuple(name for name in workers if name in choice.canary)


def version_of(member: Member) -> str:
    """The version that runs, or that would run after a start; empty where nobody knows."""
    if member.state.running is not None:
        return member.state.running.version
    return member.state.binary.version if member.state.binary is not None else ""


def versions_of(members: Sequence[Member]) -> Tuple[str, ...]:
    """What the members of the cluster run now, the oldest first."""
    found: List[str] = [version_of(member) for member in members if not member.joins and version_of(member)]
    return tuple(sorted(dict.fromkeys(found), key=_order))


def _order(version: str) -> Tuple[int, int, int, str]:
    try:
        known = K0sVersion(version)
    except ValueError:
        return 0, 0, 0, version
    return known.major, known.minor, known.patch, version


def _is_cordoned(member: Member) -> bool:
    return bool((member.state.node or {}).get("unschedulable"))
