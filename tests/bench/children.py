# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make bench-children`: many children applied and waited for, and a run that has nothing to do.

Side by side with kubernetes.core on one API server, whole runs of ansible-playbook, each child ready as long after it
was made: `loop` is its k8s module with wait, once a child; `best` one task with all objects, then k8s_info until all
are ready. The loop is measured with a few children and scaled, since it takes one after the other.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.peers import kubernetes_core
from tests.bench.report import machine, put_figures
from tests.scenarios.cloud import program
from tests.scenarios.lab import ROOT

PLAYBOOKS = Path(__file__).with_name("children")
READY_AFTER = 2
LOOPED = 10
OURS, BEST, LOOP = "mke4k.core", "kubernetes.core, one task", "kubernetes.core, a loop"
FRESH, AGAIN = "apply and wait", "re-run"


class BenchFailed(Exception):
    """A run that was to be measured failed."""


@dataclass(frozen=True)
class Measurement:
    """One run. `requests` to the API are known of ours only. `measured`: how many children it was really run with."""

    tool: str
    step: str
    children: int
    measured: int
    seconds: float
    requests: int = 0

    def text(self) -> str:
        scaled = f" (measured with {self.measured})" if self.measured != self.children else ""
        return f"{self.tool:26} {self.children:4} children, {self.step:15} {self.seconds:7.2f} s{scaled}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, nargs="*", default=[50, 200], help="how many (%(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each (%(default)s)")
    parser.add_argument("--no-report", action="store_true", help="leave docs/benchmarks.md as it is")
    options = parser.parse_args()
    measurements: list[Measurement] = []
    with tempfile.TemporaryDirectory(prefix="bench-children-") as folder:
        work = Path(folder)
        environment = environment_for(work)
        knobs = ("--light", "--ready-after", str(READY_AFTER), "--delete-after", "0")
        try:
            with program("mothership", work, "tests.lab.standin.mothership", *knobs):
                for count in options.children:
                    for measurement in measured(count, options.runs, work, environment):
                        print(measurement.text(), flush=True)
                        measurements.append(measurement)
        except BenchFailed as error:
            print(f"The benchmark failed: {error}", file=sys.stderr)
            return 1
    for line in ratios(measurements):
        print(line)
    if not options.no_report:
        put_figures(
            ROOT / "docs" / "benchmarks.md", "children", [f"Measured on {machine()}.", "", *ratios(measurements)]
        )
    return 0


def measured(count: int, runs: int, work: Path, environment: dict[str, str]) -> Iterator[Measurement]:
    """All tools in turns, so that what else the machine does meets all of them."""
    for number in range(runs):
        for tool, playbook in ((OURS, "ours.yml"), (BEST, "best.yml")):
            names = [f"{playbook[:-4]}-{count}-{number}-{place}" for place in range(count)]
            for step in (FRESH, AGAIN):
                seconds, requests = timed(playbook, names, work, environment)
                yield Measurement(tool, step, count, count, seconds, requests)
            timed("remove.yml", names, work, environment)
    names = [f"loop-{count}-{place}" for place in range(LOOPED)]
    seconds, _requests = timed("loop.yml", names, work, environment)
    yield Measurement(LOOP, FRESH, count, LOOPED, seconds * count / LOOPED)
    timed("remove.yml", names, work, environment)


def timed(playbook: str, names: Sequence[str], work: Path, environment: dict[str, str]) -> tuple[float, int]:
    """Seconds of a whole run, and the requests that it says it has sent."""
    variables = work / "variables.json"
    given = {
        "names": list(names),
        "children": [{"name": name} for name in names],
        "objects": [manifest(name) for name in names],
    }
    variables.write_text(json.dumps(given), encoding="utf-8")
    command = ["ansible-playbook", str(PLAYBOOKS / playbook), "-e", f"@{variables}"]
    start = time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - start
    if done.returncode != 0:
        raise BenchFailed(f"{playbook} ended with {done.returncode}:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
    said = re.search(r"requests=(\d+)", done.stdout)
    return seconds, int(said.group(1)) if said else 0


def manifest(name: str) -> dict[str, object]:
    """What our module makes of a name and a region."""
    infrastructure = {"provider": "aws", "credential": "aws-cluster-identity-cred", "region": "eu-west-3"}
    return {
        "apiVersion": "mke.mirantis.com/v1alpha1",
        "kind": "MkeChildConfig",
        "metadata": {"name": name, "namespace": "k0rdent"},
        "spec": {"version": "v4.1.2", "infrastructure": infrastructure},
    }


def environment_for(work: Path) -> dict[str, str]:
    own = os.environ.get("ANSIBLE_COLLECTIONS_PATH", "")
    config = work / "ansible.cfg"
    config.write_text("[defaults]\nlocalhost_warning = false\ninventory_unparsed_warning = false\n", encoding="utf-8")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "K8S_AUTH_"))},
        "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join([own, str(kubernetes_core())]),
        "ANSIBLE_CONFIG": str(config),
        "ANSIBLE_NOCOLOR": "true",
        "K8S_AUTH_KUBECONFIG": str(work / "mothership" / "kubeconfig"),
    }


def ratios(measurements: Sequence[Measurement]) -> list[str]:
    """A table of medians, and ours against each of the others."""
    rows = ["| children | step | mke4k.core | requests | one task, then until | ratio | loop with wait | ratio |"]
    rows.append("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for count in dict.fromkeys(item.children for item in measurements):
        for step in (FRESH, AGAIN):
            ours, best, loop = (middle(measurements, tool, step, count) for tool in (OURS, BEST, LOOP))
            requests = max(i.requests for i in measurements if (i.tool, i.step, i.children) == (OURS, step, count))
            cells = [f"{ours:.1f} s", str(requests), f"{best:.1f} s", f"{ours / best:.2f}"]
            cells += [f"{loop:.0f} s", f"{ours / loop:.3f}"] if loop else ["", ""]
            rows.append("| " + " | ".join([str(count), step, *cells]) + " |")
    return rows


def middle(measurements: Sequence[Measurement], tool: str, step: str, count: int) -> float:
    found = [item.seconds for item in measurements if (item.tool, item.step, item.children) == (tool, step, count)]
    return median(found) if found else 0.0


if __name__ == "__main__":
    sys.exit(main())
