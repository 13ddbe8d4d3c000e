# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running other programs, with errors that say which one failed and how."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from typing import Mapping, Optional, Sequence

from .errors import LabError


def run(
    command: Sequence[str],
    *,
    cwd: Optional[Path] = None,
    env: Optional[Mapping[str, str]] = None,
    text: Optional[str] = None,
    what: str = "",
) -> str:
    """Runs the command to its end and returns what it printed; a failure is a LabError with the last lines."""
    try:
        done = subprocess.run(
            list(command), cwd=cwd, env=env, input=text, capture_output=True, text=True, errors="replace", check=False
        )
    except OSError as error:
        raise LabError(f"{what or 'A command'} could not be started: {shlex.join(command)}: {error}") from error
    if done.returncode != 0:
        tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-15:])
        raise LabError(f"{what or 'A command'} failed (exit code {done.returncode}): {shlex.join(command)}\n{tail}")
    return done.stdout


def succeeds(command: Sequence[str]) -> bool:
    """Whether the command ends with 0; what it prints is of no interest."""
    return subprocess.run(list(command), capture_output=True, check=False).returncode == 0
