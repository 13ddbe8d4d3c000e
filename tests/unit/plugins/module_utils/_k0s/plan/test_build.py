# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole plan."""

from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.build import make_plan, window_size
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.text import plan_text, status_table

from .nodes import bare, converged, spec

ADDRESSES = {f"n{number}": f"10.0.0.{number}" for number in range(1, 6)}


def test_the_plan_of_a_new_cluster_names_leader_changes_and_order() -> None:
    specs = {"n1": spec(), "n2": spec(), "n3": spec(), "n4": spec("worker")}
    plan = make_plan(specs, {name: bare(name) for name in specs}, ADDRESSES)
    assert (plan.leader, plan.new_cluster, plan.changed) == ("n1", True, True)
    text = plan_text(plan)
    assert text[0] == "4 of 4 hosts change; n1 starts a new cluster."
    assert "n4 (worker, 10.0.0.4)" in text
    assert "  start k0sworker: is started for the first time" in text
    assert text[-6:] == [
        "In this order:",
        "  1. Prepare the hosts on which k0s does not run and start n1",
        "  2. Join n4",
        "  3. Join n2",
        "  4. Join n3",
        "  5. Wait until n2 serves",
    ]


def test_a_converged_cluster_has_nothing_to_change() -> None:
    specs = {"n1": spec(), "n2": spec("worker")}
    plan = make_plan(specs, {name: converged(name, wanted) for name, wanted in specs.items()}, ADDRESSES)
    assert not plan.changed
    assert plan_text(plan) == ["Nothing to change on 2 hosts."]


def test_hosts_that_were_not_read_are_not_planned() -> None:
    specs = {"n1": spec(), "n2": spec("worker")}
    plan = make_plan(specs, {"n1": bare("n1")}, ADDRESSES)
    assert list(plan.members) == ["n1"]


def test_the_status_is_a_table_with_one_line_a_host() -> None:
    specs = {"n1": spec(), "n2": spec("worker")}
    plan = make_plan(specs, {"n1": converged("n1", spec(), ready_message="ok"), "n2": bare("n2")}, ADDRESSES)
    assert status_table(list(plan.members.values())) == [
        "HOST  ROLE               ADDRESS   K0S             READY  MESSAGE",
        "n1    controller+worker  10.0.0.1  v1.33.13+k0s.0  yes    ok",
        "n2    worker             10.0.0.2  -               no     k0s does not run",
    ]


@pytest.mark.parametrize(
    ("disruption", "workers", "window"),
    [(3, 10, 3), ("3", 10, 3), ("10%", 100, 10), ("10%", 5, 1), ("25%", 10, 2), (0, 10, 1), ("100%", 7, 7)],
)
def test_the_window_is_a_number_or_a_true_percentage(disruption: object, workers: int, window: int) -> None:
    assert window_size(disruption, workers) == window  # type: ignore[arg-type]


@pytest.mark.parametrize("disruption", ["many", "", "%", "1e400%", None])
def test_a_window_that_is_no_number_is_refused(disruption: object) -> None:
    with pytest.raises(ValueError, match="nor a percentage"):
        window_size(disruption, 5)  # type: ignore[arg-type]
