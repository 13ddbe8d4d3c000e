# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who gets which k0s. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind

AUTOPILOT = "autopilot.k0sproject.io/v1beta2"
CONTROL_NODES = Kind(AUTOPILOT, "ControlNode")
NODES = Kind("v1", "Node")


@dataclass(frozen=True)
class Host:
    """A host as the plan of the role has it. `node` is empty for a controller without workloads."""

    name: str
    role: str
    node: str
    address: str
    url: str = ""
    sha256: str = ""
    checksum_url: str = ""

    @property
    def is_controller(self) -> bool:
        return self.role != "worker"


@dataclass(frozen=True)
class Target:
    """A host under the name that the autopilot has for it. A controller with workloads is a ControlNode to it too."""

    host: Host
    name: str
    platform: str


def targets_of(
    hosts: Sequence[Host], control_nodes: Sequence[Mapping[str, Any]], nodes: Sequence[Mapping[str, Any]]
) -> Tuple[Target, ...]:
    """Raises KubeError for hosts that the autopilot does not know."""
    found = [(host, _object_of(host, control_nodes if host.is_controller else nodes)) for host in hosts]
    unknown = [host.name for host, there in found if there is None]
    if unknown:
        known = [str(item["metadata"]["name"]) for item in (*control_nodes, *nodes)]
        raise KubeError(
            f"k0s was not upgraded: its autopilot does not know {', '.join(unknown)}; it knows "
            f"{', '.join(dict.fromkeys(known)) or 'no node'}. Give these hosts another strategy: "
            "mke4k_upgrade_strategy: rolling"
        )
    return tuple(Target(host, str(there["metadata"]["name"]), _platform(there)) for host, there in found if there)


def _object_of(host: Host, objects: Sequence[Mapping[str, Any]]) -> Optional[Mapping[str, Any]]:
    for item in objects:
        if host.node and host.node == item["metadata"]["name"]:
            return item
    for item in objects:
        if host.address in _addresses(item) or host.name == item["metadata"]["name"]:
            return item
    return None


def _addresses(item: Mapping[str, Any]) -> Tuple[str, ...]:
    status: Mapping[str, Any] = item.get("status") or {}
    return tuple(str(address.get("address")) for address in status.get("addresses") or ())


def _platform(item: Mapping[str, Any]) -> str:
    labels: Dict[str, str] = item["metadata"].get("labels") or {}
    return f"{labels.get('kubernetes.io/os', 'linux')}-{labels.get('kubernetes.io/arch', 'amd64')}"
