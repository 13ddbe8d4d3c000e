# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab knows about itself between two calls."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Dict, Optional, Tuple

from .files import write_atomically
from .k0s import Choice
from .paths import LabPaths
from .plan import HostPlan, Plan, RegistryPlan
from .process import Process


@dataclass(frozen=True)
class State:
    """The plan of a lab, the systemd-nspawn process of each host, and the k0s they are for.

    `complete` tells a lab that came up from one whose `up` was killed; `generation` tells fresh hosts from the ones
    before them.
    """

    plan: Plan
    k0s: Choice
    generation: int
    complete: bool = False
    processes: Dict[str, Process] = field(default_factory=dict)

    @property
    def hosts(self) -> Tuple[HostPlan, ...]:
        return self.plan.hosts

    def with_process(self, host: str, process: Optional[Process]) -> State:
        processes = {name: known for name, known in self.processes.items() if name != host}
        if process is not None:
            processes[host] = process
        return replace(self, processes=processes)


def load(paths: LabPaths) -> Optional[State]:
    """The recorded state; None when there is no lab of this name."""
    if not paths.state.exists():
        return None
    raw = json.loads(paths.state.read_text(encoding="utf-8"))
    return State(
        plan=_plan(raw["plan"]),
        k0s=Choice(**raw["k0s"]),
        generation=raw["generation"],
        complete=raw["complete"],
        processes={name: Process(**process) for name, process in raw["processes"].items()},
    )


def _plan(raw: Dict[str, Any]) -> Plan:
    registry = RegistryPlan(**raw["registry"]) if raw["registry"] is not None else None
    return Plan(**{**raw, "hosts": tuple(HostPlan(**host) for host in raw["hosts"]), "registry": registry})


def save(paths: LabPaths, state: State) -> None:
    write_atomically(paths.state, json.dumps(asdict(state), indent=1) + "\n")
