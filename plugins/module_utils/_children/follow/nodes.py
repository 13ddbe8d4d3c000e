# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many nodes a child has and should have. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.conditions import generation_of, observed_of
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Family
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

CONTROL_PLANE_COUNT, WORKERS_COUNT = "controlPlaneNumber", "workersNumber"
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_CONTROL_PLANE_LABEL = "cluster.x-k8s.io/control-plane"


@dataclass(frozen=True)
class Nodes:
    """`wanted` is None where nobody has said it; `ready` where nobody has counted."""

    ready: Optional[int] = None
    wanted: Optional[int] = None

    @property
    def are_complete(self) -> bool:
        return self.ready is not None and self.wanted is not None and self.ready >= self.wanted

    def __add__(self, other: Nodes) -> Nodes:
        return Nodes(_sum(self.ready, other.ready), _sum(self.wanted, other.wanted))

    def __str__(self) -> str:
        if self.ready is None:
            return "" if self.wanted is None else str(self.wanted)
        return f"{self.ready}/{'?' if self.wanted is None else self.wanted}"


def control_plane(family: Family) -> Nodes:
    wanted = _wanted(family, CONTROL_PLANE_COUNT)
    if family.control_plane is not None:
        return _counted(family.control_plane, wanted)
    running = [
        machine
        for machine in family.machines.values()
        if _CONTROL_PLANE_LABEL in (_part(machine, "metadata").get("labels") or {})
    ]
    if not running:
        return Nodes(None, wanted)
    return Nodes(sum(_part(machine, "status").get("phase") == "Running" for machine in running), wanted)


def workers(family: Family) -> Nodes:
    wanted = _wanted(family, WORKERS_COUNT)
    if not family.machine_deployments:
        return Nodes(0 if wanted == 0 else None, wanted)
    counted = [_counted(item, 1) for item in family.machine_deployments.values()]
    told = sum(item.wanted or 0 for item in counted)
    return Nodes(sum(item.ready or 0 for item in counted), told if wanted is None else wanted)


def all_nodes(family: Family) -> Nodes:
    return control_plane(family) + workers(family)


def counts_of(manifest: Optional[Mapping[str, Any]]) -> Dict[str, int]:
    """The counts in the spec of an MkeChildConfig or a ClusterDeployment, wherever this release has them."""
    spec = _part(manifest or {}, "spec")
    infrastructure = _part(spec, "infrastructure")
    config = _part(spec, "config")
    places = (infrastructure, _part(infrastructure, "configuration"), config, _part(config, "infrastructure"))
    found: Dict[str, int] = {}
    for key in (CONTROL_PLANE_COUNT, WORKERS_COUNT):
        told = next((place[key] for place in places if place.get(key) is not None), None)
        if told is not None:
            found[key] = int(told)
    return found


def lacking(family: Family) -> List[str]:
    """What of the machines does not yet follow the spec; nothing where nobody has looked at them."""
    found: List[str] = []
    if family.control_plane is not None:
        found += _behind(family.control_plane, _wanted(family, CONTROL_PLANE_COUNT), updated=False)
    single = _wanted(family, WORKERS_COUNT) if len(family.machine_deployments) == 1 else None
    for item in family.machine_deployments.values():
        found += _behind(item, single, updated=True)
    return found


def _behind(manifest: Mapping[str, Any], wanted: Optional[int], updated: bool) -> List[str]:
    name, status = str(Ref.of(manifest)), _part(manifest, "status")
    replicas = int(_part(manifest, "spec").get("replicas") or 0)
    if wanted is not None and replicas != wanted:
        return [f"{name}: it is for {replicas} machines, not yet for {wanted}"]
    observed = observed_of(manifest)
    if observed is not None and observed < generation_of(manifest):
        return [f"{name}: its controller has not looked at its newest form yet"]
    there, ready = int(status.get("replicas") or 0), int(status.get("readyReplicas") or 0)
    fresh = status.get("upToDateReplicas", status.get("updatedReplicas")) if updated else None
    if ready < replicas:
        return [f"{name}: {ready} of {replicas} machines are ready"]
    asked, runs = (str(part.get("version") or "") for part in (_part(manifest, "spec"), status))
    if asked and runs and _number(asked) != _number(runs):
        return [f"{name}: it runs {runs}, not yet {asked}"]
    if fresh is not None and int(fresh) < replicas:
        return [f"{name}: {int(fresh)} of {replicas} machines are new"]
    return [f"{name}: there are {there} machines, {replicas} are wanted"] if there > replicas else []


def _number(version: str) -> str:
    """Of Kubernetes: whether `+k0s.0` stands behind it differs from place to place."""
    found = _VERSION.search(version)
    return found.group(0) if found else version


def _wanted(family: Family, key: str) -> Optional[int]:
    return {**counts_of(family.deployment), **counts_of(family.root)}.get(key)


def _counted(manifest: Mapping[str, Any], wanted: Optional[int]) -> Nodes:
    told = _part(manifest, "spec").get("replicas")
    ready = int(_part(manifest, "status").get("readyReplicas") or 0)
    return Nodes(ready, int(told) if told is not None else wanted)


def _part(holder: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = holder.get(key)
    return found if isinstance(found, Mapping) else {}


def _sum(one: Optional[int], other: Optional[int]) -> Optional[int]:
    return one if other is None else other if one is None else one + other
