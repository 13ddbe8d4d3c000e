# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the removal of hosts: which parts of the cluster they are, through whom they leave, and whether they may.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, FrozenSet, Iterable, List, Mapping, Optional, Sequence, Set, Tuple, Union

from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.verdict import peer_address
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.build import window_size
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.removal.checks import removal_findings
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.removal.model import (
    Leaver,
    Machine,
    Removal,
    Repoint,
    Sight,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.removal.server import moved, names_server


def plan_removal(
    machines: Sequence[Machine],
    sights: Sequence[Sight],
    wanted: Sequence[str],
    external_host: str = "",
    disruption: Union[int, str] = "10%",
) -> Removal:
    """The removal of the hosts that are `wanted` by the name or address that inventory, Node or etcd has for them.

    Machines and sights are in the order of mke4.yaml. `disruption` is how many workers may restart at a time, as a
    number or as a percentage of all workers.
    """
    serving = [sight for sight in sights if sight.serves]
    sight = serving[0] if serving else Sight("")
    leavers = _merged(leaver(machines, sight, name) for name in dict.fromkeys(wanted))
    leaving = {item.host for item in leavers if item.host}
    staying = [item for item in serving if item.host not in leaving]
    leader = staying[0] if staying else Sight("")
    removal = Removal(
        leader=leader.host,
        leavers=tuple(sorted(leavers, key=lambda item: bool(item.member))),
        repoints=tuple(_repoints(machines, leavers, leader)),
        members_before=len(sight.etcd.get("members") or ()),
        at_once=window_size(disruption, sum(1 for item in machines if item.in_file and not item.is_controller)),
    )
    return replace(removal, findings=tuple(removal_findings(removal, machines, sights, leader, external_host)))


def leaver(machines: Sequence[Machine], sight: Sight, wanted: str) -> Leaver:
    """All that the inventory and the cluster have under a name."""
    names = frozenset((wanted.strip().lower(),))
    machine = next((item for item in machines if wanted in (item.name, item.name.lower())), None)
    machine = machine or next((item for item in machines if names & item.names), None)
    if machine is not None:
        names |= machine.names
    node = _node(sight.nodes, names)
    if node is not None:
        names |= _of_node(node)
    member = _member(sight.etcd.get("members") or (), names)
    if member is not None:
        names |= {peer_address(member), str(member.get("name") or "").lower()} - {""}
        node = node or _node(sight.nodes, names)
        machine = machine or next((item for item in machines if names & item.names), None)
    return Leaver(
        wanted=wanted,
        host=machine.name if machine else "",
        role=machine.role if machine else "",
        reached=bool(machine and machine.state is not None),
        node=str(node["name"]) if node else "",
        ready=bool(node and node["ready"]),
        member=dict(member) if member else {},
        records=tuple(sorted({item["name"] for item in sight.records if item["name"].lower() in names})),
    )


def _node(nodes: Iterable[Mapping[str, Any]], names: FrozenSet[str]) -> Optional[Mapping[str, Any]]:
    return next((item for item in nodes if _of_node(item) & names), None)


def _of_node(node: Mapping[str, Any]) -> FrozenSet[str]:
    return frozenset((str(node["name"]).lower(), *node["addresses"]))


def _member(members: Iterable[Mapping[str, Any]], names: FrozenSet[str]) -> Optional[Mapping[str, Any]]:
    for item in members:
        if {str(item.get("name") or "").lower(), peer_address(item), str(item.get("id"))} & names:
            return item
    return None


def _merged(leavers: Iterable[Leaver]) -> List[Leaver]:
    """A host that was named twice, by name and address for example, leaves once."""
    found: List[Leaver] = []
    seen: Set[Tuple[str, str]] = set()
    for item in leavers:
        keys = {
            key
            for key in (("host", item.host), ("node", item.node), ("member", str(item.member.get("id") or "")))
            if key[1]
        }
        if not keys or not keys & seen:
            found.append(item)
        seen |= keys
    return found


def _repoints(machines: Sequence[Machine], leavers: Sequence[Leaver], leader: Sight) -> Iterable[Repoint]:
    """Workers that stay and whose kubelet talks to a controller that leaves."""
    gone = _addresses(machines, leavers)
    hosts = {item.host for item in leavers}
    heir = _address_of(machines, leader)
    for machine in machines:
        if machine.state is None or machine.name in hosts or machine.is_controller or not heir:
            continue
        before = machine.state.api_server
        if names_server(before, gone):
            yield Repoint(machine.name, before, moved(before, heir))


def _addresses(machines: Sequence[Machine], leavers: Sequence[Leaver]) -> FrozenSet[str]:
    """Where the API servers that go are."""
    hosts = {item.host for item in leavers if item.member or item.role != "worker"}
    of_hosts = {name for item in machines if item.name in hosts and item.is_controller for name in item.names}
    return frozenset(of_hosts | {peer_address(item.member) for item in leavers if item.member}) - {""}


def _address_of(machines: Sequence[Machine], leader: Sight) -> str:
    """The address of the leader among the other nodes."""
    own = leader.etcd.get("member_id")
    for member in leader.etcd.get("members") or ():
        if member.get("id") == own:
            return peer_address(member)
    return next((item.address for item in machines if item.name == leader.host), "")
