# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection kubernetes.core, as the Python package `ansible` brings it: for benchmarks beside it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.scenarios.lab import ROOT

PACKAGE = "ansible==14.*"
FOLDER = ROOT / ".build" / "bench" / "ansible"


def kubernetes_core() -> Path:
    """A folder of collections that has it, loaded once."""
    if not (FOLDER / "ansible_collections" / "kubernetes" / "core").is_dir():
        uv = ROOT / ".venv" / "uv" / "bin" / "uv"
        command = [
            str(uv),
            "pip",
            "install",
            "--quiet",
            "--python",
            sys.executable,
            "--no-deps",
            "--target",
            str(FOLDER),
        ]
        subprocess.run([*command, PACKAGE], check=True)
    return FOLDER
