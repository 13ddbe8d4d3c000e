# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The queries by which Ansible Automation Platform counts the nodes of child clusters."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
import yaml

from tests.tools.prepare import VENVS

from .assets import AWX

ROOT = AWX.parents[1]
QUERIES = yaml.safe_load((ROOT / "extensions" / "audit" / "event_query.yml").read_text(encoding="utf-8"))
PROGRAM = (
    "import jq, json, sys; given = json.load(sys.stdin); print(json.dumps(jq.compile(given[0]).input(given[1]).all()))"
)
CHILD = {
    "name": "prod",
    "namespace": "k0rdent",
    "region": "eu-west-3",
    "cluster_id": "c1",
    "ready": True,
    "nodes": "2/2",
}


def counted(module: str, result: dict[str, Any]) -> list[dict[str, Any]]:
    """What the platform makes of the result of a module, with the program that it uses."""
    given = json.dumps([QUERIES[module]["query"], result])
    python = str(VENVS / "awx" / "bin" / "python")
    done = subprocess.run([python, "-c", PROGRAM], input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("module", sorted(QUERIES))
def test_each_node_of_a_ready_child_counts_once(module: str) -> None:
    found = counted(module, {"children": [CHILD, {**CHILD, "name": "test", "nodes": "1/3"}]})
    assert [node["name"] for node in found] == ["prod-0", "prod-1", "test-0"]
    assert len({json.dumps(node["canonical_facts"], sort_keys=True) for node in found}) == 3
    assert {node["facts"]["device_type"] for node in found} == {"Kubernetes node"}


@pytest.mark.parametrize(
    "child", [{**CHILD, "ready": False}, {**CHILD, "nodes": ""}, {**CHILD, "nodes": None}, {"name": "gone"}]
)
def test_what_is_no_node_does_not_count(child: dict[str, Any]) -> None:
    assert counted("mke4k.core.child_cluster", {"children": [child]}) == []


def test_a_failed_task_counts_nothing() -> None:
    assert counted("mke4k.core.child_cluster", {"msg": "failed"}) == []


def test_queries_are_about_modules_of_the_collection() -> None:
    names = {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")}
    assert {name.rsplit(".", 1)[1] for name in QUERIES} <= names
