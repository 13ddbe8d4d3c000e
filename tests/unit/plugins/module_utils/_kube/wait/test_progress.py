# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Lack
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.progress import (
    EVERY_SECONDS,
    Reporter,
    duration,
    waiting_for,
)

ONE = [Lack("Deployment mke/ui", "1 of 2 replicas are available")]
OTHER = [Lack("Deployment mke/ui", "it does not exist")]


def test_a_line_is_said_at_once_then_on_change_and_not_too_often() -> None:
    reporter = Reporter(start=100.0)
    assert reporter.line(101.0, OTHER, 3) == "1 s: 2 of 3 ready; waiting for Deployment mke/ui: it does not exist"
    assert reporter.line(102.0, ONE, 3) == ""
    assert reporter.line(101.0 + EVERY_SECONDS, OTHER, 3) == ""
    assert reporter.line(101.0 + EVERY_SECONDS, ONE, 3).startswith("31 s: 2 of 3 ready; waiting for")
    assert reporter.line(500.0, ONE, 3) == ""


def test_nothing_is_said_when_nothing_is_missing() -> None:
    assert Reporter(start=0.0).line(1.0, [], 3) == ""


def test_a_long_list_is_cut() -> None:
    lacking = [Lack(f"Node n{number}", "x" * 300) for number in range(7)]
    text = waiting_for(lacking, 9)
    assert text.startswith("2 of 9 ready; waiting for Node n0: xxx")
    assert text.endswith("…; 3 more")
    assert len(text) < 800


def test_durations_are_words() -> None:
    assert [duration(seconds) for seconds in (0.4, 59.9, 60, 125)] == ["0 s", "59 s", "1 min 0 s", "2 min 5 s"]
