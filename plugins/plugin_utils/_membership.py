# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From mke4.yaml and what was read on the hosts to the machines and sights that removal and recovery are planned with.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Host
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.addresses import AddressError, node_address
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.removal.model import Machine, Sight

# Kept beside plugins/doc_fragments/_membership.py.
MEMBERSHIP_OPTIONS: dict[str, Any] = {
    "nodes": {"type": "dict", "required": True},
    "members": {"type": "dict", "required": True},
}


def names_of(value: Any) -> list[str]:
    """`[n4, n5]`, or `"n4, n5"` as the survey of a job has it."""
    given = value if isinstance(value, (list, tuple)) else str(value if value is not None else "").split(",")
    return [text for text in (str(item).strip() for item in given) if text]


def machines_of(cluster: Cluster, results: Mapping[str, Any]) -> list[Machine]:
    """The hosts of mke4.yaml in its order, then others that were read."""
    known = [_machine(host, results.get(host.name) or {}) for host in cluster.hosts]
    names = {host.name for host in cluster.hosts}
    return known + [_other(name, result) for name, result in results.items() if name not in names]


def sights_of(machines: list[Machine], results: Mapping[str, Any]) -> list[Sight]:
    """What those controllers see that could be asked."""
    return [
        Sight.of(machine.name, results[machine.name])
        for machine in machines
        if isinstance((results.get(machine.name) or {}).get("etcd"), Mapping) and "nodes" in results[machine.name]
    ]


def _machine(host: Host, result: Mapping[str, Any]) -> Machine:
    """A host that could not be read is known by what mke4.yaml says of it."""
    facts = result.get("host")
    address = str(host.private_address or host.address)
    if facts:
        try:
            address = node_address(host, facts)
        except AddressError:
            address = _default_address(result) or address
    known = {host.address, host.private_address, host.hostname, address}
    addresses = frozenset(item.lower() for item in known if item)
    return Machine(host.name, host.role, addresses, _state(result), address)


def _other(name: str, result: Mapping[str, Any]) -> Machine:
    address = _default_address(result)
    return Machine(name, "", frozenset((address,) if address else ()), _state(result), address)


def _default_address(result: Mapping[str, Any]) -> str:
    """Of its addresses the one with which it reaches others: bridges have the same ones on many hosts."""
    return str((result.get("host") or {}).get("default_address") or "")


def _state(result: Mapping[str, Any]) -> NodeState | None:
    return NodeState.from_dict(result["node"]) if result.get("node") else None
