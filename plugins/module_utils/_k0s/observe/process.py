# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes: when they started and which file they run.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import time
from typing import Optional

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root

BOOT_ID = "/proc/sys/kernel/random/boot_id"


def start_ticks(pid: int, root: Root = HOST) -> Optional[int]:
    """Clock ticks from boot to the start of the process, None where there is no such process."""
    # The name stands in parentheses and may itself hold spaces and parentheses.
    _before, separator, rest = root.text(f"/proc/{pid}/stat").rpartition(")")
    fields = rest.split()
    return int(fields[19]) if separator and len(fields) > 19 else None


def started_at(pid: int, root: Root = HOST) -> float:
    """When the process started, in seconds since the epoch by the host's clock of now; 0 where it is unknown."""
    ticks = start_ticks(pid, root)
    if ticks is None:
        return 0.0
    booted = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    return round(booted + ticks / os.sysconf("SC_CLK_TCK"), 2)


def start_id(pid: int, root: Root = HOST) -> str:
    """Names this run of the process: no other process of this or any other boot has the same. Empty: no process."""
    ticks = start_ticks(pid, root)
    return "" if ticks is None else f"{root.text(BOOT_ID).strip()}:{pid}:{ticks}"


def runs_file(pid: int, path: str, root: Root = HOST) -> bool:
    """Whether the process runs the very file that is at `path` now."""
    try:
        running, present = os.stat(root.at(f"/proc/{pid}/exe")), os.stat(root.at(path))
    except OSError:
        return False
    return (running.st_dev, running.st_ino) == (present.st_dev, present.st_ino)
