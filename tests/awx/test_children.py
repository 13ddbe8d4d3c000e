# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks for children as jobs, in the order in which a user comes to them."""

from __future__ import annotations

from typing import Any

import yaml

from .ground import Ground, good, refused, unchanged

MACHINE = {"image_lookup": {"format": "al2023-ami-2023.*"}}
CHILDREN: dict[str, Any] = {
    "mke4k_children_defaults": {
        "region": "eu-west-3", "availability_zones": 1, "control_plane": MACHINE, "worker": MACHINE,
        "control_plane_number": 1, "workers_number": 1,
    },
    "mke4k_children": [{"name": "prod-eu", "protected": True}, {"name": "test-eu"}],
    "mke4k_children_timeout": 120,
    "mke4k_aws_iam": True,
    "child_clusters_settle": 2,
}  # fmt: skip
AS_TEXT = {name: yaml.safe_dump(CHILDREN[name]) for name in ("mke4k_children", "mke4k_children_defaults")}


def test_a_check_tells_what_would_come_and_makes_nothing(mothership: Ground) -> None:
    good(mothership.launch("children", step="check", check=True, answers=CHILDREN))


def test_children_come_up_and_are_handed_on(mothership: Ground) -> None:
    ran = good(mothership.launch("children", answers=CHILDREN))
    stats = ran.events.stats()["mke4k_child_clusters"]
    assert sorted(child["name"] for child in stats) == ["prod-eu", "test-eu"]


def test_a_second_job_changes_nothing(mothership: Ground) -> None:
    unchanged(mothership.launch("children", step="again", answers=CHILDREN))
