# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One converging run at a time on a host. The lock ends with its process, however that ends.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import Callable, Iterator

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError

PATIENCE = 60.0
_PAUSE = 0.25


@contextmanager
def only_run(
    path: str, clock: Callable[[], float], sleep: Callable[[float], None], patience: float = PATIENCE
) -> Iterator[None]:
    """Waits for another run on this host to end, then holds the lock."""
    files.make_parents(path)
    with files.told(path, "could not be opened"):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        end = clock() + patience
        while not _taken(handle):
            if clock() >= end:
                holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
                raise K0sError(
                    f"another run has been changing this host for more than {patience:g} s (process {holder} holds "
                    f"{path}). Wait for its end, or end that process, and run again"
                )
            sleep(_PAUSE)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
