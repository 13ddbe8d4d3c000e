# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import multiprocessing
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.model import Process
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.process import place_of, runs, this_process

REST = " ".join(str(number) for number in range(1, 40))


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    (tmp_path / "proc/sys/kernel/random").mkdir(parents=True)
    (tmp_path / "proc/sys/kernel/random/boot_id").write_text("boot-1\n")
    (tmp_path / "proc/self/ns").mkdir(parents=True)
    (tmp_path / "proc/self/ns/pid").symlink_to("pid:[4026531836]")
    (tmp_path / "proc/77").mkdir()
    (tmp_path / "proc/77/stat").write_text(f"77 (a (strange) name) S {REST}\n")
    return tmp_path


def test_this_process_runs() -> None:
    found = this_process()
    assert found.pid == os.getpid()
    assert runs(found) is True


def test_a_task_is_the_run_that_started_it() -> None:
    context = multiprocessing.get_context("fork")
    queue: Any = context.Queue()
    child = context.Process(target=lambda: queue.put(this_process()))
    child.start()
    found = queue.get(timeout=30)
    child.join()
    assert found == this_process()


def test_a_process_that_is_gone_or_another_under_its_number_does_not_run(machine: Path) -> None:
    process = Process(place_of(str(machine)), 77, "19")
    assert runs(process, str(machine)) is True
    assert runs(replace(process, started="20"), str(machine)) is False
    assert runs(replace(process, pid=78), str(machine)) is False


def test_a_process_that_waits_for_its_parent_has_ended(machine: Path) -> None:
    (machine / "proc/77/stat").write_text(f"77 (name) Z {REST}\n")
    assert runs(Process(place_of(str(machine)), 77, "19"), str(machine)) is False


@pytest.mark.parametrize(
    "changes", [{"place": "elsewhere boot pid"}, {"place": ""}, {"pid": 0}, {"started": ""}], ids=str
)
def test_nobody_can_say_whether_a_process_of_elsewhere_runs(machine: Path, changes: dict[str, Any]) -> None:
    assert runs(replace(Process(place_of(str(machine)), 77, "19"), **changes), str(machine)) is None


def test_a_machine_that_does_not_show_its_processes_says_nothing(tmp_path: Path) -> None:
    assert place_of(str(tmp_path)) == ""
    found = this_process(str(tmp_path))
    assert (found.place, found.started) == ("", "")
    assert runs(found, str(tmp_path)) is None
