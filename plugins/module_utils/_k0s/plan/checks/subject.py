# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks look at: one host with its facts and its state, and the cluster it is to be part of.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import DATA_DIR, NodeState


@dataclass(frozen=True)
class ClusterView:
    """What the checks need to know of the cluster. Roles and node addresses are by host name."""

    roles: Mapping[str, str]
    addresses: Mapping[str, str] = field(default_factory=dict)
    pod_cidr: str = ""
    service_cidr: str = ""
    k0s_version: str = ""
    release: str = ""
    data_dir: str = DATA_DIR
    api_port: int = 6443
    disabled_components: Sequence[str] = ()


@dataclass(frozen=True)
class Subject:
    """A host that was read."""

    name: str
    role: str
    address: str
    facts: Mapping[str, Any]
    state: NodeState

    @property
    def is_controller(self) -> bool:
        return self.role != "worker"

    @property
    def runs_workloads(self) -> bool:
        return self.role != "controller"

    @property
    def is_new(self) -> bool:
        """Whether k0s never ran here: its ports must be free, and nothing else must be in its way.

        Where it is only stopped its containers still run, with their ports and routes.
        """
        state = self.state
        return state.running is None and not state.joined and not (state.service and state.service.active)

    def error(self, name: str, message: str, remedy: str) -> Finding:
        return Finding(ERROR, name, f"host {self.name}", message, remedy)

    def warning(self, name: str, message: str, remedy: str) -> Finding:
        return Finding(WARNING, name, f"host {self.name}", message, remedy)


def subjects_of(view: ClusterView, hosts: Mapping[str, Mapping[str, Any]]) -> List[Subject]:
    """The hosts of the cluster that were read, in the cluster's order."""
    return [
        Subject(
            name=name,
            role=role,
            address=view.addresses.get(name, ""),
            facts=hosts[name].get("host") or {},
            state=NodeState.from_dict(hosts[name].get("node") or {}),
        )
        for name, role in view.roles.items()
        if "node" in (hosts.get(name) or {})
    ]


def size(count: float) -> str:
    """Bytes in the unit that people use for that size."""
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.0f} MiB"
