# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection says about itself is true."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any, Dict, List

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
MODULES = sorted(path for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__")
ROLES = sorted(path for path in (ROOT / "roles").iterdir() if path.is_dir())
# A role that is imported or included, and its entry point where it is not main.
ROLE_USED = re.compile(r"name: mke4k\.core\.(\w+)\n(?: +rolespec_validate:[^\n]*\n)?(?: +tasks_from: (\w+))?")
FRAGMENT = "mke4k.core._attributes"


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text())


def documentation(module: Path) -> Dict[str, Any]:
    for node in ast.parse(module.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DOCUMENTATION":
            parsed: Dict[str, Any] = yaml.safe_load(ast.literal_eval(node.value))
            return parsed
    pytest.fail(f"{module.name} has no DOCUMENTATION")


def test_the_action_group_has_every_module() -> None:
    groups: Dict[str, List[str]] = read("meta/runtime.yml")["action_groups"]
    assert groups == {"mke4k": [module.stem for module in MODULES]}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.stem))
def test_a_module_says_how_it_behaves(module: Path) -> None:
    described = documentation(module)
    fragments = described["extends_documentation_fragment"]
    assert {FRAGMENT, f"{FRAGMENT}.actiongroup_mke4k"} <= set(fragments)
    own = set(described.get("attributes", {}))
    assert {"check_mode", "diff_mode", "idempotent"} <= own or {f"{FRAGMENT}.info", f"{FRAGMENT}.full"} & set(fragments)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.stem))
def test_a_module_with_an_action_says_that_it_runs_on_the_control_node(module: Path) -> None:
    fragments = documentation(module)["extends_documentation_fragment"]
    action = (ROOT / "plugins" / "action" / module.name).is_file()
    assert (f"{FRAGMENT}.controller" in fragments) == action


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.stem))
def test_a_module_is_thin(module: Path) -> None:
    body = ast.parse(module.read_text()).body
    code = [node for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    assert sum((node.end_lineno or 0) - node.lineno + 1 for node in code) <= 120


@pytest.mark.parametrize("role", ROLES, ids=lambda path: str(path.name))
def test_a_role_can_be_imported_by_galaxy_and_checks_its_arguments(role: Path) -> None:
    assert (role / "README.md").is_file()
    specs: Dict[str, Any] = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    defaults_file = role / "defaults" / "main.yml"
    defaults: Dict[str, Any] = yaml.safe_load(defaults_file.read_text()) if defaults_file.is_file() else {}
    documented = {option for entry in specs.values() for option in entry.get("options", {})}
    assert set(defaults) <= documented


@pytest.mark.parametrize("role", ROLES, ids=lambda path: str(path.name))
def test_every_entry_point_of_a_role_is_specified_described_and_there(role: Path) -> None:
    specs: Dict[str, Any] = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    readme = (role / "README.md").read_text()
    table = {name for row in re.findall(r"^\|(.*?)\|", readme, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert all(spec.get("short_description") and spec.get("description") for spec in specs.values())
    assert all((role / "tasks" / f"{entry}.yml").is_file() for entry in specs)
    assert set(specs) <= table | ({"main"} if "`main`" in readme else set())


def test_what_playbooks_and_roles_begin_at_is_an_entry_point() -> None:
    files = [*(ROOT / "playbooks").glob("*.yml"), *(ROOT / "roles").glob("*/tasks/*.yml")]
    used = {found for path in files for found in ROLE_USED.findall(path.read_text())}
    assert len(used) > 10
    for role, entry in used:
        specs = read(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]
        assert (entry or "main") in specs, (role, entry)


@pytest.mark.parametrize("role", ROLES, ids=lambda path: str(path.name))
def test_a_role_says_which_tags_it_has_and_has_no_other(role: Path) -> None:
    readme = (role / "README.md").read_text()
    assert "tags" in readme.lower()
    own = {
        tag
        for path in (role / "tasks").glob("*.yml")
        for tags in re.findall(r"^ +(?:apply: {)?tags: \[(.*?)\]", path.read_text(), re.MULTILINE)
        for tag in tags.split(", ")
    }
    assert all(tag.startswith(f"{role.name}_") and f"| `{tag}` |" in readme for tag in own), own


def test_a_role_keeps_what_it_registers_under_its_own_name() -> None:
    for path in (ROOT / "roles").glob("*/tasks/*.yml"):
        named = re.findall(r"^ +(?:register|loop_var): (\S+)", path.read_text(), re.MULTILINE)
        own = f"__{path.parents[1].name}"
        wrong = [name for name in named if name != own and not name.startswith(f"{own}_")]
        assert wrong == [], path


def test_no_role_has_handlers_that_a_play_could_call_by_chance() -> None:
    assert not list((ROOT / "roles").glob("*/handlers"))
    assert not [path for path in (ROOT / "roles").glob("*/tasks/*.yml") if "notify:" in path.read_text()]


def test_no_sanity_test_is_ignored() -> None:
    assert not list((ROOT / "tests" / "sanity").glob("ignore*"))


def test_every_link_of_the_readme_is_a_full_one() -> None:
    text = (ROOT / "README.md").read_text()
    targets = [part.split(")", 1)[0] for part in text.split("](")[1:]]
    assert targets
    assert [target for target in targets if not target.startswith("https://")] == []


def test_what_the_architecture_names_is_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    named = re.findall(r"`((?:plugins|roles|playbooks|tests|extensions)/[\w./-]*)`", text)
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_release_notes_list_every_module() -> None:
    notes: Dict[str, Any] = read("changelogs/changelog.yaml")
    listed = {entry["name"] for release in notes["releases"].values() for entry in release.get("modules", [])}
    assert {module.stem for module in MODULES} <= listed
