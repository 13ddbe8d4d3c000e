# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The upgrade in words."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.model import Choice
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.select import plan_upgrade
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.text import upgrade_text

from .clusters import cluster


def told(roles: str, versions: str, choice: Choice = Choice(), backup: bool = False) -> list[str]:  # noqa: B008
    plan = cluster(roles, versions)
    return upgrade_text(plan, plan_upgrade(plan, choice, 2), backup)


def test_the_text_names_versions_hosts_and_steps() -> None:
    text = told("cccwww", "oooooo", Choice(canary=1), backup=True)
    assert text[0] == "k0s goes from v1.33.12+k0s.0 to v1.33.13+k0s.0 on 6 of 6 hosts; n1 leads."
    assert "n4 (worker, 10.0.0.4)" in text
    assert text[-6:] == [
        "In this order:",
        "  1. Bring the new k0s to n1, n2, n3, n4, n5 and n6, and try it there",
        "  2. Back up the cluster on n1",
        "  3. Restart n1, n2 and n3 one at a time",
        "  4. Canary: Drain and restart n4, 2 at a time",
        "  5. Drain and restart n5 and n6, 2 at a time",
    ]


def test_where_the_api_goes_away_and_whose_pods_move_is_told() -> None:
    assert told("bb", "oo")[-1] == (
        "  2. Restart n1 and n2 one at a time, after its pods have moved (n1 and n2); the API is away meanwhile"
    )


def test_who_stays_behind_is_told() -> None:
    assert "n2, n3, n4 and n5 will stay behind: not in this run." in told("cccww", "ooooo", Choice(only=("n1",)))


def test_nothing_to_do_is_one_line() -> None:
    assert told("ccw", "nnn") == ["Nothing to upgrade on 3 hosts: k0s v1.33.13+k0s.0."]


def test_pods_come_back_before_others_look_for_a_place() -> None:
    plan = cluster("cww", "nno")
    upgrade = replace(plan_upgrade(plan, Choice(), 1), cordoned=("n2",))
    assert upgrade_text(plan, upgrade)[-2:] == [
        "  2. Let pods come back to n2 where an earlier run sent them away",
        "  3. Drain and restart n3, 1 at a time",
    ]
