# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything in examples/ is what a user can start from."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.module_utils._config.load import load

EXAMPLES = Path(__file__).parents[3] / "examples"
CONFIGS = sorted([*EXAMPLES.glob("*.mke4.yaml"), *EXAMPLES.glob("*.mke.yaml")])


def ansible(program: str, *arguments: str) -> str:
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    done = subprocess.run(command, cwd=EXAMPLES, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def inventory(path: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(ansible("ansible-inventory", "--list", "--inventory", path))
    return document


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: str(path.name))
def test_a_config_has_no_error_and_no_unknown_field(path: Path) -> None:
    loaded = load(yaml.safe_load(path.read_text(encoding="utf-8")))
    unwanted = [
        finding.text() for finding in loaded.findings if finding.severity == "error" or "unknown" in finding.name
    ]
    assert unwanted == []


def test_there_is_a_config_for_each_form_and_generation() -> None:
    documents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in CONFIGS]
    versions = {document["spec"]["version"] if "spec" in document else "flat" for document in documents}
    assert versions == {"flat", "v4.1.2", "v4.2.0"}


def test_two_lines_make_an_mke4_yaml_an_inventory() -> None:
    groups = inventory("inventory.yml")
    assert groups["mke4k_controllers"]["hosts"] == ["10.0.0.11", "10.0.0.12", "10.0.0.13"]
    assert {"10.0.0.21", "10.0.0.22"} < set(groups["mke4k_workers"]["hosts"])


def test_two_clusters_fit_in_one_inventory() -> None:
    groups = inventory("two-clusters/hosts.yml")
    assert len(groups["berlin_controllers"]["hosts"]) == 3
    assert groups["lisbon_controllers"]["hosts"] == groups["lisbon_workers"]["hosts"] == ["lisbon-1"]
    config = groups["_meta"]["hostvars"]["berlin-1"]["mke4k_config"]
    hosts = [
        {"name": name, "role": "controller", "ssh": {"address": groups["_meta"]["hostvars"][name]["ansible_host"]}}
        for name in groups["berlin_controllers"]["hosts"]
    ]
    assert load(config, inventory_hosts=hosts).errors == ()


def test_the_role_can_be_imported_in_a_playbook_of_fifteen_lines() -> None:
    assert len((EXAMPLES / "role.yml").read_text(encoding="utf-8").splitlines()) <= 15
    ansible("ansible-playbook", "--syntax-check", "role.yml")
