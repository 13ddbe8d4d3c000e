# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make bench-install`: how long an install of 3 controllers and 2 workers takes, and a run that has nothing to do.

With MKE4K_BENCH_K0SCTL=/path/to/k0sctl the same is done by k0sctl, in turns on the same kind of hosts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.installers import CONTROLLERS, Collection, Installer, K0sctl
from tests.bench.report import Measurement, console_table, task_table, write_report
from tests.scenarios.lab import ROOT, K0s, Lab, LabFailed, lab_k0s, lab_name, lab_of

LAB = lab_name("bench")
HOSTS = 5
POLL = Path(__file__).with_name("poll.py")
UNIT_STARTS = "systemctl show k0scontroller k0sworker --property=ExecMainStartTimestampMonotonic --value"


class BenchFailed(Exception):
    """A run that was to be measured failed."""


@dataclass(frozen=True)
class Step:
    """A run that is measured; only on a cluster that is there can downtime be seen."""

    name: str
    user: str
    watched: bool = True


STEPS = (
    Step("fresh install", "root", watched=False),
    Step("re-run as root", "root"),
    Step("re-run as a user with sudo", "ops"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each tool (%(default)s)")
    parser.add_argument("--tasks", action="store_true", help="show how long every task took in the last run")
    parser.add_argument("--no-report", action="store_true", help="leave docs/benchmarks.md as it is")
    options = parser.parse_args()
    k0s = lab_k0s(LAB)
    k0sctl = os.environ.get("MKE4K_BENCH_K0SCTL", "")
    measurements: list[Measurement] = []
    try:
        for number in range(1, options.runs + 1):
            for make in makers(k0s, k0sctl):
                for measurement in measure(make, number, show_tasks=options.tasks and number == options.runs):
                    print(measurement.text(), flush=True)
                    measurements.append(measurement)
    except (BenchFailed, LabFailed) as error:
        print(f"The benchmark failed: {error}", file=sys.stderr)
        return 1
    print(console_table(measurements))
    if not options.no_report:
        write_report(ROOT / "docs" / "benchmarks.md", measurements, k0s)
    return 0


def makers(k0s: K0s, k0sctl: str) -> Iterator[Callable[[Lab], Installer]]:
    """The tools in turns, so that what else the machine does meets both."""
    yield lambda lab: Collection(lab, k0s)
    if k0sctl:
        yield lambda lab: K0sctl(lab, k0s, str(Path(k0sctl).resolve()))


def measure(make: Callable[[Lab], Installer], number: int, *, show_tasks: bool) -> Iterator[Measurement]:
    """All steps of one tool on fresh hosts."""
    with lab_of(LAB, str(HOSTS)) as lab:
        installer = make(lab)
        for step in STEPS:
            before = unit_starts(lab)
            with watched(lab, step) as downtime:
                start = time.monotonic()
                apply(installer, step)
                seconds = time.monotonic() - start
            after = unit_starts(lab)
            restarts = sum(1 for host in before if before[host] and before[host] != after[host])
            yield Measurement(installer.name, step.name, number, seconds, restarts, downtime.get("all", 0.0))
            if show_tasks and isinstance(installer, Collection):
                print(task_table(installer.records))
        require_cluster(lab)


def apply(installer: Installer, step: Step) -> None:
    done = installer.lab.run(*installer.command(step.user), env=installer.environment(), cwd=installer.lab.work)
    if done.returncode != 0:
        raise BenchFailed(f"{installer.name}, {step.name}, ended with {done.returncode}:\n{done.stdout[-4000:]}")


@contextmanager
def watched(lab: Lab, step: Step) -> Iterator[dict[str, Any]]:
    """Polls the API servers meanwhile; what was seen is in the mapping afterwards."""
    seen: dict[str, Any] = {}
    if not step.watched:
        yield seen
        return
    addresses = [host["address"] for host in lab.hosts[:CONTROLLERS]]
    command = lab.command(sys.executable, str(POLL), *addresses)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as poller:
        try:
            yield seen
        finally:
            output, _errors = poller.communicate(timeout=30)
    seen.update(json.loads(output))


def unit_starts(lab: Lab) -> dict[str, str]:
    """When the k0s unit of every host was started; empty where there is none."""
    starts = {host["name"]: on_host(lab, host["address"], UNIT_STARTS).split() for host in lab.hosts}
    return {name: next((value for value in values if value != "0"), "") for name, values in starts.items()}


def require_cluster(lab: Lab) -> None:
    nodes = on_host(lab, lab.hosts[0]["address"], "k0s kubectl get nodes --no-headers")
    ready = [line for line in nodes.splitlines() if " Ready " in line]
    if len(ready) != HOSTS - CONTROLLERS:
        raise BenchFailed(f"{len(ready)} workers are Ready, not {HOSTS - CONTROLLERS}:\n{nodes}")


def on_host(lab: Lab, address: str, words: str) -> str:
    options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "ConnectTimeout=10")
    flags = [word for option in options for word in ("-o", option)]
    command = lab.command("ssh", "-i", lab.key, *flags, f"root@{address}", words)
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise BenchFailed(f"{words} on {address} ended with {done.returncode}: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
