# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host scenarios, with the collection as it was built and installed: tests/scenarios runs them, this counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List

from tests.tools.build import INSTALLED
from tests.tools.outcome import Command, Outcome, unable
from tests.tools.setting import Setting

REPORT = "scenarios.json"


def scenarios(setting: Setting) -> Iterator[Outcome]:
    """Run those that SCENARIOS names, else all or the fast ones; each is one test."""
    if not (setting.root / INSTALLED).is_dir():
        yield unable("the collection is not installed: run the stage `build` first")
        return
    report = setting.results / REPORT
    report.unlink(missing_ok=True)
    named = os.environ.get("SCENARIOS", "").replace(",", " ").split()
    arguments = named or (["--all"] if setting.every else [])
    command = setting.command(
        "scenarios",
        setting.cores[0],
        *("python", "-m", "tests.scenarios.run", "--json", str(report), *arguments),
        cwd=setting.root,
        ANSIBLE_COLLECTIONS_PATH=str(setting.root / INSTALLED),
    )
    start = time.monotonic()
    code = _watch(command)
    seconds = time.monotonic() - start
    done: List[Dict[str, Any]] = _report(setting).get("scenarios", [])
    for each in done:
        passed = bool(each["passed"])
        yield Outcome(f"scenario {each['name']}", int(passed), int(not passed), float(each["seconds"]))
    if code and all(each["passed"] for each in done):
        yield unable(f"the scenarios ended with exit code {code} (log: {command.log})", seconds)


def k0s_in_words(setting: Setting) -> str:
    """Say on which k0s the host tests ran."""
    return str(_report(setting).get("k0s") or "none ran")


def left_out_in_words(setting: Setting) -> List[str]:
    """Say which host tests could not be on this k0s, and why."""
    return [f"{each['name']}: {each['reason']}" for each in _report(setting).get("not_applicable", [])]


def _report(setting: Setting) -> Dict[str, Any]:
    report = setting.results / REPORT
    if not report.is_file():
        return {}
    parsed: Dict[str, Any] = json.loads(report.read_text())
    return parsed


def _watch(command: Command) -> int:
    """Run a command that may take many minutes, showing what it says while it runs."""
    Path(command.log).parent.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        command.argv,
        cwd=command.cwd,
        env={**os.environ, **command.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    with process, command.log.open("w") as log:
        for line in process.stdout or ():
            log.write(line)
            sys.stdout.write(f"  {line}")
            sys.stdout.flush()
    return process.returncode
