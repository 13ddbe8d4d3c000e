# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a test run takes place, and how its commands are started."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Tuple

from tests.tools.outcome import Command
from tests.tools.prepare import VENVS


@dataclass(frozen=True)
class Setting:
    """Where a run takes place."""

    root: Path
    cores: Tuple[str, ...]
    every: bool = False

    @property
    def results(self) -> Path:
        """The folder of logs, junit files and the summary."""
        return self.root / ".build" / "results"

    def command(self, name: str, core: str, *argv: str, cwd: Path, **environment: str) -> Command:
        """Return a command in the environment of one ansible-core."""
        return self.command_in(name, f"core-{core}", *argv, cwd=cwd, **environment)

    def command_in(self, name: str, venv: str, *argv: str, cwd: Path, **environment: str) -> Command:
        """Return a command in one environment; its program is looked up there first."""
        path = os.pathsep.join([str(VENVS / venv / "bin"), os.environ.get("PATH", os.defpath)])
        program = shutil.which(argv[0], path=path) or argv[0]
        log = self.results / (re.sub(r"[^a-z0-9.]+", "-", name.lower()) + ".log")
        base = {"PATH": path, "PYTHONPATH": "", "NO_COLOR": "1", "ANSIBLE_NOCOLOR": "1"}
        return Command(name, (program, *argv[1:]), log, cwd, {**base, **environment})
