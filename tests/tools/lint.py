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
from tests.tools.outcome import Outcome, simple, unable
from tests.tools.setting import Setting


def lint(setting: Setting) -> Iterator[Outcome]:
    """Check everything that can be checked by reading."""
    core, root = setting.cores[0], setting.root
    link_checkout(root)
    tree = copy_checkout(root)
    copy = tree / COLLECTION
    yield simple(setting.command("ruff", core, "ruff", "check", ".", cwd=root))
    yield simple(setting.command("mypy", core, "mypy", *mypy_arguments(root), cwd=root))
    yield simple(setting.command("yamllint", core, "yamllint", "--strict", ".", cwd=copy))
    collections = {"ANSIBLE_COLLECTIONS_PATH": str(tree)}
    yield simple(setting.command("ansible-lint", core, "ansible-lint", "--strict", cwd=copy, **collections))
    yield simple(setting.command("shellcheck", core, "shellcheck", "--exclude=SC1091", *shell_scripts(root), cwd=root))
    yield from simulator(setting)
    yield simple(setting.command("changelog", core, "antsibull-changelog", "lint", cwd=copy))
    documentation = ("lint-collection-docs", "--plugin-docs", "--disallow-unknown-collection-refs", ".")
    yield simple(setting.command("documentation", core, "antsibull-docs", *documentation, cwd=copy, **collections))


def simulator(setting: Setting) -> Iterator[Outcome]:
    """Check the simulator of k0s, which is the only program here that is not Python."""
    core, folder = setting.cores[0], setting.root / "tests" / "lab" / "simulator"
    try:
        go = golang.program(cache_root())
    except LabError as error:
        yield unable(f"simulator of k0s: {error}")
        return
    unformatted = 'found=$("$0" -l .) && echo "$found" && test -z "$found"'
    gofmt = ("sh", "-c", unformatted, str(Path(go).resolve().parent / "gofmt"))
    environment = golang.environment()
    yield simple(setting.command("simulator: gofmt", core, *gofmt, cwd=folder))
    yield simple(setting.command("simulator: go vet", core, go, "vet", "./...", cwd=folder, **environment))
    yield simple(setting.command("simulator: go test", core, go, "test", "./...", cwd=folder, **environment))


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
