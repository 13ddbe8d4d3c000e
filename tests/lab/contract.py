#!/usr/bin/env python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds a k0s to the recorded behaviour: runs a list of simulator/contract on the hosts of a lab.

    tests/lab/lab.py --name contract up 3
    tests/lab/contract.py --name contract

    tests/lab/lab.py --name contract up --fresh plan.yml     # three hosts and `registry: true`
    tests/lab/contract.py --name contract charts pods

The hosts must be bare (`lab.py reset-hosts`); the list "pods" goes on where "charts" ends. With the simulator this
checks the simulator, with real k0s the recording.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import yaml

HERE = Path(__file__).resolve().parent
RECORDED = HERE / "simulator" / "contract"
LISTS = tuple(sorted(path.stem for path in RECORDED.glob("*.yaml")))
DEFAULT_TIMEOUT = 180.0
VARIABLE = re.compile(r"\$\{(\w+)\}")
KNOWN = {"name", "host", "run", "rc", "out", "not_out", "stdout", "within", "hangs", "until", "save"}


@dataclass(frozen=True)
class Step:
    """One call and what it must do; recorded.yaml explains the fields."""

    name: str
    host: str
    run: str
    rc: Tuple[int, ...] = (0,)
    out: str = ""
    not_out: str = ""
    stdout: Optional[str] = None
    within: float = 0.0
    hangs: float = 0.0
    until: float = 0.0
    save: str = ""


@dataclass(frozen=True)
class Answer:
    """What a call did; the exit code is None when it was still running at the time-out."""

    rc: Optional[int]
    stdout: str
    stderr: str
    seconds: float


@dataclass
class Lab:
    """The lab whose hosts are used."""

    name: str
    saved: Dict[str, str] = field(default_factory=dict)

    def command(self, *words: str) -> List[str]:
        return [sys.executable, str(HERE / "lab.py"), "--name", self.name, *words]

    def fill(self, text: str) -> str:
        """The text with saved values in it."""
        return VARIABLE.sub(lambda match: self.saved.get(match.group(1), match.group(0)), text)

    def call(self, host: str, line: str, timeout: float) -> Answer:
        """Runs a shell line on a host, which reads it from standard input: no quoting on the way."""
        begin = time.monotonic()
        process = subprocess.Popen(
            self.command("ssh", host, "--", "bash", "-s"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
        )  # fmt: skip
        try:
            stdout, stderr = process.communicate(self.fill(line), timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            stdout, stderr = process.communicate()
            return Answer(None, stdout, stderr, time.monotonic() - begin)
        return Answer(process.returncode, stdout, stderr, time.monotonic() - begin)

    def describe(self) -> Mapping[str, Any]:
        """What `lab status --json` says."""
        done = subprocess.run(self.command("status", "--json"), capture_output=True, text=True, check=True)
        described: Mapping[str, Any] = json.loads(done.stdout)
        if not described:
            raise SystemExit(f"contract: there is no lab {self.name}; `lab.py --name {self.name} up 3` makes one")
        return described

    def know_registry(self, run: Path) -> None:
        """Makes what the lab's registry needs known to the steps, where there is one."""
        path = run / "registry.json"
        if not path.exists():
            return
        described = json.loads(path.read_text(encoding="utf-8"))
        for name in ("host", "username", "password", "images"):
            self.saved[f"registry_{name}"] = described[name]
        self.saved["registry_ca"] = base64.b64encode(Path(described["ca"]).read_bytes()).decode()

    def put_binary(self, host: str, path: Path) -> None:
        """Copies k0s to the host."""
        target = "/usr/local/bin/k0s"
        line = f"cat > {target}.new && chmod 0755 {target}.new && mv {target}.new {target}"
        with path.open("rb") as stream:
            subprocess.run(self.command("ssh", host, "--", line), stdin=stream, check=True)


def read_steps(path: Path) -> List[Step]:
    """The recorded calls; a field that does not exist is an error."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    steps = []
    for entry in document["steps"]:
        unknown = set(entry) - KNOWN
        if unknown:
            raise SystemExit(f"contract: step {entry.get('name')!r} has unknown fields: {', '.join(sorted(unknown))}")
        rc = entry.get("rc", 0)
        steps.append(Step(**{**entry, "rc": tuple(rc) if isinstance(rc, list) else (rc,)}))
    return steps


def complaint(step: Step, answer: Answer, lab: Lab) -> str:
    """What is wrong with the answer, or nothing."""
    both = answer.stdout + answer.stderr
    if answer.rc is None:
        return f"still running after {answer.seconds:.0f} s"
    if answer.rc not in step.rc:
        return f"exit code {answer.rc}, recorded {' or '.join(map(str, step.rc))}"
    if step.out and not re.search(lab.fill(step.out), both):
        return f"output lacks /{step.out}/"
    if step.not_out and re.search(step.not_out, both):
        return f"output has /{step.not_out}/"
    if step.stdout is not None and not re.fullmatch(step.stdout, answer.stdout.removesuffix("\n")):
        return f"standard output is not /{step.stdout}/"
    if step.within and answer.seconds > step.within:
        return f"took {answer.seconds:.1f} s, recorded at most {step.within:g} s"
    return ""


def run_step(lab: Lab, step: Step) -> Tuple[str, Answer, float]:
    """Runs a step, again and again where it may take a while; its complaint, last answer and seconds."""
    begin = time.monotonic()
    if step.hangs:
        answer = lab.call(step.host, step.run, step.hangs)
        return ("" if answer.rc is None else f"ended with {answer.rc}, recorded: it hangs"), answer, answer.seconds
    while True:
        answer = lab.call(step.host, step.run, DEFAULT_TIMEOUT)
        wrong = complaint(step, answer, lab)
        elapsed = time.monotonic() - begin
        if not wrong or elapsed >= step.until:
            return wrong, answer, elapsed
        time.sleep(0.3)


def excerpt(answer: Answer) -> str:
    """The end of what a call printed, for a report."""
    lines = (answer.stdout + answer.stderr).strip().splitlines()
    return "\n".join(f"      | {line[:300]}" for line in lines[-12:])


def main(arguments: Sequence[str]) -> int:
    """Runs the list; the number of steps that are not as recorded decides the exit code."""
    parser = argparse.ArgumentParser(prog="contract", description="Holds the lab's k0s to the recorded behaviour.")
    parser.add_argument(
        "lists", nargs="*", default=["recorded"], metavar="LIST", help=f"of {', '.join(LISTS)} (recorded)"
    )
    parser.add_argument("--name", default="contract", help="name of the lab (%(default)s)")
    parser.add_argument("--keep-going", action="store_true", help="go on after a step that is not as recorded")
    options = parser.parse_args(arguments)
    if unknown := set(options.lists) - set(LISTS):
        parser.error(f"there is no list {', '.join(sorted(unknown))}, only {', '.join(LISTS)}")
    lab = Lab(options.name)
    described = lab.describe()
    choice = described["k0s"]
    steps = [step for name in options.lists for step in read_steps(RECORDED / f"{name}.yaml")]
    lab.know_registry(Path(described["run"]))
    print(f"contract: {len(steps)} recorded calls against {choice['kind']} {choice['version']}")
    for host in sorted({step.host for step in steps}):
        lab.put_binary(host, Path(choice["path"]))
    failed = 0
    for step in steps:
        wrong, answer, seconds = run_step(lab, step)
        verdict = f"FAIL ({wrong})" if wrong else "ok"
        print(f"{verdict:4} {seconds:6.1f} s  {step.host}  {step.name}", flush=True)
        if step.save:
            lab.saved[step.save] = answer.stdout.removesuffix("\n")
        if wrong:
            failed += 1
            print(excerpt(answer))
            if not options.keep_going:
                break
    print(f"contract: {failed} of {len(steps)} calls not as recorded" if failed else "contract: everything as recorded")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
