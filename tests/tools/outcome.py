# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running one check, and what came of it."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Iterator, List, Mapping, Sequence, Tuple
from xml.etree import ElementTree

SHOWN_LINES = 150


@dataclass(frozen=True)
class Outcome:
    """What one check counted. A check that counts nothing itself is one test.

    `part`: in what it is less than the same check elsewhere, or where everything is run.
    """

    name: str
    passed: int
    failed: int
    seconds: float = 0.0
    notes: Tuple[str, ...] = ()
    part: str = ""

    def to_dict(self) -> Dict[str, object]:
        """Return it for the summary file."""
        return {
            "name": self.name,
            "passed": self.passed,
            "failed": self.failed,
            "seconds": round(self.seconds, 1),
            "notes": list(self.notes),
            "part": self.part,
        }


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    code: int
    seconds: float
    output: str

    def tail(self) -> str:
        """Return the end of the output, where the reasons stand."""
        lines = self.output.splitlines()
        hidden = len(lines) - SHOWN_LINES
        cut = [f"[... {hidden} lines before these are in the log]"] if hidden > 0 else []
        return "\n".join([*cut, *lines[-SHOWN_LINES:]])


@dataclass(frozen=True)
class Command:
    """A command with its surroundings; its output goes to a log."""

    name: str
    argv: Sequence[str]
    log: Path
    cwd: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self) -> Result:
        """Run it to its end, without a terminal."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        start = time.monotonic()
        with self.log.open("wb") as log:
            log.write(f"$ cd {self.cwd}; {shlex.join(self.argv)}\n".encode())
            log.flush()
            done = subprocess.run(
                self.argv,
                cwd=self.cwd,
                env={**os.environ, **self.environment},
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return Result(done.returncode, time.monotonic() - start, self.log.read_text(errors="replace"))


def simple(command: Command) -> Outcome:
    """Run a command that is one test."""
    return _told(command, command.run())


def side_by_side(commands: Sequence[Command], lanes: int = 2) -> Iterator[Outcome]:
    """Run commands that are one test each, some at a time; what a command said is shown when it has ended."""
    with ThreadPoolExecutor(lanes) as pool:
        running = {pool.submit(command.run): command for command in commands}
        for done in as_completed(running):
            yield _told(running[done], done.result())


def _told(command: Command, result: Result) -> Outcome:
    failed = int(result.code != 0)
    outcome = Outcome(command.name, 1 - failed, failed, result.seconds)
    show(outcome, result, command.log)
    return outcome


def unable(reason: str, seconds: float = 0.0) -> Outcome:
    """Return the failure of a check that could not be run."""
    print(f"  FAIL {reason}", flush=True)
    return Outcome(reason, 0, 1, seconds)


def show(outcome: Outcome, result: Result, log: Path) -> None:
    """Print one line for what passed, and the reasons for what did not."""
    word = "FAIL" if outcome.failed else "ok"
    counts = f" {outcome.passed} passed, {outcome.failed} failed," if outcome.passed + outcome.failed != 1 else ""
    print(f"  {word:4} {outcome.name}:{counts} {outcome.seconds:.1f} s", flush=True)
    for note in (*filter(None, [outcome.part]), *outcome.notes):
        print(f"       {note}", flush=True)
    if outcome.failed:
        print(f"{result.tail()}\n       (whole log: {log})", flush=True)


def junit_counts(files: Sequence[Path]) -> Tuple[int, int, List[str]]:
    """Return passed and failed tests of junit files, and the reasons of the skipped ones."""
    passed = failed = 0
    skipped: List[str] = []
    for file in files:
        for case in ElementTree.parse(file).iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                failed += 1
            elif (reason := case.find("skipped")) is not None:
                skipped.append(f"skipped: {case.get('classname')}.{case.get('name')}: {reason.get('message')}")
            else:
                passed += 1
    return passed, failed, skipped
