# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook of fifteen lines that imports a role beside a user's own tasks, on a host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .clusters import FLAGS
from .ground import Ground
from .job import ROOT
from .own import host_variables, play, well

PLAYBOOK = ROOT / "examples" / "own_cluster.yml"


def inventory(hosts: Ground) -> dict[str, Any]:
    """Groups of names of their own."""
    controller = {"mke4k_host": {"installFlags": FLAGS}, **host_variables(hosts, "one")}
    return {
        "our_controllers": {"hosts": {"one": controller}},
        "our_workers": {"hosts": {"two": host_variables(hosts, "two")}},
    }


@pytest.mark.thorough
def test_it_makes_the_cluster_and_a_second_run_changes_nothing(hosts: Ground, tmp_path: Path) -> None:
    first = well(play(hosts, tmp_path, PLAYBOOK, inventory(hosts)))
    assert '"k0s_cluster.leader": "one"' in first.output
    assert well(play(hosts, tmp_path, PLAYBOOK, inventory(hosts))).changed() == []


def test_it_has_fifteen_lines_and_a_check_shows_the_plan(hosts: Ground, tmp_path: Path) -> None:
    assert len(PLAYBOOK.read_text().splitlines()) == 15
    ran = well(play(hosts, tmp_path, PLAYBOOK, inventory(hosts), "--check"))
    assert "one, two change" in ran.output
