# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the host scenarios of extensions/molecule on the lab, from the installed collection.

`python -m tests.scenarios.run` runs the fast ones, `--all` all, names run those.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import yaml

from .cloud import Cloud, cloud_of
from .lab import ROOT, K0s, Lab, LabFailed, k0s_to_upgrade, lab_k0s, lab_name, lab_of

MOLECULE = ROOT / "extensions" / "molecule"
LOGS = ROOT / ".build" / "scenarios"
LAB = lab_name("scenarios")
# The ones for `make test`, which has ten minutes for them on two cores.
FAST = (
    "single",
    "platform",
    "sudo-password",
    "bad-input",
    "resume",
    "two-runs-at-once",
    "children",
    "upgrade-bad-node",
    "reset-clean",
    "reset-refuses",
)
# A scenario that takes longer has hung; it may set a longer time of its own (lab_seconds).
SECONDS = 1800.0
# The tasks at whose start `resume` kills runs one after another. With --all each run that is killed gets new hosts.
KILLED_AT = tuple(range(3, 60, 4))


@dataclass(frozen=True)
class Outcome:
    name: str
    passed: bool
    seconds: float
    log: Path


@dataclass(frozen=True)
class LeftOut:
    """A scenario that cannot be on this k0s."""

    name: str
    reason: str


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    if options.list:
        print("\n".join(scenarios()))
        return 0
    names = options.names or (scenarios() if options.all else FAST)
    LOGS.mkdir(parents=True, exist_ok=True)
    k0s = lab_k0s(LAB)
    left_out = [LeftOut(name, reason) for name in names if (reason := lacking(name, k0s))]
    names = [name for name in names if name not in {each.name for each in left_out}]
    print(f"{len(names)} scenarios on {k0s.words()}", flush=True)
    outcomes = [outcome for name in names for outcome in run(name, k0s, thorough=options.all)]
    print(table(outcomes, left_out), flush=True)
    if options.json:
        write_report(options.json, k0s, outcomes, left_out)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="scenarios to run", metavar="NAME")
    parser.add_argument("--all", action="store_true", help="run all scenarios, and resume at every task")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    parser.add_argument("--list", action="store_true", help="print the names of all scenarios")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in scenarios()]
    if unknown:
        parser.error(f"there is no scenario {', '.join(unknown)}; there are {', '.join(scenarios())}")
    return options


def scenarios() -> list[str]:
    return sorted(path.parent.name for path in MOLECULE.glob("*/molecule.yml"))


def lacking(name: str, k0s: K0s) -> str:
    """Why the scenario says nothing on this k0s; empty where it does."""
    own = own_variables(name)
    reason = str(own.get("lab_needs_real_k0s") or "")
    if not reason:
        return ""
    played = k0s_to_upgrade(LAB, k0s)[1] if own.get("lab_upgrade") else k0s
    return reason if played.kind == "simulator" else ""


def run(name: str, k0s: K0s, *, thorough: bool) -> Iterator[Outcome]:
    """One scenario, or `resume` once for every task at which a run can be killed."""
    if not (name == "resume" and thorough):
        yield run_on_lab(name, k0s, KILLED_AT)[0]
        return
    finished = False
    for task in itertools.count(1):
        if finished:
            return
        outcome, finished = run_on_lab(name, k0s, (task,), label=f"{name}-{task}")
        yield outcome


def run_on_lab(name: str, k0s: K0s, kill_at: Sequence[int], label: str = "") -> tuple[Outcome, bool]:
    """The scenario on hosts of its own, and whether a run that was to be killed came to its end before that."""
    label = label or name
    log = LOGS / f"{label}.log"
    start = time.monotonic()
    passed = finished = False
    with log.open("w", encoding="utf-8") as file:
        try:
            with ground_of(name) as lab:
                passed = molecule(name, lab, k0s, file, fresh(log.with_suffix(".jsonl")), kill_at)
                finished = (lab.work / "finished").exists()
        except (LabFailed, subprocess.TimeoutExpired) as error:
            file.write(f"\n{error}\n")
    outcome = Outcome(label, passed, time.monotonic() - start, log)
    print(f"{'passed' if passed else 'FAILED'}  {label}  {outcome.seconds:.0f} s", flush=True)
    if not passed:
        print("\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-60:]), flush=True)
    return outcome, finished or not passed


def ground_of(name: str) -> AbstractContextManager[Lab | Cloud]:
    """What a scenario runs on: hosts, or, with a cluster/cloud.yml, a mothership without hosts and an AWS."""
    cluster = MOLECULE / name / "cluster"
    plan = cluster / "cloud.yml"
    if plan.is_file():
        return cloud_of(LAB, yaml.safe_load(plan.read_text(encoding="utf-8")) or {})
    return lab_of(LAB, str(cluster / "hosts.yml"))


def molecule(name: str, lab: Lab | Cloud, k0s: K0s, log: IO[str], records: Path, kill_at: Sequence[int]) -> bool:
    own = own_variables(name)
    before = None
    if own.get("lab_upgrade"):
        before, k0s = k0s_to_upgrade(LAB, k0s)
        print(f"{name} goes from {before.version} to {k0s.version} on {k0s.words()}", flush=True)
    variables = {
        "mke4k_layers": ["k0s"],
        **k0s.variables(),
        "lab_k0s_before": asdict(before) if before else None,
        "mke4k_kubeconfig": str(lab.work / "mke.kubeconf"),
        "lab_hosts": lab.hosts,
        "lab_registry": lab.registry,
        "lab_k0s": asdict(k0s),
        "lab_work": str(lab.work),
        "lab_resources": str(MOLECULE / "resources"),
        "lab_records": str(records),
        "lab_kill_at": kill_at,
        **lab.variables(),
        **own,
    }
    (lab.work / "lab.json").write_text(json.dumps(variables), encoding="utf-8")
    given = input_of(name)
    shutil.copy(given, lab.work / given.name)
    env = {
        **lab.environment(),
        "MKE4K_MOLECULE": str(MOLECULE),
        # For scenarios that do something to a host by tests/lab/lab.py.
        "MKE4K_LAB_NAME": LAB,
        "MKE4K_LAB_WORK": str(lab.work),
        "MKE4K_INPUT": str(lab.work / given.name),
        "MKE4K_LAB_VARS": str(lab.work / "lab.json"),
        "MKE4K_RECORDS": str(records),
        "MOLECULE_EPHEMERAL_DIRECTORY": str(lab.work / "molecule"),
    }
    options = ["--scenario-name", name, "--destroy", "never", "--no-command-borders"]
    return (
        lab.run(
            "molecule",
            "--base-config",
            "molecule/config.yml",
            "test",
            *options,
            env=env,
            cwd=MOLECULE.parent,
            log=log,
            timeout=own.get("lab_seconds", SECONDS),
        ).returncode
        == 0
    )


def input_of(name: str) -> Path:
    """What the user of a scenario wrote: an mke4.yaml, or a list of children."""
    cluster = MOLECULE / name / "cluster"
    return next(path for path in (cluster / "mke4.yaml", cluster / "children.yml") if path.is_file())


def own_variables(name: str) -> dict[str, Any]:
    """What a scenario sets beside its mke4.yaml, as a user would with `-e @vars.yml`."""
    path = MOLECULE / name / "cluster" / "vars.yml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def fresh(records: Path) -> Path:
    """Runs append what they did and how long each task took."""
    records.unlink(missing_ok=True)
    return records


def write_report(path: Path, k0s: K0s, outcomes: Sequence[Outcome], left_out: Sequence[LeftOut]) -> None:
    """For the summary of all tests, whose first line says on which k0s the scenarios ran."""
    done = [{"name": item.name, "passed": item.passed, "seconds": round(item.seconds, 1)} for item in outcomes]
    report = {"k0s": k0s.words(), "scenarios": done, "not_applicable": [asdict(item) for item in left_out]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def table(outcomes: Sequence[Outcome], left_out: Sequence[LeftOut]) -> str:
    width = max(map(len, [*(item.name for item in outcomes), *(item.name for item in left_out)]))
    lines = [
        f"{outcome.name:{width}}  {'passed' if outcome.passed else 'FAILED'}  {outcome.seconds:6.0f} s"
        for outcome in outcomes
    ]
    lines += [f"{item.name:{width}}  not applicable: {item.reason}" for item in left_out]
    failed = [outcome for outcome in outcomes if not outcome.passed]
    lines += [f"The log of {outcome.name} is {outcome.log.relative_to(ROOT)}" for outcome in failed]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
