# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings as a person reads them."""

from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ConfigError, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.load import load

from .support import document


def test_a_finding_says_where_what_what_is_allowed_what_to_do_and_its_name() -> None:
    finding = Finding("error", "port-wrong", "spec.port", "is 0", "set it to 22", "a port from 1 to 65535")
    assert finding.text() == "spec.port: is 0. Allowed: a port from 1 to 65535. Set it to 22. [port-wrong]"


def test_a_question_keeps_its_mark_and_missing_parts_leave_no_gap() -> None:
    assert Finding("warning", "n", "", "x is odd", "did you mean y?").text() == "x is odd. Did you mean y? [n]"


def test_a_finding_crosses_as_plain_data() -> None:
    finding = Finding("error", "n", "p", "m")
    assert Finding(**finding.to_dict()) == finding


def test_an_error_lists_every_error_with_a_number_and_no_warning() -> None:
    found = [
        Finding("error", "a", "x", "is bad"),
        Finding("warning", "b", "y", "is odd"),
        Finding("error", "c", "z", "no"),
    ]
    assert str(ConfigError(found)).splitlines() == [
        "mke4.yaml has 2 errors:",
        "1. x: is bad. [a]",
        "2. z: no. [c]",
    ]


def test_a_wrong_file_cannot_be_required() -> None:
    with pytest.raises(ConfigError, match="1 error:"):
        load(document(hosts=[])).require()
