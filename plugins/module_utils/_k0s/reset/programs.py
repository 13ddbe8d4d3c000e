# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program that may hang for ever: one that waits for a disk or a server cannot even be killed.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from typing import Callable, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.command import Result, environment
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError

_PAUSE = 0.005
_LONGEST_PAUSE = 0.1
TIMED_OUT = 124

Run = Callable[[Sequence[str], float, str], Result]


def run(argv: Sequence[str], timeout: float = 30.0, text: str = "") -> Result:
    """Runs a program to its end, or leaves it to itself when its time is over (`rc` is then 124)."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        source.write(text.encode("utf-8"))
        source.seek(0)
        try:
            process = subprocess.Popen(  # pylint: disable=ansible-bad-function,consider-using-with
                list(argv), stdin=source, stdout=out, stderr=err, cwd="/", env=environment(), start_new_session=True
            )
        except OSError as error:
            raise K0sError(f"`{' '.join(argv)}` could not be run: {error.strerror or error}") from error
        rc = _wait(process, timeout)
        if rc is None:
            process.kill()
            rc = _wait(process, 1.0)
            return Result(tuple(argv), TIMED_OUT, "", f"it did not end within {timeout:g} s")
        out.seek(0)
        err.seek(0)
        return Result(tuple(argv), rc, out.read().decode("utf-8", "replace"), err.read().decode("utf-8", "replace"))


def _wait(process: subprocess.Popen[bytes], timeout: float) -> Optional[int]:
    end = time.monotonic() + timeout
    pause = _PAUSE
    while process.poll() is None:
        if time.monotonic() >= end:
            return None
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
    return process.returncode
