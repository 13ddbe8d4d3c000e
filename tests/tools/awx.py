# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks as jobs of AWX, with the collection as it was built and installed: tests/awx runs them, this counts."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from typing import Dict, Iterator, List

from tests.tools.build import INSTALLED
from tests.tools.outcome import Outcome, junit_counts, show, unable
from tests.tools.prepare import PrepareError, find_python, prepare
from tests.tools.setting import Setting

COSTS = "awx.jsonl"


def awx(setting: Setting) -> Iterator[Outcome]:
    """Run them: on the simulator of k0s the shorter ones; where everything is run, all on the k0s of this machine."""
    if not (setting.root / INSTALLED).is_dir():
        yield unable("the collection is not installed: run the stage `build` first")
        return
    try:
        prepare("awx", partial(find_python, setting.cores[0]))
    except PrepareError as error:
        yield unable(str(error))
        return
    costs = setting.results / COSTS
    costs.unlink(missing_ok=True)
    for core in setting.cores:
        yield _jobs(setting, core)


def _jobs(setting: Setting, core: str) -> Outcome:
    """Everything on the first core; on the others what hosts need most, on the simulator."""
    first = core == setting.cores[0]
    junit = setting.results / f"awx-{core}.xml"
    junit.unlink(missing_ok=True)
    children = ["tests/awx/test_children.py"] if setting.every else []
    chosen = ["tests/awx"] if first else ["tests/awx/test_hosts.py", *children]
    argv = ("pytest", "-q", "-n", "2", "--dist", "loadfile", f"--junit-xml={junit}", *chosen)
    name = f"jobs of AWX on ansible-core {core}"
    environment = _environment(setting, thorough=first and setting.every)
    command = setting.command(name, core, *argv, cwd=setting.root, **environment)
    result = command.run()
    passed, failed, told = junit_counts([junit] if junit.is_file() else [])
    notes = (*told, *(_most(setting.results / COSTS) if first else ()))
    part = "" if first and setting.every else "without what takes minutes" if first else f"only {' and '.join(chosen)}"
    outcome = Outcome(name, passed, failed or int(result.code != 0), result.seconds, notes, part)
    show(outcome, result, command.log)
    return outcome


def _environment(setting: Setting, *, thorough: bool) -> Dict[str, str]:
    found = {"MKE4K_AWX_COLLECTIONS": str(setting.root / INSTALLED)}
    if thorough:
        return {**found, "MKE4K_AWX": "all"}
    return {**found, "MKE4K_LAB_K0S": os.environ.get("MKE4K_LAB_K0S", "simulator")}


def _most(costs: Path) -> List[str]:
    """Return which job had the most events, and which the largest."""
    jobs = [json.loads(line) for line in costs.read_text().splitlines()] if costs.is_file() else []
    if not jobs:
        return []
    most, largest = max(jobs, key=lambda job: job["events"]), max(jobs, key=lambda job: job["largest"])
    note = (
        f"{len(jobs)} jobs; at most {most['events']} events ({most['playbook']}, {most['step']}); the largest event"
        f" {largest['largest']} bytes ({largest['playbook']}, {largest['step']})"
    )
    return [note]
