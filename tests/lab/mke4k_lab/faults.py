# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults for scenarios, made from outside a host, so that they work while its network does not."""

from __future__ import annotations

import json
from typing import List

from . import host as hosts, lab
from .errors import LabError
from .paths import LabPaths
from .run import run

CHAIN = "LAB-DROP"
FILL = "/var/lib/lab-fill"


def inside(paths: LabPaths, name: str, command: List[str]) -> str:
    """Runs the command in the host, as root and without SSH."""
    state = lab.require(paths)
    process = state.processes.get(lab.find(state, name).name)
    if process is None:
        raise LabError(f"The host {name} is off; `lab start {name}` boots it.")
    return run(hosts.inside(process, name, command), what=f"A command in the host {name}")


def drop(paths: LabPaths, name: str, port: int) -> None:
    """The host drops what comes to this TCP port, without an answer, as a firewall does."""
    chain = f"iptables -N {CHAIN} 2>/dev/null && iptables -I INPUT -j {CHAIN}"
    script = f"{chain}; iptables -A {CHAIN} -p tcp --dport {port} -j DROP"
    inside(paths, name, ["sh", "-c", script])


def undrop(paths: LabPaths, name: str) -> None:
    """Takes back every drop on the host."""
    taken_back = f"iptables -D INPUT -j {CHAIN} && iptables -F {CHAIN} && iptables -X {CHAIN}"
    script = f"if iptables -nL {CHAIN} >/dev/null 2>&1; then {taken_back}; fi"
    inside(paths, name, ["sh", "-c", script])


def fill_disk(paths: LabPaths, name: str, leave_megabytes: int) -> None:
    """Fills /var/lib up to the given rest; only where the plan limits the disk: the machine's own is not touched."""
    host = lab.find(lab.require(paths), name)
    if not host.disk:
        example = f"{{name: {name}, disk: 500M}}"
        raise LabError(f"The host {name} has no disk of its own to fill: give it one in the plan, {example}.")
    free = json.loads(inside(paths, name, ["python3", "-c", _FREE]))
    inside(paths, name, ["rm", "-f", FILL])
    inside(paths, name, ["fallocate", "-l", str(max(free - leave_megabytes, 1) * 1_000_000), FILL])


def free_disk(paths: LabPaths, name: str) -> None:
    """Removes what `fill_disk` put there."""
    inside(paths, name, ["rm", "-f", FILL])


_FREE = "import shutil; print(shutil.disk_usage('/var/lib').free // 1_000_000)"
