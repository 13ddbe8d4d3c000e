# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan as a result that the tasks of the role `k0s` work through. It holds no secret.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.layers import CALICO
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import TIGERA
from ansible_collections.mke4k.core.plugins.module_utils._config.resolve import enabled_provider
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.node_state import name_among
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.fanout import Fanout, binary_fanout, images_fanout
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member, Plan
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.probes import probes_for
from ansible_collections.mke4k.core.plugins.plugin_utils._marks import node_marks

FAN_OUT_ABOVE = 4


def plan_result(cluster: Cluster, plan: Plan, fan_out_above: int = FAN_OUT_ABOVE) -> dict[str, Any]:
    """The plan in plain data: who changes, who is prepared, staged and probed, and the waves.

    `fan_out_above`: up to so many hosts get a large file from its source, more of them get it from each other.
    """
    members = list(plan.members.values())
    changing = [member for member in members if member.changes]
    leader = plan.members[plan.leader]
    joining = [member for member in changing if member.joins and member is not leader]
    return {
        "leader": plan.leader,
        "new_cluster": plan.new_cluster,
        "bootstrap": [plan.leader] if plan.new_cluster and leader.changes else [],
        "changing": [member.name for member in changing],
        "prepare": [member.name for member in changing if not member.runs],
        "stage": [member.name for member in changing if _gets_binary(member)],
        "fan_out": {
            "binary": _fan_out(binary_fanout(changing, fan_out_above)),
            "images": _fan_out(images_fanout(changing, fan_out_above)),
        },
        "token_roles": sorted({token_role(member) for member in joining}),
        "shared_files": sorted({item.path for member in joining for item in member.spec.shared_files}),
        "server": _server(cluster, leader),
        "servers": [] if cluster.external_host else [_server(cluster, member) for member in members if _serves(member)],
        "ca_sha256": leader.state.ca_sha256,
        "goal": plan.goal,
        "waves": plan.waves.to_dict(),
        "hosts": {member.name: _host_result(cluster, member, members) for member in members},
        "marks": node_marks(cluster, members, {member.name: _node_name(member) for member in members}),
    }


def _fan_out(found: Fanout) -> dict[str, Any]:
    """With the first part of the paths under which this run, and no other, finds the files."""
    return {**found.to_dict(), "token": secrets.token_hex(16) if found.rest else ""}


def goal_of(cluster: Cluster, layers: Collection[str]) -> str:
    """Nodes are Ready only with a network plugin. From 4.1.0 on Calico is installed after k0s, and where it is the
    user who brings one, the layer after k0s waits for it.
    """
    provider = enabled_provider(cluster.spec).get("provider")
    if provider == "calico":
        return "connected" if cluster.release.provider == TIGERA else "serving"
    return "connected" if provider == "custom" and CALICO in layers else "serving"


def token_role(member: Member) -> str:
    """The role for which k0s makes the token of a joining host."""
    return "controller" if member.is_controller else "worker"


def _host_result(cluster: Cluster, member: Member, members: list[Member]) -> dict[str, Any]:
    others = [item for item in members if item.is_controller and item is not member]
    return {
        "role": member.spec.role,
        "node": _node_name(member),
        "ready": member.state.ready is True,
        "version": member.spec.version,
        "address": member.address,
        "binary": member.spec.binary.to_dict(),
        "changes": [change.to_dict() for change in member.changes],
        "peers": [item.address for item in others if item.state.joined] if member.is_controller else [],
        "probes": probes_for(member, members, cluster),
    }


def _node_name(member: Member) -> str:
    """The name of the host's Node; empty where it has none."""
    if not member.spec.runs_workloads:
        return ""
    return str((member.state.node or {}).get("name") or name_among(member.spec.arguments, member.state.hostname))


def _gets_binary(member: Member) -> bool:
    return any(change.kind == "binary" for change in member.changes)


def _serves(member: Member) -> bool:
    return member.is_controller and member.state.ready is True


def _server(cluster: Cluster, controller: Member) -> str:
    """The address of the API for an administrator, as a URL. A port in externalAddress is that of the dashboard."""
    return f"https://{cluster.external_host or controller.address}:{cluster.api_port}"
