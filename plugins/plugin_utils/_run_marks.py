# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tasks of one run leave for each other: files in Ansible's folder of this run, which ends with it.

The hosts of a task are worked on by processes of their own, that know nothing of each other.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from ansible import constants as C  # noqa: N812 - as Ansible calls it

# A lease of a component that leads is valid for fifteen seconds.
LEADERS_SEEN_SECONDS = 10.0


class RunMarks:
    """`batch`: hosts whose failures count together."""

    def __init__(self, batch: str, folder: str = "", now: Callable[[], float] = time.time) -> None:
        name = re.sub("[^A-Za-z0-9_-]+", "-", batch) or "default"
        self._folder = Path(folder or C.DEFAULT_LOCAL_TMP, "mke4k-node-change", name)
        self._now = now

    def failed(self) -> list[str]:
        """The hosts that have failed so far."""
        folder = self._folder / "failed"
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def has_failed(self, host: str) -> None:
        self._touch(f"failed/{host.replace(os.sep, '_')}")

    def leaders_seen(self) -> bool:
        """Whether a moment ago somebody saw that pods are made and placed."""
        try:
            seen = (self._folder / "leaders").stat().st_mtime
        except FileNotFoundError:
            return False
        return 0 <= self._now() - seen < LEADERS_SEEN_SECONDS

    def have_seen_leaders(self) -> None:
        self._touch("leaders")

    def forget_leaders(self) -> None:
        (self._folder / "leaders").unlink(missing_ok=True)

    def _touch(self, name: str) -> None:
        path = self._folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (self._now(), self._now()))
