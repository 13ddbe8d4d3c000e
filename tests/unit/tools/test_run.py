# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test run tells is what happened."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.tools import scenarios as scenario_stage
from tests.tools.outcome import Command, Outcome, junit_counts, side_by_side, simple
from tests.tools.run_tests import summary, write_summary
from tests.tools.sanity import sanity_counts
from tests.tools.setting import Setting
from tests.tools.units import without_ansible

SANITY = """\
Running sanity test "compile" on Python 3.8
Running sanity test "compile" on Python 3.12
Running sanity test "pep8"
ERROR: Found 1 pep8 issue(s) which need to be resolved:
WARNING: Skipping sanity test "pslint" because PowerShell is not installed.
FATAL: The 1 sanity test(s) listed below (out of 4) failed. See error output above for details.
"""
JUNIT = """\
<testsuites><testsuite><testcase classname="a" name="passes"/>
<testcase classname="a" name="fails"><failure message="x"/></testcase>
<testcase classname="a" name="breaks"><error message="x"/></testcase>
<testcase classname="a" name="waits"><skipped message="no host"/></testcase></testsuite></testsuites>
"""


def test_sanity_tests_are_counted_with_the_pythons_they_ran_on() -> None:
    passed, failed, notes = sanity_counts(SANITY)
    assert (passed, failed) == (2, 1)
    assert notes[0] == "2 kinds; compile and import on Python 3.8, 3.12"
    assert "pslint" in notes[1]


def test_a_broken_test_is_a_failed_one_and_a_skipped_one_is_told(tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    report.write_text(JUNIT)
    assert junit_counts([report]) == (1, 2, ["skipped: a.waits: no host"])


def test_the_output_of_a_failed_check_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = (sys.executable, "-c", "import sys; print('the reason'); sys.exit(3)")
    outcome = simple(Command("check", argv, tmp_path / "log" / "check.log", tmp_path))
    assert (outcome.passed, outcome.failed) == (0, 1)
    shown = capsys.readouterr().out
    assert "FAIL check" in shown
    assert "the reason" in shown


def test_checks_side_by_side_are_each_told_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def check(name: str, code: int) -> Command:
        argv = (sys.executable, "-c", f"import sys; print('{name} says so'); sys.exit({code})")
        return Command(name, argv, tmp_path / "log" / f"{name}.log", tmp_path)

    outcomes = list(side_by_side([check("one", 0), check("two", 4), check("three", 0)]))
    assert {outcome.name: outcome.failed for outcome in outcomes} == {"one": 0, "two": 1, "three": 0}
    lines = capsys.readouterr().out.splitlines()
    failure = next(number for number, line in enumerate(lines) if line.startswith("  FAIL two"))
    assert lines[failure + 2] == "two says so"
    assert sum(line.startswith("  ok ") for line in lines) == 2


def test_the_last_line_counts_and_the_first_names_the_k0s(tmp_path: Path) -> None:
    setting = Setting(tmp_path, ("2.21",), every=False)
    setting.results.mkdir(parents=True)
    (setting.results / scenario_stage.REPORT).write_text(json.dumps({"k0s": "simulator of k0s v1", "scenarios": []}))
    outcomes = {"units": [Outcome("units", 5, 1)], "scenarios": [Outcome("scenario ha", 1, 0)]}
    lines = summary(setting, outcomes, 1.0)
    assert lines[0] == "Host tests: simulator of k0s v1"
    assert lines[1] == "API tests: not part of this run"
    assert lines[2] == "ansible-core: 2.21 (not run, see MKE4K_CORES: 2.20, 2.19, 2.18)"
    assert lines[-1] == "6 passed, 1 failed"
    write_summary(setting, lines, outcomes)
    assert json.loads((setting.results / "summary.json").read_text())["summary"][-1] == "6 passed, 1 failed"


def test_the_summary_says_of_which_check_only_a_part_was_run(tmp_path: Path) -> None:
    whole, part = Outcome("units on one", 9, 0), Outcome("units on another", 3, 1, part="without two folders")
    lines = summary(Setting(tmp_path, ("2.21",)), {"units": [whole, part]}, 0.0)
    assert "           4 in units on another: without two folders" in lines
    assert not any("units on one" in line for line in lines)


def test_a_run_without_host_tests_claims_none(tmp_path: Path) -> None:
    assert summary(Setting(tmp_path, ("2.21", "2.19")), {}, 0.0)[0] == "Host tests: not part of this run"


def test_the_summary_says_which_api_server_the_tests_had(tmp_path: Path) -> None:
    setting = Setting(tmp_path, ("2.21",))
    outcomes = {"integration": [Outcome("integration", 1, 0)]}
    assert summary(setting, outcomes, 0.0)[1] == "API tests: none ran"
    log = setting.command("API server", "2.21", "python", cwd=tmp_path).log
    log.parent.mkdir(parents=True)
    log.write_text("$ python -m tests.api\nkube-apiserver v1.33.13 on loopback\n")
    assert summary(setting, outcomes, 0.0)[1] == "API tests: kube-apiserver v1.33.13 on loopback"


def test_on_another_ansible_core_everything_that_imports_ansible_is_tested(tmp_path: Path) -> None:
    for package, line in {
        "_plain": "import json",
        "_deep": "",
        "_fetching": "    from ansible.module_utils import urls",
    }.items():
        inner = tmp_path / "plugins" / "module_utils" / package / "inner"
        inner.mkdir(parents=True)
        (inner.parent / "__init__.py").touch()
        (inner / "code.py").write_text(f"from ansible_collections.mke4k.core.plugins import x\n{line}\n")
    left_out = [path for path in without_ansible(tmp_path) if "module_utils" in path]
    assert left_out == ["tests/unit/plugins/module_utils/_deep", "tests/unit/plugins/module_utils/_plain"]


def test_what_is_left_out_on_another_ansible_core_is_there() -> None:
    root = Path(__file__).resolve().parents[3]
    assert all((root / path).is_dir() for path in without_ansible(root))


def test_scenarios_need_the_built_collection(tmp_path: Path) -> None:
    outcomes = list(scenario_stage.scenarios(Setting(tmp_path, ("2.21",))))
    assert [outcome.failed for outcome in outcomes] == [1]


def test_scenarios_that_cannot_be_on_this_k0s_are_told_with_the_reason(tmp_path: Path) -> None:
    setting = Setting(tmp_path, ("2.21",), every=False)
    setting.results.mkdir(parents=True)
    left_out = [{"name": "upgrade-autopilot", "reason": "the simulator has none"}]
    report = {"k0s": "simulator of k0s v1", "scenarios": [], "not_applicable": left_out}
    (setting.results / scenario_stage.REPORT).write_text(json.dumps(report))
    lines = summary(setting, {"scenarios": [Outcome("scenario ha", 1, 0)]}, 1.0)
    assert "           not applicable: upgrade-autopilot: the simulator has none" in lines
