# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tools see the project's files and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.tools.build import unexpected
from tests.tools.checkout import COLLECTION, copy_checkout, link_checkout


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("/.build/\n*.pyc\n")
    (tmp_path / "roles").mkdir()
    (tmp_path / "roles" / "a.yml").write_text("a")
    (tmp_path / "junk.pyc").write_text("")
    return tmp_path


def test_the_copy_holds_the_project_s_files_only(root: Path) -> None:
    copy = copy_checkout(root) / COLLECTION
    assert sorted(path.name for path in copy.iterdir()) == [".git", ".gitignore", "roles"]


def test_the_copy_follows_changes(root: Path) -> None:
    copy = copy_checkout(root) / COLLECTION
    (copy / "stray.yml").write_text("made in the copy")
    (root / "roles" / "a.yml").unlink()
    (root / "galaxy.yml").write_text("new")
    copy_checkout(root)
    assert not (copy / "roles").exists()
    assert not (copy / "stray.yml").exists()
    assert (copy / "galaxy.yml").read_text() == "new"


def test_the_link_is_the_checkout(root: Path) -> None:
    tree = link_checkout(root)
    assert link_checkout(root) == tree
    assert (tree / COLLECTION / "roles" / "a.yml").read_text() == "a"


def test_the_workshop_does_not_go_into_the_archive() -> None:
    names = ["README.md", "plugins/modules/a.py", "plugins/a.pyc", "tests/unit/a.py", "roles/.mypy_cache/x", "roles/a"]
    assert unexpected(names) == ["plugins/a.pyc", "tests/unit/a.py", "roles/.mypy_cache/x"]
