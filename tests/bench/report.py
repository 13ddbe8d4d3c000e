# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Medians and ratios, for the terminal and for docs/benchmarks.md."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.scenarios.lab import K0s

GIB = 1024**2
COLLECTION, OTHER = "mke4k.core", "k0sctl"


@dataclass(frozen=True)
class Measurement:
    """One run. `restarts`: hosts whose k0s was restarted; `downtime`: seconds in which no API server answered."""

    tool: str
    step: str
    run: int
    seconds: float
    restarts: int
    downtime: float

    def text(self) -> str:
        return (
            f"{self.tool:11} {self.step:27} run {self.run}: {self.seconds:6.1f} s,"
            f" {self.restarts} restarted, API down {self.downtime} s"
        )


def console_table(measurements: Sequence[Measurement]) -> str:
    return "\n".join(" | ".join(row) for row in rows(measurements))


def rows(measurements: Sequence[Measurement]) -> list[list[str]]:
    steps = list(dict.fromkeys(item.step for item in measurements))
    compared = any(item.tool == OTHER for item in measurements)
    head = ["step", f"{COLLECTION}: median (all)", "restarted, API down"]
    head += [f"{OTHER}: median (all)", "restarted, API down", "ratio"] if compared else []
    body: list[list[str]] = []
    for step in steps:
        own = [item for item in measurements if (item.tool, item.step) == (COLLECTION, step)]
        other = [item for item in measurements if (item.tool, item.step) == (OTHER, step)]
        row = [step, times(own), harm(own)]
        row += [times(other), harm(other), f"{middle(own) / middle(other):.2f}"] if other else []
        body.append(row)
    return [head, *body]


def middle(items: Sequence[Measurement]) -> float:
    return median(item.seconds for item in items)


def times(items: Sequence[Measurement]) -> str:
    return f"{middle(items):.1f} s ({', '.join(f'{item.seconds:.1f}' for item in items)})"


def harm(items: Sequence[Measurement]) -> str:
    """The worst of all runs."""
    return f"{max(item.restarts for item in items)} hosts, {max(item.downtime for item in items)} s"


def write_report(path: Path, measurements: Sequence[Measurement], k0s: K0s) -> None:
    """The figures of `make bench-install`."""
    head, *body = rows(measurements)
    table = [head, ["---"] * len(head), *body]
    words = f"Measured on {machine()}, that is all hosts; {k0s.words()}, on every host; 3 controllers and 2 workers."
    put_figures(path, "figures", [words, "", *("| " + " | ".join(row) + " |" for row in table)])


def put_figures(path: Path, name: str, lines: Sequence[str]) -> None:
    """Puts the lines between the marks of that name; the words around them are written by people."""
    begin, end = (f"<!-- {name}: {mark} -->" for mark in ("begin", "end"))
    figures = "\n".join([begin, *lines, end])
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(f"{begin}.*{end}", lambda _: figures, text, flags=re.DOTALL), encoding="utf-8")


def machine() -> str:
    memory = int(re.findall(r"MemTotal: +(\d+)", Path("/proc/meminfo").read_text(encoding="ascii"))[0])
    release = ".".join(platform.release().split(".")[:2])
    return f"one machine with {os.cpu_count()} cores and {memory / GIB:.0f} GiB, Linux {release}"


def task_table(records: Path) -> str:
    """Where the time of the last run went."""
    last = json.loads(records.read_text(encoding="utf-8").splitlines()[-1])
    lines = [f"  {task['seconds']:6.2f} s  {task['name']}" for task in last["tasks"]]
    return "\n".join([*lines, f"  {sum(task['seconds'] for task in last['tasks']):6.2f} s  in tasks"])
