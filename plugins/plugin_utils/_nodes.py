# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions k0s_plan and k0s_render share: from mke4.yaml and what was read to specs, states and a plan.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import yaml

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Host
from ansible_collections.mke4k.core.plugins.module_utils._config.render.node import render_node
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, NodeState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.addresses import AddressError, node_address
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.binary import BinarySource, binary_for
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.images import ImagesSource, images_for


@dataclass(frozen=True)
class Sources:
    """Where hosts get large files from."""

    binary: BinarySource
    images: tuple[ImagesSource, ...] = ()


@dataclass
class Nodes:
    """Every host of the cluster that was read; `findings` tells of those that were not, and of other hindrances."""

    addresses: dict[str, str] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    states: dict[str, NodeState] = field(default_factory=dict)
    specs: dict[str, NodeSpec] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def gather(cluster: Cluster, results: dict[str, Any], sources: Sources, in_play: list[str]) -> Nodes:
    """Shapes the results of k0s_node_info. Hosts of the cluster without one are reported; see `in_play` there."""
    nodes = Nodes()
    for host in cluster.hosts:
        result = results.get(host.name)
        if not result or "node" not in result:
            nodes.findings.append(_unread(host, host.name in in_play))
            continue
        nodes.facts[host.name] = result["host"]
        nodes.states[host.name] = NodeState.from_dict(result["node"])
        try:
            nodes.addresses[host.name] = node_address(host, result["host"])
        except AddressError as error:
            nodes.findings.append(
                Finding("error", "node-address-unknown", f"host {host.name}", str(error), "see the message")
            )
    for host in cluster.hosts:
        if host.name in nodes.addresses:
            nodes.specs[host.name] = _spec(cluster, host, nodes, sources)
    return nodes


def _spec(cluster: Cluster, host: Any, nodes: Nodes, sources: Sources) -> NodeSpec:
    rendered = render_node(cluster, host, nodes.addresses)
    config = rendered.get("config")
    machine = nodes.facts[host.name].get("architecture", "")
    binary = binary_for(sources.binary, rendered["version"], machine)
    images = images_for(sources.images, rendered["version"], machine, cluster.data_dir) if host.runs_workloads else ()
    return NodeSpec.from_dict(
        {
            **rendered,
            "config": dump_yaml(config) if config else "",
            "binary": binary.to_dict(),
            "images": [item.to_dict() for item in images],
        }
    )


def dump_yaml(document: Any) -> str:
    """The same text for the same document, in the order of its keys."""
    plain = json.loads(json.dumps(document))
    return str(yaml.safe_dump(plain, sort_keys=False, default_flow_style=False, width=120, allow_unicode=True))


def _unread(host: Host, in_play: bool) -> Finding:
    """A worker outside of the run was left out on purpose; everything else is a host that should have answered."""
    if in_play:
        return Finding(
            severity="error",
            name="host-not-read",
            path=f"host {host.name}",
            message=f"{host.role} could not be read: it is unreachable, or the task that reads it failed on it",
            remedy="bring it back or take it out of mke4.yaml; waived, it is left as it is",
        )
    return Finding(
        severity="error" if host.is_controller else "warning",
        name="host-not-read",
        path=f"host {host.name}",
        message=f"{host.role} is not among the hosts of this run and was not read",
        remedy="keep every controller reachable: without one nothing can be said about the quorum"
        if host.is_controller
        else "run without --limit to bring it up to date too",
    )
