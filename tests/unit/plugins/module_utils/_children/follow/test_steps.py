# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._children.follow.steps import Farthest
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Progress

BALANCER = Progress("LoadBalancerDeleted", 2, 12)
SUBNETS = Progress("SubnetsDeleted", 7, 12)
BLOCKED = Progress("SubnetsDeleted", 7, 12, "DependencyViolation: subnet-1")


def test_a_deletion_that_begins_anew_many_times_stays_at_what_blocks_it() -> None:
    """As CAPA does: all steps once more, twice a second, and words only for a moment."""
    farthest = Farthest()
    assert farthest.of(BALANCER, 0.0) == BALANCER
    assert farthest.of(SUBNETS, 1.0) == SUBNETS
    assert farthest.of(BLOCKED, 1.1) == BLOCKED
    for turn in range(100):
        assert farthest.of(BALANCER, 2.0 + turn) == BLOCKED
        assert farthest.of(SUBNETS, 2.2 + turn) == BLOCKED
        assert farthest.of(BLOCKED, 2.4 + turn) == BLOCKED


def test_words_that_are_not_said_again_are_forgotten_after_a_while() -> None:
    farthest = Farthest()
    assert farthest.of(BLOCKED, 0.0) == BLOCKED
    assert farthest.of(SUBNETS, 29.0) == BLOCKED
    assert farthest.of(SUBNETS, 31.0) == SUBNETS


def test_a_step_back_that_lasts_is_one() -> None:
    farthest = Farthest()
    farthest.of(SUBNETS, 0.0)
    assert farthest.of(BALANCER, 29.0) == SUBNETS
    assert farthest.of(BALANCER, 30.0) == BALANCER
    assert farthest.of(BALANCER, 31.0) == BALANCER


def test_a_step_without_words_is_seen_too() -> None:
    farthest = Farthest()
    for now in range(60):
        farthest.of(SUBNETS, float(now))
    assert farthest.of(BALANCER, 61.0) == SUBNETS


def test_what_is_not_at_its_goal_any_more_says_so_at_once() -> None:
    farthest = Farthest()
    farthest.of(Progress("Ready", 11, 11, reached=True), 0.0)
    back = Progress("WorkersReady", 8, 11, "1/2")
    assert farthest.of(back, 1.0) == back
