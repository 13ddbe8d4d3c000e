# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process is known by its id and its start time."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Iterator

import pytest

from tests.lab.mke4k_lab.process import Process, children_of, is_alive, parse_start, process_of, send, wait_end

STAT = "4711 (a (b) c) S 1 4711 4711 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 200 18446744073709551615"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def test_the_start_time_is_found_behind_a_name_with_blanks_and_brackets() -> None:
    assert parse_start(STAT) == 987654


def test_a_reused_id_is_not_taken_for_the_process(tmp_path: Path) -> None:
    (tmp_path / "4711").mkdir()
    (tmp_path / "4711" / "stat").write_text(STAT, encoding="utf-8")
    assert is_alive(Process(4711, 987654), tmp_path)
    assert not is_alive(Process(4711, 987653), tmp_path)
    assert not is_alive(Process(4712, 987654), tmp_path)


def test_a_zombie_has_ended(tmp_path: Path) -> None:
    (tmp_path / "4711").mkdir()
    (tmp_path / "4711" / "stat").write_text(STAT.replace(" S ", " Z "), encoding="utf-8")
    assert not is_alive(Process(4711, 987654), tmp_path)
    assert process_of(4711, tmp_path) is None


def test_a_process_with_another_start_time_gets_no_signal(sleeper: subprocess.Popen[bytes]) -> None:
    own = process_of(sleeper.pid)
    assert own is not None
    send(Process(own.pid, own.start + 1), signal.SIGKILL)
    assert not wait_end(own, 0.2)
    send(own, signal.SIGKILL)
    assert wait_end(own, 5)


def test_a_signal_to_a_process_that_is_gone_is_no_error() -> None:
    with subprocess.Popen(["true"]) as process:
        gone = Process(process.pid, 1)
    send(gone, signal.SIGKILL)
    assert children_of(gone) == []


def test_children_are_found(sleeper: subprocess.Popen[bytes]) -> None:
    me = process_of(os.getpid())
    assert me is not None
    assert sleeper.pid in children_of(me)
