# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of Galaxy, of the package `ansible` and of Automation Hub that a checkout can be held to.

What needs programs of their own (galaxy-importer, ansible-lint, sanity, antsibull-docs, ansible-builder) is run by
tests/tools and tests/awx.
"""

from __future__ import annotations

import ast
import fnmatch
import re
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, Set

import pytest
import yaml

from .test_metadata import MODULES, ROLES, ROOT, documentation, read

GALAXY: Dict[str, Any] = read("galaxy.yml")
README = (ROOT / "README.md").read_text()
LINT: Dict[str, Any] = read(".ansible-lint")
PLUGINS = [path for path in sorted((ROOT / "plugins").rglob("*.py")) if path.stat().st_size]
NAME = re.compile(r"^(?!.*__)[a-z][0-9a-z_]*$")
TAGS = {
    "ai", "application", "cloud", "database", "eda", "infrastructure", "linux", "monitoring", "networking", "security",
    "storage", "tools", "windows",
}  # fmt: skip
SECTIONS = [
    "Description", "Requirements", "Installation", "Use cases", "Testing", "Contributing", "Support",
    "Release notes and roadmap", "Related information", "License",
]  # fmt: skip
# Neither skipped nor ignored, whatever the profile says.
NEVER_SKIPPED = {
    "risky-shell-pipe", "command-instead-of-shell", "meta-no-info", "package-latest", "no-handler", "no-log-password",
    "meta-runtime", "no-changed-when", "risky-file-permissions", "command-instead-of-module", "unnamed-task",
}  # fmt: skip
IMPORTED_AS = {"yaml": "PyYAML", "jinja2": "Jinja2"}
OF_ANSIBLE = {"ansible", "ansible_collections", "yaml", "jinja2", "cryptography", "packaging"}


def released(folder: Path = ROOT) -> Iterator[Path]:
    """The files that a tarball has."""
    for path in sorted(folder.iterdir()):
        if path.name == ".git" or is_left_out(path):
            continue
        if path.is_dir():
            yield from released(path)
        else:
            yield path


def is_left_out(path: Path) -> bool:
    names = (path.relative_to(ROOT).as_posix(), path.name)
    return any(fnmatch.fnmatch(name, rule) for name in names for rule in GALAXY["build_ignore"])


def section(title: str) -> str:
    return README.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_galaxy_yml_has_what_galaxy_asks_for() -> None:
    assert all(NAME.match(GALAXY[key]) and len(GALAXY[key]) <= 64 for key in ("namespace", "name"))
    assert all(0 < len(author) <= 64 for author in GALAXY["authors"])
    assert ("license" in GALAXY) != ("license_file" in GALAXY)
    assert (ROOT / GALAXY["readme"]).is_file()
    assert all(str(GALAXY[key]).startswith("https://") for key in ("repository", "documentation", "homepage", "issues"))
    assert re.fullmatch(r"\d+\.\d+\.\d+", GALAXY["version"])


def test_tags_are_few_known_and_one_of_those_that_are_required() -> None:
    assert len(GALAXY["tags"]) <= 20
    assert TAGS & set(GALAXY["tags"])
    assert all(re.fullmatch(r"[a-z0-9]+", tag) for tag in GALAXY["tags"])


def test_dependencies_are_none_so_that_no_other_collection_has_to_be_certified() -> None:
    assert GALAXY["dependencies"] == {}


def test_the_lower_bound_of_ansible_is_a_supported_release_that_is_no_preview() -> None:
    assert read("meta/runtime.yml")["requires_ansible"] == ">=2.18.0"


def test_an_archive_has_only_text_and_is_small() -> None:
    sizes = []
    for path in released():
        content = path.read_bytes()
        assert b"\0" not in content, f"{path} is a binary"
        content.decode()
        sizes.append(len(content))
    assert sum(sizes) < 20 * 1024 * 1024


def test_an_archive_leaves_out_what_users_have_no_use_for() -> None:
    tops = {path.relative_to(ROOT).parts[0] for path in released()}
    assert not tops & {"tests", "docs", "examples", ".github", ".ansible", ".nox", "collections", ".venv", ".build"}
    assert {"README.md", "COPYING", "CHANGELOG.md", "galaxy.yml", "meta", "plugins", "roles", "playbooks"} <= tops


def test_what_is_installed_reads_nothing_that_may_be_missing() -> None:
    """It has to work when only meta, plugins, roles and playbooks are left."""
    outside = re.compile(r"(playbook_dir|role_path)[^\n]*\.\./\.\./(docs|examples|extensions|tests|changelogs)")
    files = [path for top in ("plugins", "roles", "playbooks") for path in (ROOT / top).rglob("*")]
    texts = [path for path in files if path.suffix in (".py", ".yml", ".yaml")]
    assert len(texts) > 500
    assert [path.name for path in texts if outside.search(path.read_text())] == []


def test_the_readme_has_its_sections_in_the_order_of_the_template() -> None:
    assert README.startswith("# mke4k.core")
    assert re.findall(r"^## (.+)$", README, re.MULTILINE) == SECTIONS


def test_the_readme_says_how_to_install_upgrade_and_pin_and_installs_no_ansible() -> None:
    text = section("Installation")
    for words in (
        "ansible-galaxy collection install mke4k.core\n",
        "ansible-galaxy collection install mke4k.core --upgrade",
        f"ansible-galaxy collection install mke4k.core:=={GALAXY['version']}",
        "requirements.yml",
    ):
        assert words in text
    assert "pip install ansible" not in README


def test_the_readme_has_use_cases_with_examples() -> None:
    cases = section("Use cases").split("\n### ")[1:]
    assert len(cases) >= 3
    assert [case.splitlines()[0] for case in cases if "```" not in case] == []


def test_the_readme_says_what_was_tested_and_what_is_known_not_to_work() -> None:
    text = section("Testing")
    for core in ("2.19", "2.21"):
        assert f"ansible-core {core}" in text or core in text
    assert f"Known limits of {GALAXY['version']}" in text


def test_the_readme_says_where_help_is_and_how_people_treat_each_other() -> None:
    assert "/issues" in section("Support")
    assert "forum.ansible.com" in section("Support")
    assert "CODE_OF_CONDUCT.md" in README
    assert "semver.org" in section("Release notes and roadmap")
    assert (ROOT / "CODE_OF_CONDUCT.md").is_file()
    assert (ROOT / "CONTRIBUTING.md").is_file()


def test_the_changelog_has_the_version() -> None:
    assert GALAXY["version"] in read("changelogs/changelog.yaml")["releases"]
    assert f"v{GALAXY['version']}" in (ROOT / "CHANGELOG.md").read_text().replace("\\", "")
    assert read("changelogs/config.yaml")["changes_format"] == "combined"


def test_everything_is_under_a_licence_that_the_package_allows() -> None:
    assert GALAXY["license"] == ["GPL-3.0-or-later"]
    assert "GNU GENERAL PUBLIC LICENSE" in (ROOT / "COPYING").read_text()[:200]
    assert [path for path in PLUGINS if "SPDX-License-Identifier: GPL-3.0-or-later" not in path.read_text()[:400]] == []


@pytest.mark.parametrize("file", ["requirements.txt", "meta/ee-requirements.txt"])
def test_python_packages_have_lower_bounds_only(file: str) -> None:
    lines = [line for line in (ROOT / file).read_text().splitlines() if line and not line.startswith("#")]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9_-]+(>=[\d.]+)?", line)] == []
    assert not {"ansible", "ansible-core"} & {re.split(r"[>=]", line)[0] for line in lines}


def test_an_execution_environment_gets_what_the_collection_imports() -> None:
    described = read("meta/execution-environment.yml")
    assert described["version"] == 1
    assert all((ROOT / path).is_file() for path in described["dependencies"].values())
    wanted = (ROOT / described["dependencies"]["python"]).read_text()
    assert {name for name in imported() if f"\n{name}" not in wanted} == set()


def imported() -> Set[str]:
    """Packages that are neither Python's, nor ansible-core's, nor brought by one of these."""
    found: Set[str] = set()
    for path in PLUGINS:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add((node.module or "").partition(".")[0])
    brought = {"botocore": "boto3", "urllib3": "kubernetes", "dateutil": "kubernetes"}
    others = found - set(sys.stdlib_module_names) - OF_ANSIBLE
    return {brought.get(name, IMPORTED_AS.get(name, name)) for name in others}


def test_no_rule_of_the_linter_that_has_to_hold_is_skipped() -> None:
    assert LINT["profile"] == "production"
    assert not {"skip_list", "warn_list"} & set(LINT)
    assert not (ROOT / ".ansible-lint-ignore").exists()
    excluded = [path.split("/")[0] for path in LINT["exclude_paths"]]
    assert not {"plugins", "roles", "extensions", "playbooks"} & set(excluded)
    files = [path for top in ("roles", "playbooks", "extensions") for path in (ROOT / top).rglob("*.yml")]
    waived = {rule for path in files for rule in re.findall(r"# noqa:? ?([a-z-]+)", path.read_text())}
    assert waived & NEVER_SKIPPED == set()


@pytest.mark.parametrize("role", ROLES, ids=lambda path: str(path.name))
def test_a_role_describes_itself(role: Path) -> None:
    info = yaml.safe_load((role / "meta" / "main.yml").read_text())["galaxy_info"]
    assert info["description"]
    assert info["license"] == "GPL-3.0-or-later"
    specs = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    assert [
        name for name, entry in specs.items() if not (entry.get("short_description") and entry["description"])
    ] == []
    text = (role / "README.md").read_text()
    assert [target for target in re.findall(r"\]\(([^)]+)\)", text) if not target.startswith("https://")] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.stem))
def test_a_module_says_since_when_it_is_there_and_asks_for_a_state_that_things_can_have(module: Path) -> None:
    described = documentation(module)
    assert described["version_added"]
    assert not {"get", "list", "info"} & set(described.get("options", {}).get("state", {}).get("choices", ()))
    assert not {"action", "command"} & set(described.get("options", {}))


def test_nothing_uses_what_ansible_is_about_to_remove() -> None:
    gone = re.compile(r"module_utils\.six|_collections_compat|exit_json\([^)]*warnings=|fail_json\([^)]*warnings=")
    assert [path.name for path in PLUGINS if gone.search(path.read_text())] == []


def test_playbooks_and_roles_ask_nobody_and_use_no_injected_facts() -> None:
    files = [path for top in ("roles", "playbooks") for path in (ROOT / top).rglob("*.yml")]
    words = re.compile(r"vars_prompt|\bansible_(distribution|os_family|hostname|default_ipv4)\b")
    assert [path.name for path in files if words.search(path.read_text())] == []


def test_a_pause_ends_by_itself() -> None:
    pauses = re.compile(r"ansible\.builtin\.pause:\n +(\w+):")
    files = [path for top in ("roles", "playbooks") for path in (ROOT / top).rglob("*.yml")]
    assert {word for path in files for word in pauses.findall(path.read_text())} <= {"seconds", "minutes"}


def test_what_the_list_of_rules_names_is_there() -> None:
    text = (ROOT / "docs" / "certification.md").read_text()
    named = set(re.findall(r"`((?:tests|extensions)/[\w./]+)`", text))
    assert len(named) > 8
    assert [path for path in named if not (ROOT / path).is_file()] == []
