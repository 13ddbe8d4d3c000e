# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run stages of the tests, all of them whatever fails, and end with a summary.

    python -m tests.tools.run_tests [--all] STAGE...      stages: lint units integration sanity build scenarios release

The first lines of the summary say on which k0s and API server the tests ran, the last one how many passed and failed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Callable, Dict, Iterator, List

from tests.tools.awx import awx
from tests.tools.build import build
from tests.tools.lint import lint
from tests.tools.outcome import Outcome
from tests.tools.prepare import CORES, wanted_cores
from tests.tools.release import release
from tests.tools.sanity import sanity
from tests.tools.scenarios import k0s_in_words, left_out_in_words, scenarios
from tests.tools.setting import Setting
from tests.tools.units import api_in_words, integration, units

STAGES: Dict[str, Callable[[Setting], Iterator[Outcome]]] = {
    "lint": lint,
    "units": units,
    "integration": integration,
    "sanity": sanity,
    "build": build,
    "awx": awx,
    "scenarios": scenarios,
    "release": release,
}


def main(arguments: List[str]) -> int:
    """Run the stages that were named."""
    parser = argparse.ArgumentParser(prog="run_tests")
    parser.add_argument("--all", action="store_true", help="every scenario, not only the fast ones")
    parser.add_argument("stage", nargs="+", choices=list(STAGES))
    parser.add_argument("--quiet", action="store_true", help="no summary: a step before something else")
    options = parser.parse_args(arguments)
    setting = Setting(Path(__file__).resolve().parents[2], tuple(wanted_cores(os.environ)), options.all)
    start = time.monotonic()
    outcomes: Dict[str, List[Outcome]] = {}
    for stage in options.stage:
        print(f"== {stage}", flush=True)
        outcomes[stage] = list(STAGES[stage](setting))
    lines = summary(setting, outcomes, time.monotonic() - start)
    if not options.quiet:
        write_summary(setting, lines, outcomes)
        print("\n".join(["", *lines]), flush=True)
    return int(any(outcome.failed for stage in outcomes.values() for outcome in stage))


def summary(setting: Setting, outcomes: Dict[str, List[Outcome]], seconds: float) -> List[str]:
    """Return the summary, a line a stage."""
    lines = [f"Host tests: {k0s_in_words(setting) if 'scenarios' in outcomes else 'not part of this run'}"]
    lines.append(f"API tests: {api_in_words(setting) if 'integration' in outcomes else 'not part of this run'}")
    missing = [core for core in CORES if core not in setting.cores]
    cores = f"ansible-core: {', '.join(setting.cores)}"
    lines.append(cores + (f" (not run, see MKE4K_CORES: {', '.join(missing)})" if missing else ""))
    for stage, done in outcomes.items():
        passed, failed = sum(each.passed for each in done), sum(each.failed for each in done)
        duration = sum(each.seconds for each in done)
        lines.append(f"{stage:<10} {passed:>5} passed {failed:>4} failed {duration:>7.1f} s")
        lines += [f"           {each.passed + each.failed} in {each.name}: {each.part}" for each in done if each.part]
        lines += [f"           failed: {each.name}" for each in done if each.failed]
        if stage == "scenarios":
            lines += [f"           not applicable: {each}" for each in left_out_in_words(setting)]
    lines.append(f"Took {seconds:.0f} s; logs and junit files are in {setting.results.relative_to(setting.root)}.")
    everything = [each for done in outcomes.values() for each in done]
    lines.append(f"{sum(each.passed for each in everything)} passed, {sum(each.failed for each in everything)} failed")
    return lines


def write_summary(setting: Setting, lines: List[str], outcomes: Dict[str, List[Outcome]]) -> None:
    """Write the summary for machines."""
    stages = {stage: [each.to_dict() for each in done] for stage, done in outcomes.items()}
    setting.results.mkdir(parents=True, exist_ok=True)
    (setting.results / "summary.json").write_text(json.dumps({"summary": lines, "stages": stages}, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
