# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of the machine that belong to a lab and end with it, such as its registry.

Each has cgroups of its own beside those of the hosts, where `down` finds it whatever happened to its record.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Mapping, Optional, Sequence

from . import cgroup, host as hosts, network
from .errors import LabError
from .files import write_atomically
from .paths import LabPaths
from .process import Process, is_alive, process_of, send, wait_end

END_SECONDS = 10


def group_of(service: str) -> str:
    """The name of its cgroups: no host can have one with a dot."""
    return f"lab.{service}"


def log_file(paths: LabPaths, service: str) -> Path:
    return paths.logs / f"{group_of(service)}.log"


def start(
    paths: LabPaths, service: str, command: Sequence[str], *, env: Mapping[str, str], cwd: Path, part: str = ""
) -> None:
    """Starts the program in the lab's network, or in that of a part of it, unless it runs."""
    if running(paths, service) is not None:
        return
    line = cgroup.joined(cgroup.make(paths.name, group_of(service)), network.entered(paths.name, command, part))
    log = log_file(paths, service)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        started = subprocess.Popen(
            line, cwd=cwd, env=os.environ | env, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream,
            start_new_session=True,
        )  # fmt: skip
    process = process_of(started.pid)
    if process is None:
        raise LabError(f"The lab's {service} ended at once: {last_words(paths, service)}")
    write_atomically(_record(paths, service), json.dumps(asdict(process)) + "\n")


def stop(paths: LabPaths, service: str) -> None:
    """Ends the program and everything it started."""
    process = running(paths, service)
    if process is not None:
        send(process, signal.SIGTERM)
        wait_end(process, END_SECONDS)
        hosts.reap(process)
    hosts.sweep(paths.name, group_of(service))
    cgroup.remove(paths.name, group_of(service))
    _record(paths, service).unlink(missing_ok=True)


def running(paths: LabPaths, service: str) -> Optional[Process]:
    """Its process; None when it does not run."""
    record = _record(paths, service)
    if not record.exists():
        return None
    process = Process(**json.loads(record.read_text(encoding="utf-8")))
    return process if is_alive(process) else None


def last_words(paths: LabPaths, service: str) -> str:
    """The end of what it said, for messages."""
    lines = log_file(paths, service).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return " / ".join(lines[-3:]) or "it said nothing"


def _record(paths: LabPaths, service: str) -> Path:
    return paths.services / f"{service}.json"
