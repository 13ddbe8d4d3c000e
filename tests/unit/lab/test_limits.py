# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel limits are raised for the labs and put back after them."""

from __future__ import annotations

from pathlib import Path
from typing import Dict

import pytest

from tests.lab.mke4k_lab.limits import NEEDED, raise_limits, restore_limits

LOW = {"fs/inotify/max_user_instances": 128, "fs/inotify/max_user_watches": 600000}


@pytest.fixture
def sysctl(tmp_path: Path) -> Path:
    for name, value in LOW.items():
        (tmp_path / "sys" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "sys" / name).write_text(f"{value}\n", encoding="utf-8")
    return tmp_path / "sys"


def values(sysctl: Path) -> Dict[str, int]:
    return {name: int((sysctl / name).read_text(encoding="utf-8")) for name in LOW}


def test_only_what_is_too_low_is_raised_and_the_last_lab_puts_it_back(tmp_path: Path, sysctl: Path) -> None:
    run = tmp_path / "run"
    raise_limits(run, sysctl)
    raise_limits(run, sysctl)
    assert values(sysctl) == {**LOW, "fs/inotify/max_user_instances": NEEDED["fs/inotify/max_user_instances"]}
    (run / "other").mkdir()
    (run / "other" / "state.json").touch()
    restore_limits(run, sysctl)
    assert values(sysctl) != LOW
    (run / "other" / "state.json").unlink()
    restore_limits(run, sysctl)
    assert values(sysctl) == LOW


def test_a_value_that_somebody_else_has_set_stays(tmp_path: Path, sysctl: Path) -> None:
    raise_limits(tmp_path / "run", sysctl)
    (sysctl / "fs/inotify/max_user_instances").write_text("1024", encoding="utf-8")
    restore_limits(tmp_path / "run", sysctl)
    assert values(sysctl)["fs/inotify/max_user_instances"] == 1024
