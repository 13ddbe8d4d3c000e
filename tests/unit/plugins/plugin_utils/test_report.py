# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings as people read them."""

from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.plugin_utils._report import count, report, show_warnings, stops

ERROR = Finding("error", "port-range", "spec.hosts[0].ssh.port", "is 99999", "use 22", "1 to 65535")
WARNING = Finding("warning", "controllers-even", "spec.hosts", "2 controllers", "use 3")


class Display:
    def __init__(self) -> None:
        self.shown: list[str] = []

    def warning(self, text: str) -> None:
        self.shown.append(text)


def test_errors_are_numbered_each_with_place_value_allowed_and_remedy() -> None:
    text = report([ERROR] * 10, "10 mistakes:")
    lines = text.splitlines()
    assert lines[0] == "10 mistakes:"
    assert lines[1] == f"   1. {ERROR.text()}"
    assert lines[10].startswith("  10. spec.hosts[0].ssh.port: is 99999. Allowed: 1 to 65535. Use 22")


def test_lines_of_a_long_finding_stay_below_each_other() -> None:
    text = report([Finding("error", "x", "p", "a\nb")], "t")
    assert text == "t\n  1. p: a\n     b. [x]"


def test_each_warning_is_one_of_ansible_unless_it_is_waived() -> None:
    display = Display()
    show_warnings(display, [ERROR, WARNING, WARNING])
    assert display.shown == [WARNING.text()] * 2
    show_warnings(display, [WARNING], waive=["controllers-even"])
    assert len(display.shown) == 2


@pytest.mark.parametrize(
    ("finding", "waive", "strict", "expected"),
    [
        (ERROR, [], False, True),
        (ERROR, ["port-range"], False, True),
        (WARNING, [], False, False),
        (WARNING, [], True, True),
        (WARNING, ["controllers-even"], True, False),
        (Finding("error", "ssh-key-missing", "", ""), ["ssh-key-missing"], True, False),
    ],
)
def test_what_stops_a_run(finding: Finding, waive: list[str], strict: bool, expected: bool) -> None:
    assert stops(finding, waive, strict) is expected


def test_counts_are_words() -> None:
    assert (count(1, "mistake"), count(2, "mistake")) == ("1 mistake", "2 mistakes")
