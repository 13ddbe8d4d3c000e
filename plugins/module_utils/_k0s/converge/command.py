# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program with a time limit and without depending on the home or working directory of the one who calls.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import errno
import os
import shlex
import subprocess
import time
from dataclasses import dataclass, field
from typing import Dict, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_BUSY_ATTEMPTS = 20
_BUSY_PAUSE = 0.05


@dataclass(frozen=True)
class Result:
    """What a program left behind."""

    argv: Tuple[str, ...]
    rc: int
    out: str = field(default="", repr=False)
    err: str = field(default="", repr=False)

    @property
    def line(self) -> str:
        return shlex.join(self.argv)

    @property
    def complaint(self) -> str:
        """The program's own words about its failure: its lines that say Error, else its last line."""
        lines = [line.strip() for line in (self.err + "\n" + self.out).splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("Error")]
        return "\n".join(errors) or (lines[-1] if lines else "it printed nothing")


def search_path() -> str:
    given = os.environ.get("PATH", "")
    return f"{given}:{SYSTEM_PATH}" if given else SYSTEM_PATH


def find(program: str) -> Optional[str]:
    """The full path of a program, None where it is not installed."""
    for folder in search_path().split(":"):
        candidate = os.path.join(folder, program)
        if folder and os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return candidate
    return None


def environment() -> Dict[str, str]:
    return {**os.environ, "PATH": search_path(), "LC_ALL": "C", "LANG": "C"}


def run(argv: Sequence[str], timeout: float = 30.0) -> Result:
    """Runs a program to its end; only a missing program and the time limit are errors here."""
    done = _run(argv, timeout, _BUSY_ATTEMPTS)
    return Result(
        tuple(argv), done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    )


def _run(argv: Sequence[str], timeout: float, attempts: int) -> subprocess.CompletedProcess[bytes]:
    try:
        # AnsibleModule.run_command knows no time limit.
        return subprocess.run(  # pylint: disable=ansible-bad-function
            list(argv),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd="/",
            env=environment(),
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise K0sError(f"`{shlex.join(argv)}` did not end within {timeout:g} s and was stopped") from error
    except OSError as error:
        # Another process forked while the file was still open for writing; it is closed at that process' exec.
        if error.errno == errno.ETXTBSY and attempts > 1:
            time.sleep(_BUSY_PAUSE)
            return _run(argv, timeout, attempts - 1)
        raise K0sError(f"`{shlex.join(argv)}` could not be run: {error.strerror or error}") from error


def check(argv: Sequence[str], timeout: float = 30.0) -> Result:
    """Runs a program that has to succeed."""
    result = run(argv, timeout)
    if result.rc != 0:
        raise K0sError(f"`{result.line}` failed with {result.rc}: {result.complaint}")
    return result
