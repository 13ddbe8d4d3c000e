# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Ansible as a user does, on files of a folder of the test's own, without any host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tools.checkout import DEV

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = Path(sys.executable).parent


@dataclass
class Ran:
    """What a command printed, and the result that its playbook left behind."""

    code: int
    output: str
    result: dict[str, Any]


class Workplace:
    """A user's folder, and the two commands a user runs in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir()

    def write(self, name: str, content: Any) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False))
        return path

    def play(self, *tasks: dict[str, Any], arguments: Sequence[str] = (), hosts: str = "localhost") -> list[Ran]:
        """Tasks of one play in one go, whether they fail or not, and the result of each."""
        out = self.folder / "results.json"
        out.unlink(missing_ok=True)
        listed = [
            {"name": f"Task {number}", "ignore_errors": True, **task, "register": f"result_{number}"}
            for number, task in enumerate(tasks)
        ]
        results = ", ".join(f"result_{number}" for number in range(len(tasks)))
        keep = {"content": "{{ [" + results + "] | to_json }}", "dest": str(out), "mode": "0600"}
        last = {
            "ansible.builtin.copy": keep,
            "check_mode": False,
            "diff": False,
            "no_log": True,
            "delegate_to": "localhost",
        }
        play = {"hosts": hosts, "gather_facts": False, "tasks": [*listed, {"name": "Keep the results", **last}]}
        self.write("play.yml", [play])
        ran = self.run("ansible-playbook", "play.yml", *arguments)
        found = json.loads(out.read_text()) if out.exists() else [{} for _task in tasks]
        return [Ran(ran.code, ran.output, result) for result in found]

    def inventory(self, *arguments: str, environment: dict[str, str] | None = None) -> Ran:
        """The inventory as `ansible-inventory --list` shows it."""
        out = self.folder / "inventory.json"
        ran = self.run("ansible-inventory", "--list", "--output", str(out), *arguments, environment=environment)
        return Ran(ran.code, ran.output, json.loads(out.read_text()) if ran.code == 0 else {})

    def run(self, program: str, *arguments: str, environment: dict[str, str] | None = None) -> Ran:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "SSH_"))}
        done = subprocess.run(
            [str(PROGRAMS / program), *arguments],
            cwd=self.folder,
            env={
                **clean,
                "HOME": str(self.home),
                "ANSIBLE_COLLECTIONS_PATH": str(ROOT / DEV),
                "ANSIBLE_LOCALHOST_WARNING": "false",
                "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
                "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
                "ANSIBLE_NOCOLOR": "true",
                "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
                "COLUMNS": "1000",
                **(environment or {}),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        return Ran(done.returncode, done.stdout, {})


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path)
