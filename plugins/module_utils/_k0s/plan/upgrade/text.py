# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An upgrade in words, for the person who has to say yes to it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Iterator, List, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Plan
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.model import Upgrade
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.waves import names


def upgrade_text(plan: Plan, upgrade: Upgrade, backup: bool = False) -> List[str]:
    """What changes on which host, then the steps in their order."""
    lines = [_headline(plan, upgrade)]
    for name in upgrade.hosts:
        member = plan.members[name]
        lines.append(f"{name} ({member.spec.role}, {member.address})")
        lines += [f"  {change.text()}" for change in member.changes]
    if upgrade.left:
        lines.append(f"{names(upgrade.left)} will stay behind: not in this run.")
    steps = list(_steps(plan, upgrade, backup))
    return (
        lines + (["In this order:"] if steps else []) + [f"  {number}. {step}" for number, step in enumerate(steps, 1)]
    )


def _headline(plan: Plan, upgrade: Upgrade) -> str:
    if not upgrade.hosts:
        return (
            f"Nothing to upgrade on {len(plan.members)} hosts: k0s {' and '.join(upgrade.versions) or 'runs nowhere'}."
        )
    before = " and ".join(version for version in upgrade.versions if version != upgrade.target) or upgrade.target
    what = f"k0s goes from {before} to {upgrade.target}" if before != upgrade.target else f"k0s stays {upgrade.target}"
    return f"{what} on {len(upgrade.hosts)} of {len(plan.members)} hosts; {plan.leader} leads."


def _steps(plan: Plan, upgrade: Upgrade, backup: bool) -> Iterator[str]:
    if upgrade.hosts:
        yield f"Bring the new k0s to {names(upgrade.hosts)}, and try it there"
        if backup:
            yield f"Back up the cluster on {plan.leader}"
    if upgrade.cordoned:
        yield f"Let pods come back to {names(upgrade.cordoned)} where an earlier run sent them away"
    if upgrade.controllers:
        drained = [name for name in upgrade.controllers if name in upgrade.drained]
        moved = f", after its pods have moved ({names(drained)})" if drained else ""
        away = "; the API is away meanwhile" if _members_of_etcd(plan) < 3 else ""
        yield f"Restart {names(upgrade.controllers)} one at a time{moved}{away}"
    if upgrade.canary:
        yield f"Canary: {_drain(upgrade.canary, upgrade)}, {upgrade.at_once} at a time"
    if upgrade.workers:
        yield f"{_drain(upgrade.workers, upgrade)}, {upgrade.at_once} at a time"


def _members_of_etcd(plan: Plan) -> int:
    return sum(1 for member in plan.members.values() if member.is_controller and not member.joins)


def _drain(hosts: Sequence[str], upgrade: Upgrade) -> str:
    return f"{'Drain and restart' if set(hosts) & set(upgrade.drained) else 'Change'} {names(hosts)}"
