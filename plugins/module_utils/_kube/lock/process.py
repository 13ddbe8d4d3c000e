# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that a run is, and whether one that is named still runs.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import multiprocessing
import os
import platform
from typing import Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.model import Process


def this_process(root: str = "/") -> Process:
    """Ansible's own process: tasks run in processes that it starts."""
    parent = multiprocessing.parent_process()
    pid = parent.pid if parent is not None and parent.pid else os.getpid()
    return Process(place_of(root), pid, _started(root, pid))


def place_of(root: str = "/") -> str:
    """Empty where the machine does not say enough to find a process again."""
    try:
        boot = _read(root, "proc/sys/kernel/random/boot_id").strip()
        view = os.readlink(os.path.join(root, "proc/self/ns/pid"))
    except OSError:
        return ""
    return f"{platform.node()} {boot} {view}"


def runs(process: Process, root: str = "/") -> Optional[bool]:
    """None where that cannot be seen from here: another machine, another container, or one that does not say."""
    if not (process.place and process.pid and process.started) or process.place != place_of(root):
        return None
    return _started(root, process.pid) == process.started


def _started(root: str, pid: int) -> str:
    """Ticks since the boot; empty for a process that is not there, or has ended and waits for its parent."""
    try:
        stat = _read(root, f"proc/{pid}/stat")
    except OSError:
        return ""
    # The name of the program, in brackets, may hold anything.
    fields = stat.rpartition(")")[2].split()
    return "" if len(fields) < 20 or fields[0] in "ZX" else fields[19]


def _read(root: str, path: str) -> str:
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()
