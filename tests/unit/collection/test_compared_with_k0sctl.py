# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every row of the comparison with k0sctl is held by tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Iterator, Tuple

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs" / "compared-with-k0sctl.md").read_text()
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
TASK = re.compile(r"`([\w-]+): ([^`]+)`")
SHORT = {
    "_": "tests/unit/plugins/module_utils",
    "plugin_utils": "tests/unit/plugins",
    "unit": "tests",
    "integration": "tests",
}


def rows() -> Iterator[Tuple[str, str]]:
    for line in TEXT.splitlines():
        if line.startswith("| ") and not line.startswith("| k0sctl |"):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            yield cells[0], cells[-1]


def file_of(short: str) -> Path:
    first = short.partition("/")[0]
    return ROOT / SHORT["_" if first.startswith("_") else first] / short


def named_tasks(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from named_tasks(item)
    elif isinstance(value, dict):
        if "name" in value:
            yield str(value["name"])
        for item in value.values():
            yield from named_tasks(item)


def test_every_defect_has_a_test() -> None:
    held = dict(rows())
    assert len(held) > 30
    assert [defect for defect, cell in held.items() if not TEST.search(cell) and not TASK.search(cell)] == []


@pytest.mark.parametrize(("short", "test"), sorted(set(TEST.findall(TEXT))), ids=str)
def test_a_test_that_is_named_exists(short: str, test: str) -> None:
    found = {node.name for node in ast.walk(ast.parse(file_of(short).read_text())) if isinstance(node, ast.FunctionDef)}
    assert test in found


@pytest.mark.parametrize(("scenario", "task"), sorted(set(TASK.findall(TEXT))), ids=str)
def test_a_step_of_a_scenario_that_is_named_exists(scenario: str, task: str) -> None:
    folder = ROOT / "extensions" / "molecule" / scenario
    assert task in {name for path in folder.glob("*.yml") for name in named_tasks(yaml.safe_load(path.read_text()))}
