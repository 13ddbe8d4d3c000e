# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reasons not to remove hosts, and what should be known before.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Iterator, List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import nearest
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.verdict import leave_verdict, meant, without
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.removal.model import (
    Leaver,
    Machine,
    Removal,
    Sight,
)


def removal_findings(
    removal: Removal, machines: Sequence[Machine], sights: Sequence[Sight], leader: Sight, external_host: str
) -> List[Finding]:
    """Every reason against it, and what it leaves behind."""
    return [
        *_names(removal, machines, sights),
        *_control_plane(removal, machines, sights, leader),
        *_address(removal, machines, external_host),
        *_other_cluster(removal, machines),
        *_hosts(removal),
    ]


def _names(removal: Removal, machines: Sequence[Machine], sights: Sequence[Sight]) -> Iterator[Finding]:
    if not removal.leavers:
        yield Finding(
            ERROR,
            "removal-nothing",
            "mke4k_nodes",
            "names no host",
            "set mke4k_nodes to the hosts that are to leave, for example -e mke4k_nodes=n4,n5",
        )
    known = [name for item in machines for name in item.names]
    known += [str(node["name"]) for sight in sights for node in sight.nodes]
    for item in removal.leavers:
        if not item.known:
            near = nearest(item.wanted, known)
            yield Finding(
                WARNING,
                "removal-unknown",
                f"mke4k_nodes {item.wanted}",
                "neither the inventory nor the cluster has such a host; it has left already, or is misspelt",
                f"did you mean {near}?" if near else "look at mke4k.core.status for the names",
            )


def _control_plane(
    removal: Removal, machines: Sequence[Machine], sights: Sequence[Sight], leader: Sight
) -> Iterator[Finding]:
    leaving = {item.host for item in removal.leavers}
    staying = [item.name for item in machines if item.in_file and item.is_controller and item.name not in leaving]
    if not staying:
        yield Finding(
            ERROR,
            "removal-last-controller",
            "mke4k_nodes",
            "names every controller of mke4.yaml, and without one there is no cluster",
            "run mke4k.core.reset to take the whole cluster away, or add another controller first",
        )
    elif not leader.host:
        yield Finding(
            ERROR,
            "removal-no-leader",
            f"hosts {', '.join(staying)}",
            f"no controller that stays serves the cluster: {_why(staying, sights)}",
            "bring one back; where more than half of the controllers are lost for good, run mke4k.core.recover_quorum",
        )
    else:
        yield from _quorum(removal, leader)


def _why(staying: Sequence[str], sights: Sequence[Sight]) -> str:
    seen: Mapping[str, Sight] = {sight.host: sight for sight in sights}
    reasons = []
    for name in staying:
        sight = seen.get(name)
        reasons.append(
            f"{name} could not be asked, or no controller runs there"
            if sight is None
            else f"{name}: {sight.etcd.get('error') or sight.api_error or 'it does not serve'}"
        )
    return "; ".join(reasons)


def _quorum(removal: Removal, leader: Sight) -> Iterator[Finding]:
    """The same question that the host answers again before each step."""
    etcd = leader.etcd
    ids = [str(item.member["id"]) for item in removal.leavers if item.member]
    for member in meant(etcd.get("members") or (), ids):
        verdict = leave_verdict(leader.host, etcd, member)
        if not verdict.allowed:
            yield Finding(ERROR, "removal-quorum", "etcd", verdict.reason, "the cluster would stand still")
            return
        etcd = without(etcd, member)


def _address(removal: Removal, machines: Sequence[Machine], external_host: str) -> Iterator[Finding]:
    leaving = {item.host for item in removal.leavers}
    for machine in machines:
        if machine.name in leaving and machine.is_controller and external_host and external_host in machine.addresses:
            yield Finding(
                ERROR,
                "removal-external-address",
                f"host {machine.name}",
                f"has {external_host}, the externalAddress through which nodes and users reach the API",
                "give spec.apiServer.externalAddress another value and run mke4k.core.install first",
            )
    gone = [item.host or item.wanted for item in removal.leavers if item.member and removal.leader]
    if gone and not external_host:
        yield Finding(
            WARNING,
            "removal-kubeconfig",
            f"hosts {', '.join(gone)}",
            "no kubeconfig that names their address will work then",
            "run mke4k.core.install or mke4k.core.kubeconfig afterwards, which name a controller that serves",
        )


def _other_cluster(removal: Removal, machines: Sequence[Machine]) -> Iterator[Finding]:
    leader = next((item.state for item in machines if item.name == removal.leader), None)
    if leader is None or not leader.ca_sha256:
        return
    leaving = {item.host for item in removal.leavers}
    for machine in machines:
        state = machine.state
        if machine.name in leaving and state and state.ca_sha256 and state.ca_sha256 != leader.ca_sha256:
            yield Finding(
                ERROR,
                "removal-other-cluster",
                f"host {machine.name}",
                f"belongs to another cluster (CA {state.ca_sha256[:12]}) than {removal.leader}"
                f" (CA {leader.ca_sha256[:12]}), and removing it would destroy what it has of that one",
                "name hosts of this cluster only",
            )


def _hosts(removal: Removal) -> Iterator[Finding]:
    for item in removal.leavers:
        if item.known and item.role:
            yield Finding(
                WARNING,
                "removal-still-in-file",
                f"host {item.host}",
                "is still in mke4.yaml, and the next mke4k.core.install would let it join again",
                "take it out of spec.hosts, or out of the groups of the inventory",
            )
        if item.known and not item.reached:
            yield _out_of_reach(item)


def _out_of_reach(item: Leaver) -> Finding:
    where = f"host {item.host}" if item.host else f"mke4k_nodes {item.wanted}"
    lack = "could not be reached" if item.host else "is not in the inventory"
    pods = " Its Node is not Ready, so its pods are not moved but given up." if item.node and not item.ready else ""
    return Finding(
        WARNING,
        "removal-out-of-reach",
        where,
        f"{lack}: it leaves the cluster, but keeps its k0s, its data and its keys.{pods}",
        "wipe it before it is switched on in this network again: a kubelet that starts would register its Node anew",
    )
