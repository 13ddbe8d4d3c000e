# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that leave the cluster, and the cluster as its controllers see it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, FrozenSet, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.model import WORKER
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeState, PlainData
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.node_state import node_name


@dataclass(frozen=True)
class Machine:
    """A host of the inventory. `state` is None where it could not be read, `role` empty where mke4.yaml has it not.

    `address` is the one by which other nodes know it, as far as that can be told.
    """

    name: str
    role: str
    addresses: FrozenSet[str]
    state: Optional[NodeState] = None
    address: str = ""

    @property
    def in_file(self) -> bool:
        return bool(self.role)

    @property
    def is_controller(self) -> bool:
        if self.role:
            return self.role != WORKER
        return bool(self.state and self.state.service and self.state.service.name == "k0scontroller")

    @property
    def names(self) -> FrozenSet[str]:
        """All by which the cluster may know it."""
        found = {self.name.lower(), *self.addresses}
        if self.state is not None and self.state.hostname:
            found |= {self.state.hostname, node_name(self.state)}
        return frozenset(found)


@dataclass(frozen=True)
class Sight:
    """The cluster as the controller `host` sees it: what k0s_member lists there."""

    host: str
    etcd: Mapping[str, Any] = field(default_factory=dict)
    nodes: Tuple[Mapping[str, Any], ...] = ()
    records: Tuple[Mapping[str, str], ...] = ()
    api_error: str = ""

    @classmethod
    def of(cls, host: str, listed: Mapping[str, Any]) -> Sight:
        return cls(
            host, listed["etcd"], tuple(listed["nodes"]), tuple(listed["records"]), str(listed.get("api_error") or "")
        )

    @property
    def serves(self) -> bool:
        return not self.api_error and bool(self.etcd.get("healthy"))


@dataclass(frozen=True)
class Leaver(PlainData):
    """What leaves with one of the names that were given; a part that is not there is empty.

    `host` is its name in the inventory, `reached` says whether it can be reached there, `role` is that of mke4.yaml.
    """

    wanted: str
    host: str = ""
    role: str = ""
    reached: bool = False
    node: str = ""
    ready: bool = False
    member: Mapping[str, Any] = field(default_factory=dict)
    records: Tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        return bool(self.host or self.node or self.member or self.records)


@dataclass(frozen=True)
class Repoint(PlainData):
    """A worker that reaches the API only through a controller that leaves, and where it is to reach it then."""

    host: str
    before: str
    server: str


@dataclass(frozen=True)
class Removal:
    """`leader` is the controller that stays and through which the others leave; empty where there is none.

    `at_once`: how many of the workers that get another API server restart k0s at a time.
    """

    leader: str
    leavers: Tuple[Leaver, ...]
    repoints: Tuple[Repoint, ...] = ()
    findings: Tuple[Finding, ...] = ()
    members_before: int = 0
    at_once: int = 1

    def to_dict(self) -> Dict[str, Any]:
        known = [item for item in self.leavers if item.known]
        return {
            "leader": self.leader,
            "leavers": [item.to_dict() for item in known],
            "drain": [item.node for item in known if item.node and item.ready],
            "nodes": [item.node for item in known if item.node],
            "members": [str(item.member["id"]) for item in known if item.member],
            "yields": [item.host for item in known if item.member and item.reached],
            "records": sorted({name for item in known for name in item.records}),
            "reset": [item.host for item in known if item.reached],
            "repoint": {item.host: item.server for item in self.repoints},
            "at_once": self.at_once,
        }
