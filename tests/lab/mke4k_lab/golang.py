# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Go that is new enough: the machine's, or one that the machine's older Go brings as a module."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from pathlib import Path
from typing import Dict, Tuple

from .arch import architecture
from .errors import LabError
from .files import building
from .run import run
from .say import say

# From this release on Go fetches the newer one that a go.mod asks for by itself.
SELF_UPDATING = (1, 21)
TOOLCHAIN = "go1.24.13"
PLACES = ("/usr/local/go/bin", "/usr/lib/go/bin")
VERSION = re.compile(r"go(\d+)\.(\d+)")
WHERE_FROM = "install Go (https://go.dev/dl, or the package golang-go)"


def installed() -> str:
    """The machine's go program; empty when it has none."""
    return shutil.which("go", path=os.pathsep.join([os.environ.get("PATH", ""), *PLACES])) or ""


def parse_version(text: str) -> Tuple[int, int]:
    """The first two numbers of `go1.24.5`."""
    found = VERSION.search(text)
    if found is None:
        raise LabError(f"Go calls itself {text.strip()!r}, which is no version such as go1.24: {WHERE_FROM}.")
    return int(found.group(1)), int(found.group(2))


def program(cache: Path) -> str:
    """The go program to build with."""
    go = installed()
    if not go:
        raise LabError(f"Go is not installed: {WHERE_FROM}.")
    if parse_version(run([go, "version"], what="Asking Go for its version")) >= SELF_UPDATING:
        return go
    return str(_toolchain(cache, go) / "bin" / "go")


def environment() -> Dict[str, str]:
    """For every build: static programs, and the Go release that the go.mod asks for."""
    return {"GOTOOLCHAIN": "auto", **os.environ, "CGO_ENABLED": "0"}


def _toolchain(cache: Path, go: str) -> Path:
    """The pinned Go release out of its module, whose files lack the mode to be run."""
    target = cache / "go" / TOOLCHAIN
    with building(target) as work:
        if not target.exists():
            module = f"golang.org/toolchain@v0.0.1-{TOOLCHAIN}.linux-{architecture()}"
            say(f"getting {module}, as the machine's Go is too old …")
            env = {**os.environ, "GO111MODULE": "on", "GOFLAGS": "-mod=mod"}
            told = run([go, "mod", "download", "-json", module], cwd=cache, env=env, what="Getting a newer Go")
            shutil.copytree(json.loads(told)["Dir"], work)
            for file in work.rglob("*"):
                program = "bin" in file.parts or "tool" in file.parts
                file.chmod(stat.S_IRWXU if program or file.is_dir() else stat.S_IRUSR | stat.S_IWUSR)
    return target
