# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan in words, for a terminal and for a job log.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import List, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._config.text_table import text_table
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member, Plan, Wave


def plan_text(plan: Plan) -> List[str]:
    """One line for each host that changes and what changes on it, then the order."""
    changing = [member for member in plan.members.values() if member.changes]
    if not changing:
        return [f"Nothing to change on {len(plan.members)} hosts."]
    lines = [f"{len(changing)} of {len(plan.members)} hosts change; {_about_the_leader(plan)}."]
    for member in changing:
        lines += _host_lines(member)
    waves = plan.waves.before + plan.waves.join + plan.waves.after
    steps = _preparation(plan) + [_step(wave) for wave in waves]
    return lines + ["In this order:"] + [f"  {number}. {step}" for number, step in enumerate(steps, 1)]


def _about_the_leader(plan: Plan) -> str:
    return f"{plan.leader} starts a new cluster" if plan.new_cluster else f"{plan.leader} leads"


def _host_lines(member: Member) -> List[str]:
    return [f"{member.name} ({member.spec.role}, {member.address})"] + [
        f"  {change.text()}" for change in member.changes
    ]


def _preparation(plan: Plan) -> List[str]:
    if not any(member.changes and not member.runs for member in plan.members.values()):
        return []
    start = f" and start {plan.leader}" if plan.new_cluster else ""
    return [f"Prepare the hosts on which k0s does not run{start}"]


def _step(wave: Wave) -> str:
    return f"{wave.title}, {wave.at_once} at a time" if wave.at_once else wave.title


def status_table(members: Sequence[Member]) -> List[str]:
    """Name, role, address, k0s, state and message of every host, as aligned columns."""
    rows = [("HOST", "ROLE", "ADDRESS", "K0S", "READY", "MESSAGE")]
    for member in members:
        running = member.state.running
        rows.append(
            (
                member.name,
                member.spec.role,
                member.address,
                running.version if running else "-",
                {True: "yes", False: "no", None: "unknown"}[member.state.ready] if running else "no",
                member.state.ready_message if running else "k0s does not run",
            )
        )
    return text_table(rows)
