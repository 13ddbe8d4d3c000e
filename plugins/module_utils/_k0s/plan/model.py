# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: what a run would change, in which order, and why it may not.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterable, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change, flag_table
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, NodeState, PlainData


@dataclass(frozen=True)
class Member:
    """One host of the cluster with what it should be and what it is."""

    name: str
    address: str
    spec: NodeSpec
    state: NodeState
    changes: Tuple[Change, ...]

    @property
    def is_controller(self) -> bool:
        return self.spec.is_controller

    @property
    def runs(self) -> bool:
        return self.state.running is not None

    @property
    def joins(self) -> bool:
        """Whether the host is not yet a member of the cluster."""
        return not self.state.joined

    @property
    def restarts(self) -> bool:
        return any(change.kind == "restart" for change in self.changes)


@dataclass(frozen=True)
class Wave(PlainData):
    """Hosts that are changed at the same time.

    `needs`: hosts that must not have failed earlier in the run. `at_once`: how many may be in work at a time, 0 for
    all. `wait_for`: `etcd` (the member is healthy), `connected` (nothing but the network plugin is missing) or
    `serving` (the host does its whole work). `only_waits`: an earlier wave has changed the hosts already.
    """

    title: str
    hosts: Tuple[str, ...]
    needs: Tuple[str, ...] = ()
    at_once: int = 0
    wait_for: str = "serving"
    only_waits: bool = False


@dataclass(frozen=True)
class Waves:
    """`before` come before the cluster is opened for new hosts, `join` while it is open, `after` when it is closed."""

    before: Tuple[Wave, ...] = ()
    join: Tuple[Wave, ...] = ()
    after: Tuple[Wave, ...] = ()

    def to_dict(self) -> Dict[str, Any]:
        return {
            stage: [wave.to_dict() for wave in waves]
            for stage, waves in (("before", self.before), ("join", self.join), ("after", self.after))
        }


@dataclass(frozen=True)
class Plan:
    """`leader` opens the cluster for others; `new_cluster` says that it starts it. `goal`: see `Wave.wait_for`.

    `window`: how many workers may be in work at a time.
    """

    leader: str
    new_cluster: bool
    members: Mapping[str, Member]
    waves: Waves
    goal: str = "serving"
    window: int = 1

    @property
    def changed(self) -> bool:
        return any(member.changes for member in self.members.values())


def kubelet_root_dir(members: Iterable[Member]) -> str:
    """Where the kubelets that run keep their data, empty where none runs. k0s' default lies in its data folder."""
    for member in members:
        running = member.state.running
        if running is not None and member.spec.runs_workloads:
            given = flag_table(running.arguments).get("--kubelet-root-dir", ())
            return given[-1] if given else f"{running.data_dir}/kubelet"
    return ""
