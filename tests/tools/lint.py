# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can be checked by reading."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator, List

from tests.lab.mke4k_lab import golang
from tests.lab.mke4k_lab.errors import LabError
from tests.lab.mke4k_lab.paths import cache_root
from tests.tools.checkout import COLLECTION, DEV, copy_checkout, link_checkout, project_files
from tests.tools.outcome import Command, Outcome, side_by_side, unable
from tests.tools.setting import Setting


def lint(setting: Setting) -> Iterator[Outcome]:
    """Check everything that can be checked by reading, two things at a time; the longest one begins."""
    link_checkout(setting.root)
    commands = [*checks(setting, copy_checkout(setting.root))]
    try:
        commands += simulator(setting)
    except LabError as error:
        yield unable(f"simulator of k0s: {error}")
    yield from side_by_side(commands)


def checks(setting: Setting, tree: Path) -> List[Command]:
    """Return the linters, each on the form of the project that it needs."""
    core, root, copy = setting.cores[0], setting.root, tree / COLLECTION
    collections = {"ANSIBLE_COLLECTIONS_PATH": str(tree)}
    # Python shall not take the modules beside this program for those that it imports.
    ansible_lint = ("python", "-P", str(Path(__file__).with_name("ansible_lint.py")), "--strict")
    documentation = (
        "antsibull-docs",
        "lint-collection-docs",
        "--plugin-docs",
        "--disallow-unknown-collection-refs",
        ".",
    )
    return [
        setting.command("ansible-lint", core, *ansible_lint, cwd=copy, **collections),
        setting.command("ruff", core, "ruff", "check", ".", cwd=root),
        setting.command("mypy", core, "mypy", *mypy_arguments(root), cwd=root),
        setting.command("yamllint", core, "yamllint", "--strict", ".", cwd=copy),
        setting.command("shellcheck", core, "shellcheck", "--exclude=SC1091", *shell_scripts(root), cwd=root),
        setting.command("changelog", core, "antsibull-changelog", "lint", cwd=copy),
        setting.command("documentation", core, *documentation, cwd=copy, **collections),
    ]


def simulator(setting: Setting) -> List[Command]:
    """Return the checks of the simulator of k0s, which is the only program here that is not Python."""
    core, folder = setting.cores[0], setting.root / "tests" / "lab" / "simulator"
    go = golang.program(cache_root())
    unformatted = 'found=$("$0" -l .) && echo "$found" && test -z "$found"'
    gofmt = ("sh", "-c", unformatted, str(Path(go).resolve().parent / "gofmt"))
    environment = golang.environment()
    return [
        setting.command("simulator: gofmt", core, *gofmt, cwd=folder),
        setting.command("simulator: go vet", core, go, "vet", "./...", cwd=folder, **environment),
        setting.command("simulator: go test", core, go, "test", "./...", cwd=folder, **environment),
    ]


def mypy_arguments(root: Path) -> List[str]:
    """Return what mypy checks: plugins by their name in the collection, all else by its place in the checkout."""
    own = [name for name in ("tests", "extensions") if (root / name).is_dir()]
    return [str(DEV / COLLECTION / "plugins"), *own]


def shell_scripts(root: Path) -> List[str]:
    """Return the project's shell scripts, by their first line."""
    scripts = []
    for name in project_files(root):
        with (root / name).open("rb") as file:
            if re.match(rb"#!.*\b(ba)?sh\b", file.readline()):
                scripts.append(name)
    return scripts
