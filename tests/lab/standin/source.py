# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the stand-in operators find their cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Mapping, Optional, Sequence

import yaml

from .api import Source
from .hosts import Host


def from_file(path: Path) -> Source:
    """The kubeconfig of a file, which may come later."""

    def read() -> Optional[Mapping[str, Any]]:
        try:
            found = yaml.safe_load(path.read_text(encoding="utf-8"))
        except OSError:
            return None
        return found if isinstance(found, dict) else None

    return read


def from_hosts(hosts: Callable[[], Sequence[Host]]) -> Source:
    """The admin kubeconfig of one controller after the other: the next one when a server stops answering."""
    turn = iter(range(1 << 30))

    def read() -> Optional[Mapping[str, Any]]:
        found = [kubeconfig for kubeconfig in (host.kubeconfig() for host in hosts()) if kubeconfig is not None]
        return found[next(turn) % len(found)] if found else None

    return read
