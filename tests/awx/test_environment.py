# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Execution environments: ansible-builder finds what the collection needs, and takes the example."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.tools.prepare import VENVS

from .assets import AWX
from .ground import collections

ROOT = AWX.parents[1]
BUILDER = str(VENVS / "awx" / "bin" / "ansible-builder")


def builder(*arguments: str, cwd: Path) -> str:
    done = subprocess.run([BUILDER, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def requirements(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_builder_finds_what_the_collection_needs(tmp_path: Path) -> None:
    said = builder("introspect", collections(), cwd=tmp_path)
    for line in requirements("meta/ee-requirements.txt") + requirements("meta/ee-bindep.txt"):
        assert f"'{line}  # from collection mke4k.core'" in said


def test_packages_have_lower_bounds_only_and_are_those_of_the_control_node() -> None:
    found = requirements("meta/ee-requirements.txt")
    assert all(re.fullmatch(r"[a-z0-9-]+(>=[0-9.]+)?", line) for line in found)
    assert found == requirements("requirements.txt")


def test_ssh_is_the_only_program_that_is_needed() -> None:
    assert {line.split()[0] for line in requirements("meta/ee-bindep.txt")} == {"openssh-client", "openssh-clients"}


def test_the_builder_takes_the_example(tmp_path: Path) -> None:
    files = ("--context", str(tmp_path / "made"), "--output-filename", "Containerfile")
    builder("create", "--file", "execution-environment.yml", *files, cwd=AWX)
    made = (tmp_path / "made" / "Containerfile").read_text(encoding="utf-8")
    assert "ansible-galaxy collection install" in made
    assert "mke4k.core" in (tmp_path / "made" / "_build" / "requirements.yml").read_text(encoding="utf-8")
