# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make bench-day2`: an upgrade of 3 controllers and 2 workers, a controller taken out, and all of it taken away.

With MKE4K_BENCH_K0SCTL=/path/to/k0sctl the same is done by k0sctl, in turns on the same kind of hosts. Needs two real
k0s binaries; with the simulator the times say nothing about k0s.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.day2.tools import REMOVED, Day2, K0sctlDay2, OwnDay2
from tests.bench.install import HOSTS, LAB, BenchFailed, Step, on_host, watched
from tests.bench.installers import CONTROLLERS
from tests.bench.report import machine, put_figures, task_table
from tests.scenarios.lab import ROOT, K0s, Lab, LabFailed, k0s_to_upgrade, lab_k0s, lab_of

OURS, OTHER = "mke4k.core", "k0sctl"
UPGRADE, REMOVE, RESET = "upgrade 3+2", "remove a controller", "reset"


@dataclass(frozen=True)
class Measurement:
    """One run. `away`: seconds without any API server. `left`: what should be gone and is not."""

    tool: str
    step: str
    run: int
    seconds: float
    away: float = 0.0
    left: str = ""

    def text(self) -> str:
        left = f", left over: {self.left}" if self.left else ""
        return f"{self.tool:11} {self.step:20} run {self.run}: {self.seconds:6.1f} s, API away {self.away} s{left}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each tool (%(default)s)")
    parser.add_argument("--no-report", action="store_true", help="leave docs/benchmarks.md as it is")
    parser.add_argument("--tasks", action="store_true", help="show how long every task of ours took in the last run")
    options = parser.parse_args()
    older, newer = k0s_to_upgrade(LAB, lab_k0s(LAB))
    print(f"from {older.version} to {newer.version}: {newer.words()}", flush=True)
    k0sctl = os.environ.get("MKE4K_BENCH_K0SCTL") or os.environ.get("MKE4K_K0SCTL", "")
    measurements: list[Measurement] = []
    try:
        for number in range(1, options.runs + 1):
            for make in makers(older, k0sctl):
                for measurement in measure(make, newer, number, show_tasks=options.tasks and number == options.runs):
                    print(measurement.text(), flush=True)
                    measurements.append(measurement)
    except (BenchFailed, LabFailed) as error:
        print(f"The benchmark failed: {error}", file=sys.stderr)
        return 1
    print("\n".join(" | ".join(row) for row in rows(measurements)))
    if not options.no_report:
        report(measurements, older, newer)
    return 0


def makers(older: K0s, k0sctl: str) -> Iterator[Callable[[Lab], Day2]]:
    """The tools in turns, so that what else the machine does meets both."""
    yield lambda lab: OwnDay2(lab, older)
    if k0sctl:
        yield lambda lab: K0sctlDay2(lab, older, str(Path(k0sctl).resolve()))


def measure(make: Callable[[Lab], Day2], newer: K0s, number: int, *, show_tasks: bool) -> Iterator[Measurement]:
    """All steps of one tool on fresh hosts, each proved by the hosts themselves."""
    with lab_of(LAB, str(HOSTS)) as lab:
        tool = make(lab)
        run(tool, tool.command("root"))
        tool = tool.upgraded(newer)
        for measurement in steps(tool, lab, newer, number):
            yield measurement
            if show_tasks and isinstance(tool, OwnDay2):
                print(task_table(tool.records))


def steps(tool: Day2, lab: Lab, newer: K0s, number: int) -> Iterator[Measurement]:
    yield timed(tool, UPGRADE, number, tool.upgrade(), lambda: versions_left(lab, newer))
    yield timed(tool, REMOVE, number, tool.remove(), lambda: members_left(lab))
    yield timed(tool, RESET, number, tool.reset(), lambda: hosts_left(lab), api=False)


def timed(
    tool: Day2, step: str, number: int, command: Sequence[str], left: Callable[[], str], *, api: bool = True
) -> Measurement:
    with watched(tool.lab, Step(step, "root", watched=api)) as downtime:
        start = time.monotonic()
        run(tool, command)
        seconds = time.monotonic() - start
    return Measurement(tool.name, step, number, seconds, downtime.get("all", 0.0), left())


def run(tool: Day2, command: Sequence[str]) -> None:
    done = tool.lab.run(*command, env=tool.environment(), cwd=tool.lab.work)
    if done.returncode != 0:
        raise BenchFailed(f"{' '.join(command[:2])} ended with {done.returncode}:\n{done.stdout[-4000:]}")


def versions_left(lab: Lab, newer: K0s) -> str:
    """Hosts on which another k0s runs than was asked for."""
    told = {host["name"]: on_host(lab, host["address"], "k0s status -o json") for host in lab.hosts}
    old = [name for name, text in told.items() if json.loads(text)["Version"] != newer.version]
    if old:
        raise BenchFailed(f"{', '.join(old)} did not get k0s {newer.version}")
    return ""


def members_left(lab: Lab) -> str:
    """Members of etcd that should be none any more."""
    members = json.loads(on_host(lab, lab.hosts[0]["address"], "k0s etcd member-list"))["members"]
    return f"{len(members) - (CONTROLLERS - 1)} etcd member" if len(members) >= CONTROLLERS else ""


def hosts_left(lab: Lab) -> str:
    """Hosts, but the one that went before, that still have a unit or data of k0s."""
    script = "ls -d /etc/systemd/system/k0s*.service /var/lib/k0s 2>/dev/null; true"
    rest = [host for number, host in enumerate(lab.hosts) if number != REMOVED]
    return ", ".join(host["name"] for host in rest if on_host(lab, host["address"], script).strip())


def rows(measurements: Sequence[Measurement]) -> list[list[str]]:
    steps = list(dict.fromkeys(item.step for item in measurements))
    compared = any(item.tool == OTHER for item in measurements)
    table = [["step", OURS, "API away", *([OTHER, "API away", "left over", "ratio"] if compared else [])]]
    for step in steps:
        own = [item for item in measurements if (item.tool, item.step) == (OURS, step)]
        other = [item for item in measurements if (item.tool, item.step) == (OTHER, step)]
        row = [step, times(own), away(own)]
        if other:
            left = next((item.left for item in other if item.left), "nothing")
            row += [times(other), away(other), left, f"{middle(own) / middle(other):.2f}"]
        table.append(row)
    return table


def middle(items: Sequence[Measurement]) -> float:
    return median(item.seconds for item in items)


def times(items: Sequence[Measurement]) -> str:
    return f"{middle(items):.1f} s ({', '.join(f'{item.seconds:.1f}' for item in items)})"


def away(items: Sequence[Measurement]) -> str:
    """The worst of all runs."""
    return f"{max(item.away for item in items)} s"


def report(measurements: Sequence[Measurement], older: K0s, newer: K0s) -> None:
    """The figures of `make bench-day2`."""
    head, *body = rows(measurements)
    table = [head, ["---"] * len(head), *body]
    words = f"Measured on {machine()}, that is all hosts; from k0s {older.version} to {newer.words()}."
    lines = [words, "", *("| " + " | ".join(row) + " |" for row in table)]
    put_figures(ROOT / "docs" / "benchmarks.md", "day2", lines)


if __name__ == "__main__":
    sys.exit(main())
