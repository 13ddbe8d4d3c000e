# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cgroup of its own for every host, else all kubelets of the machine would share one tree."""

from __future__ import annotations

import errno
import shlex
import time
from pathlib import Path
from typing import List, Sequence, Set

from .errors import LabError
from .process import Process, process_of

CGROUPS = Path("/sys/fs/cgroup")
BUSY_SECONDS = 5
WANTED = ("cpuset", "cpu", "io", "memory", "pids")


def is_unified(cgroups: Path = CGROUPS) -> bool:
    """Whether the machine uses cgroup v2 only."""
    return (cgroups / "cgroup.controllers").exists()


def hierarchies(cgroups: Path = CGROUPS) -> List[Path]:
    """The root of each hierarchy: one on v2, one a controller on v1 (links to joint ones left out)."""
    if is_unified(cgroups):
        return [cgroups]
    found = sorted(path for path in cgroups.iterdir() if path.is_dir() and not path.is_symlink())
    return [path for path in found if (path / "cgroup.procs").exists()]


def group_name(lab: str) -> str:
    return f"mke4k-lab-{lab}"


def make(lab: str, host: str, cgroups: Path = CGROUPS) -> List[Path]:
    """Makes the host's groups and returns the files a process writes its id to, to be in them."""
    entrances: List[Path] = []
    for hierarchy in hierarchies(cgroups):
        parent, group = hierarchy / group_name(lab), hierarchy / group_name(lab) / host
        try:
            group.mkdir(parents=True, exist_ok=True)
            if is_unified(cgroups):
                _delegate(hierarchy)
                _delegate(parent)
            elif (hierarchy / "cpuset.cpus").exists():
                _fill_cpuset(hierarchy, parent)
                _fill_cpuset(hierarchy, group)
        except OSError as error:
            raise LabError(f"The cgroup {group} could not be made for the host {host}: {error}") from error
        entrances.append(group / "cgroup.procs")
    return entrances


def joined(entrances: Sequence[Path], command: Sequence[str]) -> List[str]:
    """The command line that enters the groups first and then becomes `command`."""
    join = "".join(f"echo $$ > {shlex.quote(str(entrance))}; " for entrance in entrances)
    return ["/bin/sh", "-c", f"set -e; {join}exec {shlex.join(command)}"]


def remove(lab: str, host: str = "", cgroups: Path = CGROUPS) -> None:
    """Removes the groups of one host, or of the whole lab; they are empty once their processes are gone."""
    for hierarchy in hierarchies(cgroups):
        top = hierarchy / group_name(lab) / host
        if top.is_dir():
            for folder in sorted((path for path in top.rglob("*") if path.is_dir()), reverse=True):
                _rmdir(folder)
            _rmdir(top)


def processes(lab: str, host: str = "", cgroups: Path = CGROUPS) -> List[Process]:
    """Every process in the groups of the host, or of the whole lab: by construction the lab's own."""
    found: Set[Process] = set()
    for hierarchy in hierarchies(cgroups):
        for procs in (hierarchy / group_name(lab) / host).rglob("cgroup.procs"):
            known = (process_of(int(pid)) for pid in _read(procs).split())
            found.update(process for process in known if process is not None)
    return sorted(found, key=lambda process: process.start)


def memory_bytes(lab: str, host: str, cgroups: Path = CGROUPS) -> int:
    """The memory the host uses, without page cache; 0 where the kernel does not tell."""
    group = (cgroups if is_unified(cgroups) else cgroups / "memory") / group_name(lab) / host
    try:
        lines = (group / "memory.stat").read_text().splitlines()
    except FileNotFoundError:
        return 0
    values = dict(line.split(" ", 1) for line in lines)
    return int(values.get("anon", values.get("total_rss", "0")))


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""  # a group that goes away while it is read has no processes


def _delegate(group: Path) -> None:
    there = (group / "cgroup.controllers").read_text().split()
    control = group / "cgroup.subtree_control"
    for controller in WANTED:
        if controller in there and controller not in control.read_text().split():
            control.write_text(f"+{controller}")


def _fill_cpuset(source: Path, group: Path) -> None:
    for name in ("cpuset.cpus", "cpuset.mems"):
        (group / name).write_text((source / name).read_text())


def _rmdir(folder: Path) -> None:
    end = time.monotonic() + BUSY_SECONDS
    # The threads of a process that was killed may end a little after their leader.
    while not _removed(folder, patient=time.monotonic() < end):
        time.sleep(0.02)


def _removed(folder: Path, *, patient: bool) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True  # the kernel was faster
    except OSError as error:
        if patient and error.errno == errno.EBUSY:
            return False
        raise LabError(f"The cgroup {folder} could not be removed, a process is still in it: {error}") from error
    return True
