# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How close the sliding window of an upgrade comes to its ideal, with many nodes of which one is slow.

`python -m tests.bench.day2.window` plays nodes with kwok on a real API server, on which real controllers make and place
the pods that are drained. ansible-playbook and all of node_change are real; only the change of k0s is a wait. The ideal
is nodes / window x the time of one node that is alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.api.bed import Bed
from tests.api.controllers import Controllers
from tests.bench.report import machine, put_figures
from tests.scenarios.lab import ROOT

PLAYBOOK = Path(__file__).with_name("window") / "window.yml"
PODS_PER_NODE = 2
APPS = 10


class BenchFailed(Exception):
    """A run that was to be measured failed."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=100, help="how many (%(default)s)")
    parser.add_argument("--window", type=int, default=10, help="how many at a time (%(default)s)")
    parser.add_argument("--seconds", type=float, default=8.0, help="how long k0s takes on a node (%(default)s)")
    parser.add_argument("--slow", type=float, default=40.0, help="how long on the slow one (%(default)s)")
    parser.add_argument("--no-report", action="store_true", help="leave docs/benchmarks.md as it is")
    options = parser.parse_args()
    names = [f"w{number:03}" for number in range(options.nodes)]
    bed = Bed.start()
    try:
        with tempfile.TemporaryDirectory() as name, Controllers(bed, Path(name)) as living:
            populate(living, names)
            found = list(measured(Bench(living, Path(name), options.window), names, options))
    except BenchFailed as error:
        print(f"The benchmark failed: {error}", file=sys.stderr)
        return 1
    finally:
        bed.stop()
    if not options.no_report:
        put_figures(ROOT / "docs" / "benchmarks.md", "window", table(found, options))
    return 0


@dataclass(frozen=True)
class Window:
    """One run over all nodes. `ideal` in seconds; `most`: nodes in work at a time."""

    title: str
    seconds: float
    ideal: float
    most: int

    def cells(self) -> list[str]:
        ratio = f"{self.seconds / self.ideal:.2f}"
        return [self.title, f"{self.seconds:.1f} s", f"{self.ideal:.1f} s", ratio, str(self.most)]


def measured(bench: Bench, names: list[str], options: argparse.Namespace) -> Iterator[Window]:
    one = bench.run({names[0]: options.seconds}).seconds_of_hosts[0]
    print(f"one node alone: {one:.1f} s", flush=True)
    for title, slow in (("all alike", options.seconds), ("one slow", options.slow)):
        told = bench.run({node: slow if node == names[1] else options.seconds for node in names})
        ideal = (len(names) * one - options.seconds + slow) / options.window
        window = Window(title, told.seconds, ideal, told.most)
        print(" | ".join(window.cells()), flush=True)
        yield window


def table(found: list[Window], options: argparse.Namespace) -> list[str]:
    words = (
        f"Measured on {machine()}; {options.nodes} nodes, {options.window} at a time, k0s takes {options.seconds:g} s"
    )
    head = ["nodes", "time", "ideal", "ratio", "most at a time"]
    rows = [head, ["---"] * len(head), *(window.cells() for window in found)]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return [f"{words} k0s takes {options.seconds:g} s on a node and {options.slow:g} s on the slow one.", "", *lines]


def populate(living: Controllers, names: list[str]) -> None:
    living.add_nodes(*names)
    namespace = living.bed.namespace("window")
    replicas = max(len(names) * PODS_PER_NODE // APPS, 2)
    for number in range(APPS):
        living.deploy(namespace, f"app-{number}", replicas)
        living.budget(namespace, f"app-{number}", maxUnavailable="20%")


@dataclass(frozen=True)
class Told:
    """What a run tells: its seconds, those of each host, and how many hosts were in work at a time."""

    seconds: float
    seconds_of_hosts: list[float]
    most: int


class Bench:
    def __init__(self, living: Controllers, folder: Path, window: int) -> None:
        self._living = living
        self._folder = folder
        self._window = window
        self._kubeconfig = living.bed.kubeconfig_file(folder)

    def run(self, seconds: dict[str, float]) -> Told:
        """ansible-playbook over these nodes, whose k0s takes so long."""
        log = self._folder / "log.jsonl"
        log.unlink(missing_ok=True)
        inventory = self._folder / "inventory.yml"
        variables = {
            "ansible_connection": "local",
            "bench_kubeconfig": str(self._kubeconfig),
            "bench_window": self._window,
            "bench_log": str(log),
        }
        hosts = {node: {"bench_seconds": found} for node, found in seconds.items()}
        inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": variables}}))
        command = ["ansible-playbook", "-i", str(inventory), str(PLAYBOOK), "--forks", str(self._window)]
        begin = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
        took = time.monotonic() - begin
        self._living.check()
        lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        if done.returncode != 0:
            failed = [f"{line['node']}: {line['msg']} {line['steps']}" for line in lines if line["failed"]]
            first = "\n".join(failed[:3]) or done.stdout[-3000:]
            raise BenchFailed(
                f"ansible-playbook ended with {done.returncode}, {len(failed)} hosts:\n{first}\n{done.stderr}"
            )
        return Told(took, [line["end"] - line["begin"] for line in lines], most_at_once(lines))


def most_at_once(lines: list[dict[str, float]]) -> int:
    return max(sum(1 for other in lines if other["begin"] <= line["begin"] < other["end"]) for line in lines)


if __name__ == "__main__":
    sys.exit(main())
