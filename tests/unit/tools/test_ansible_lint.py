# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-lint checks the syntax of many playbooks at once, and of each one where something is wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import List, Sequence

from ansiblelint.file_utils import Lintable

from tests.tools.ansible_lint import are_fine, one_by_one

GOOD = "- name: Good\n  hosts: localhost\n  tasks:\n    - name: Say it\n      ansible.builtin.debug:\n"
BAD = "- name: Bad\n  hosts: localhost\n  tasks:\n    - name: Say it\n      no.such.module:\n"
FOUND = [Lintable(name, kind="playbook") for name in ("d.yml", "c.yml", "b.yml", "a.yml")]
ROLE = Lintable("roles/x", kind="role")


def test_every_playbook_is_asked_about_once() -> None:
    asked: List[str] = []

    def fine(names: Sequence[str]) -> bool:
        asked.extend(names)
        return True

    assert one_by_one([*FOUND, ROLE], fine) == [ROLE]
    assert sorted(asked) == ["a.yml", "b.yml", "c.yml", "d.yml"]


def test_playbooks_beside_a_wrong_one_are_checked_alone() -> None:
    left = one_by_one([ROLE, *FOUND], lambda names: "c.yml" not in names)
    assert [str(each.path) for each in left] == ["roles/x", "a.yml", "c.yml"]


def test_ansible_itself_says_whether_all_are_fine(tmp_path: Path) -> None:
    for name, text in (("good.yml", GOOD), ("bad.yml", BAD)):
        (tmp_path / name).write_text(text)
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    good, bad = str(tmp_path / "good.yml"), str(tmp_path / "bad.yml")
    assert are_fine(environment, [good, good])
    assert not are_fine(environment, [good, bad])
