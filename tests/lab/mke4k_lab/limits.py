# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel limits that all hosts of a machine share, and that a few of them with k0s use up.

They are raised while a lab is up and put back with the last one. Without it systemd and containerd say "failed to
create watcher: too many open files", and k0s hangs for minutes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Dict

from .files import locked, write_atomically
from .say import say

SYSCTL = Path("/proc/sys")
NEEDED = {"fs/inotify/max_user_instances": 8192, "fs/inotify/max_user_watches": 524288}


def raise_limits(run: Path, sysctl: Path = SYSCTL) -> None:
    """Raises what is too low; the values before that are kept in the labs' run folder."""
    record = run / ".limits.json"
    with locked(run / ".limits.lock"):
        before = _recorded(record)
        for name, needed in NEEDED.items():
            value = int((sysctl / name).read_text())
            if value < needed:
                before.setdefault(name, value)
                write_atomically(record, json.dumps(before) + "\n")
                (sysctl / name).write_text(str(needed))
                say(f"{name} is {needed} instead of {value} until the last lab is down")


def restore_limits(run: Path, sysctl: Path = SYSCTL) -> None:
    """Puts the values back when no lab is left."""
    record = run / ".limits.json"
    with locked(run / ".limits.lock"):
        if any(run.glob("*/state.json")):
            return
        for name, value in _recorded(record).items():
            # Somebody else may have set it in the meantime.
            if int((sysctl / name).read_text()) == NEEDED.get(name):
                (sysctl / name).write_text(str(value))
        record.unlink(missing_ok=True)


def _recorded(record: Path) -> Dict[str, int]:
    return dict(json.loads(record.read_text(encoding="utf-8"))) if record.exists() else {}
