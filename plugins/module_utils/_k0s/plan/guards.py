# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reasons not to go on that only the hosts can tell. What mke4.yaml alone tells is checked by `_config`.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import ipaddress
from typing import Callable, Collection, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple
from urllib.parse import urlsplit

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member
from ansible_collections.mke4k.core.plugins.module_utils._k0s.versions import K0sVersion, refused_step, same_version

Guard = Callable[[Sequence[Member]], Iterator[Finding]]


def guard_findings(members: Sequence[Member]) -> List[Finding]:
    """Every reason why this plan must not be carried out."""
    return [finding for guard in GUARDS for finding in guard(members)]


def role_is_kept(members: Sequence[Member]) -> Iterator[Finding]:
    for member in members:
        present = present_role(member.state)
        if present and present != member.spec.role:
            yield _error(
                "k0s-role-changed",
                member,
                f"runs k0s as {present} and mke4.yaml says {member.spec.role}; k0s cannot change the role of a node",
                "give it its old role, or remove the host from the cluster first and add it again",
            )


def present_role(state: NodeState) -> Optional[str]:
    """The role in which k0s is installed, in the words of mke4.yaml; None where no unit is."""
    if state.service is None:
        return None
    if state.service.name.endswith("worker"):
        return "worker"
    flags = {argument.partition("=")[0]: argument.partition("=")[2] or "true" for argument in state.service.arguments}
    if flags.get("--single") == "true":
        return "single"
    return "controller+worker" if flags.get("--enable-worker") == "true" else "controller"


def k0s_is_a_service(members: Sequence[Member]) -> Iterator[Finding]:
    for member in members:
        if member.runs and member.state.service is None:
            yield _error(
                "k0s-without-service",
                member,
                "runs a k0s that no service started, so it can neither be restarted nor come back after a boot",
                "stop that process, then run again",
            )


def versions_may_step(members: Sequence[Member]) -> Iterator[Finding]:
    for member in members:
        present = _present_version(member)
        reason = refused_step(present, member.spec.version) if _is_version(present) else None
        if reason is not None:
            yield _error("k0s-version-step", member, reason, "set mke4k_k0s_version or spec.version accordingly")


def versions_are_kept(members: Sequence[Member]) -> List[Finding]:
    """What only an upgrade may do: give a member of the cluster another k0s. An installation would move no pod away."""
    return [
        _error(
            "version-changes",
            member,
            f"has k0s {_present_version(member)} and should have {member.spec.version}; an installation does not"
            " change the version of a cluster, because that takes a backup, an order and nodes without pods",
            "run mke4k.core.upgrade; or keep the version that runs, with mke4k_k0s_version",
        )
        for member in members
        if not member.joins
        and _is_version(_present_version(member))
        and not same_version(_present_version(member), member.spec.version)
        and refused_step(_present_version(member), member.spec.version) is None
    ]


def _present_version(member: Member) -> str:
    return member.state.running.version if member.state.running else _installed_version(member.state)


def _installed_version(state: NodeState) -> str:
    return state.binary.version if state.binary and state.joined else ""


def _is_version(text: str) -> bool:
    try:
        K0sVersion(text)
    except ValueError:
        return False
    return True


def one_cluster(members: Sequence[Member]) -> Iterator[Finding]:
    """Hosts with different certificate authorities belong to different clusters."""
    by_ca: Dict[str, List[str]] = {}
    for member in members:
        if member.is_controller and member.state.joined and member.state.ca_sha256:
            by_ca.setdefault(member.state.ca_sha256, []).append(member.name)
    if len(by_ca) > 1:
        groups = "; ".join(f"{', '.join(names)} (CA {digest[:12]})" for digest, names in sorted(by_ca.items()))
        yield Finding(
            severity="error",
            name="k0s-two-clusters",
            path="hosts",
            message=f"the controllers belong to {len(by_ca)} different clusters: {groups}",
            remedy="take the hosts of the other cluster out of mke4.yaml, or reset them first",
        )


def workers_have_a_control_plane(members: Sequence[Member]) -> Iterator[Finding]:
    controllers = [member for member in members if member.is_controller]
    if any(member.state.joined for member in controllers):
        return
    for member in members:
        if not member.is_controller and member.state.joined:
            yield _error(
                "k0s-worker-of-another-cluster",
                member,
                "is a worker of a cluster none of whose controllers is in mke4.yaml",
                "reset the host first, or add that cluster's controllers to mke4.yaml",
            )


def joiners_are_no_etcd_members(members: Sequence[Member]) -> Iterator[Finding]:
    known = {address: name for name, address in _etcd_members(members)}
    for member in members:
        if member.is_controller and member.joins and member.address in known:
            yield _error(
                "etcd-member-stale",
                member,
                f"is to join, but etcd still has a member {known[member.address]} with its address {member.address}",
                f"take the old one out first: mke4k.core.remove_nodes -e mke4k_nodes={member.name}",
            )


def _etcd_members(members: Sequence[Member]) -> Iterator[Tuple[str, str]]:
    for member in members:
        for item in (member.state.etcd or {}).get("members") or ():
            host = urlsplit(item.get("peer_url") or "").hostname
            if host:
                yield item.get("name") or "?", host


def old_members_stay_away(members: Sequence[Member]) -> Iterator[Finding]:
    """A controller with the data of a member that etcd has no more. Two such would be a cluster of their own."""
    known = {item for pair in _etcd_members(_healthy(members)) for item in pair}
    for member in members if known else ():
        etcd: Mapping[str, object] = member.state.etcd or {}
        if not member.is_controller or not member.state.joined or etcd.get("healthy"):
            continue
        if not {member.address, member.state.hostname} & known:
            yield _error(
                "etcd-data-stale",
                member,
                "has data of etcd and is no member of it any more, so it can neither go on nor join",
                f"wipe it with mke4k.core.remove_nodes -e mke4k_nodes={member.name}, then let it join",
            )


def _healthy(members: Sequence[Member]) -> List[Member]:
    return [member for member in members if (member.state.etcd or {}).get("healthy")]


def etcd_is_whole(members: Sequence[Member]) -> Iterator[Finding]:
    """Controllers are only added or restarted when every etcd member answers."""
    if not any(member.changes for member in members if member.is_controller and (member.joins or member.runs)):
        return
    for member in members:
        etcd: Mapping[str, object] = member.state.etcd or {}
        if member.is_controller and member.runs and etcd.get("healthy") is False:
            yield _error(
                "etcd-unhealthy",
                member,
                f"has an unhealthy etcd: {etcd.get('error') or 'no answer to its health check'}",
                "bring that member back, or remove it, then run again",
            )


def addresses_differ(members: Sequence[Member]) -> Iterator[Finding]:
    seen: Dict[str, str] = {}
    for member in members:
        address = str(ipaddress.ip_address(member.address))
        if address in seen:
            yield _error(
                "node-address-duplicate",
                member,
                f"has the node address {address} that {seen[address]} has too",
                "set privateAddress or privateInterface so that every host has an address of its own",
            )
        seen.setdefault(address, member.name)


def hostnames_differ(members: Sequence[Member]) -> Iterator[Finding]:
    """A node is registered under its host name: two hosts with one name would be one node."""
    seen: Dict[str, str] = {}
    for member in members:
        name = member.state.hostname
        if name and name in seen:
            yield _error(
                "hostname-duplicate",
                member,
                f"has the host name {name} that {seen[name]} has too",
                "give every host a name of its own, or set hostname for it in mke4.yaml",
            )
        seen.setdefault(name, member.name)


def controllers_left_behind(members: Sequence[Member], in_play: Collection[str]) -> List[Finding]:
    """Controllers outside of the run whose configuration is another one than theirs will be who are in it.

    Charts, worker profiles and repositories are taken from whichever controller leads: with different files one
    uninstalls what another has installed.
    """
    outside = [member for member in members if in_play and member.name not in in_play and member.is_controller]
    return [
        _error(
            "controller-left-behind",
            member,
            "is not part of this run and would keep another k0s.yaml than the other controllers; k0s takes charts and"
            " worker profiles from whichever controller leads, and removes those that are not in its own file",
            "run without --limit, or with all controllers in it",
        )
        for member in outside
        if member.state.joined and any(change.kind == "config" for change in member.changes)
    ]


def somebody_takes_hosts_in(members: Sequence[Member], in_play: Collection[str]) -> List[Finding]:
    """Hosts that are to join while no controller runs, and none that could start one is part of the run."""
    controllers = [member for member in members if member.is_controller]
    if any(member.runs or not in_play or member.name in in_play for member in controllers):
        return []
    return [
        _error(
            "no-controller",
            member,
            f"is to join, but no controller of this cluster runs, and none of them"
            f" ({', '.join(controller.name for controller in controllers)}) is part of this run",
            "run without --limit, and not as slices of a job",
        )
        for member in members
        if member.joins and member.changes and member.name in in_play
    ]


def _error(name: str, member: Member, message: str, remedy: str) -> Finding:
    return Finding(severity="error", name=name, path=f"host {member.name}", message=message, remedy=remedy)


GUARDS: Tuple[Guard, ...] = (
    role_is_kept,
    k0s_is_a_service,
    versions_may_step,
    one_cluster,
    workers_have_a_control_plane,
    joiners_are_no_etcd_members,
    old_members_stay_away,
    etcd_is_whole,
    addresses_differ,
    hostnames_differ,
)
