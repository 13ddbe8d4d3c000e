# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host: a systemd-nspawn container that boots Debian's systemd."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import List, Optional, Sequence

from . import cgroup, network, storage
from .errors import LabError
from .paths import LabPaths
from .plan import HostPlan
from .process import Process, children_of, is_alive, process_of, send, wait_end
from .root import BINARIES_IN_HOST

POWER_OFF_SECONDS = 60
# What is killed may just have made children: look again until nothing is left.
SWEEPS = 20
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def start(paths: LabPaths, host: HostPlan) -> Process:
    """Boots the host; returns its systemd-nspawn process at once."""
    line = cgroup.joined(cgroup.make(paths.name, host.name), network.entered(paths.name, _nspawn(paths, host)))
    paths.logs.mkdir(parents=True, exist_ok=True)
    with log_file(paths, host.name).open("ab") as log:
        started = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    process = process_of(started.pid)
    if process is None:
        raise LabError(f"systemd-nspawn of the host {host.name} ended at once: {last_words(paths, host.name)}")
    return process


def _nspawn(paths: LabPaths, host: HostPlan) -> List[str]:
    # SYSTEMD_SECCOMP=0: nspawn's filter keeps runc from making its session keyring.
    command = ["env", "-i", f"PATH={PATH}", "SYSTEMD_SECCOMP=0", "systemd-nspawn", "--quiet", "--boot"]
    command += [f"--directory={storage.root_of(paths, host.name)}", f"--hostname={host.name}"]
    # Machine names are one for the whole machine, labs are many.
    command += [f"--machine={paths.name}-{host.name}"]
    command += ["--register=no", "--keep-unit", f"--network-bridge={network.BRIDGE}", "--capability=all"]
    command += ["--resolv-conf=off", "--link-journal=no", "--timezone=off", "--console=pipe"]
    command += [f"--bind-ro={paths.binaries}:{BINARIES_IN_HOST}"]
    command += [f"--bind={bind}" for bind in storage.binds(paths, host)]
    if Path("/dev/kmsg").exists():
        command.append("--bind=/dev/kmsg")  # the kubelet's OOM watcher reads it
    return command


def power_off(process: Process, name: str) -> None:
    """Shuts the host down in order."""
    send(process, signal.SIGTERM)
    if not wait_end(process, POWER_OFF_SECONDS):
        raise LabError(f"The host {name} did not shut down within {POWER_OFF_SECONDS} s; `lab kill {name}` ends it.")
    reap(process)


def cut_power(process: Process) -> None:
    """Ends the host at once: the death of its init ends every process in it."""
    for init in children_of(process):
        known = process_of(init)
        if known is not None:
            send(known, signal.SIGKILL)
    if not wait_end(process, 5):
        send(process, signal.SIGKILL)
        wait_end(process, 5)
    reap(process)


def sweep(lab: str, name: str = "") -> None:
    """Ends what is still in the cgroups of the host (or lab), such as a host whose start was never recorded."""
    for _sweep in range(SWEEPS):
        left = cgroup.processes(lab, name)
        if not left:
            return
        for process in left:
            send(process, signal.SIGKILL)
            wait_end(process, 5)
            reap(process)


def init_of(process: Process, name: str) -> int:
    """The id of the host's init."""
    children = children_of(process)
    if not children:
        raise LabError(f"The host {name} is not running; `lab start {name}` boots it.")
    return children[0]


def inside(process: Process, name: str, command: Sequence[str]) -> List[str]:
    """The command line that runs `command` as root in the host, without SSH."""
    return ["nsenter", f"--target={init_of(process, name)}", "--mount", "--net", "--pid", "--uts", "--ipc", *command]


def log_file(paths: LabPaths, name: str) -> Path:
    return paths.logs / f"{name}.log"


def last_words(paths: LabPaths, name: str) -> str:
    """The end of the host's console, for messages."""
    lines = log_file(paths, name).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return " / ".join(lines[-3:]) or "it said nothing"


def is_running(process: Optional[Process]) -> bool:
    return process is not None and is_alive(process)


def reap(process: Process) -> None:
    """Takes the exit code of a process that this very program started, so that no zombie stays."""
    try:
        os.waitpid(process.pid, os.WNOHANG)
    except ChildProcessError:
        return
