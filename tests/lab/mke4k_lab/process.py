# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes known by their id and start time, so that a reused id is never taken for ours."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process of this machine; `start` is in clock ticks since the machine's boot."""

    pid: int
    start: int


def parse_start(stat: str) -> int:
    """The start time out of /proc/PID/stat; the name in it may hold blanks and brackets. 0 means: it has ended."""
    fields = stat.rpartition(")")[2].split()
    # A zombie has ended; only its parent has not asked for its exit code yet.
    return 0 if fields[0] == "Z" else int(fields[19])


def process_of(pid: int, proc: Path = PROC) -> Optional[Process]:
    """The process of that id, or None."""
    try:
        start = parse_start((proc / str(pid) / "stat").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return None
    return Process(pid, start) if start else None


def is_alive(process: Process, proc: Path = PROC) -> bool:
    """Whether exactly this process still runs."""
    return process_of(process.pid, proc) == process


def children_of(process: Process, proc: Path = PROC) -> List[int]:
    """The ids of its children; none when it is gone."""
    if not is_alive(process, proc):
        return []
    files = (proc / str(process.pid) / "task").glob("*/children")
    return [int(child) for children in files for child in _read(children).split()]


def send(process: Process, number: signal.Signals) -> None:
    """Sends the signal if this very process still runs."""
    descriptor = _open(process.pid)
    if descriptor is None:
        return
    try:
        # With the descriptor open the id cannot change hands between the look and the signal.
        if is_alive(process):
            signal.pidfd_send_signal(descriptor, number)
    except ProcessLookupError:
        return
    finally:
        os.close(descriptor)


def wait_end(process: Process, seconds: float) -> bool:
    """Waits until the process is gone; False when it is still there."""
    end = time.monotonic() + seconds
    while is_alive(process):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""  # the thread has just ended


def _open(pid: int) -> Optional[int]:
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        return None
