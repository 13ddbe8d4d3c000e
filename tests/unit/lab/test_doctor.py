# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine lacks is said all at once, with what to do."""

from __future__ import annotations

import pytest

from tests.lab.mke4k_lab import doctor, golang
from tests.lab.mke4k_lab.cli import main


def test_a_root_without_the_right_to_mount_is_recognised() -> None:
    assert doctor.may_mount("Name:\tx\nCapEff:\t000001fffeffffff\n")
    assert not doctor.may_mount("Name:\tx\nCapEff:\t00000000a80425fb\n")


def test_everything_that_is_missing_is_said_with_its_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "absent", lambda: ["mmdebstrap", "systemd-nspawn"])
    monkeypatch.setattr(golang, "installed", lambda: "")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert main(["doctor"]) == 1
    said = capsys.readouterr().err
    assert "install the Debian package systemd-container" in said
    assert "Go is missing" in said
    assert "Use sudo" in said


def test_another_system_than_linux_is_the_only_problem_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    (problem,) = doctor.problems()
    assert "Use a Linux machine" in problem
