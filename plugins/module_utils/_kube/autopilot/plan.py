# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Plan of an upgrade, and what an existing one is about. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence, Set

from ansible_collections.mke4k.core.plugins.module_utils._kube.autopilot.model import AUTOPILOT, Target
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

# The autopilot works on no Plan of another name.
PLAN = Ref(AUTOPILOT, "Plan", "autopilot")
PREFIX = "mke4k.core-"
COMPLETED = "Completed"
UNFINISHED = ("", "Schedulable", "SchedulableWait")


def plan_object(version: str, targets: Sequence[Target], at_once: int, stamp: str) -> Dict[str, Any]:
    """`stamp` makes the id one of its own: marks of an earlier Plan stay on the nodes, and count for the same id."""
    return {
        "apiVersion": PLAN.api_version,
        "kind": PLAN.kind,
        "metadata": {"name": PLAN.name},
        "spec": {
            "id": f"{PREFIX}{version}-{stamp}",
            "timestamp": stamp,
            "commands": [
                {
                    "k0supdate": {
                        "version": version,
                        "platforms": _platforms(targets),
                        "targets": {
                            **_target("controllers", [item.name for item in targets if item.host.is_controller], 1),
                            **_target(
                                "workers", [item.name for item in targets if not item.host.is_controller], at_once
                            ),
                        },
                    }
                }
            ],
        },
    }


def is_ours(plan: Mapping[str, Any]) -> bool:
    return id_of(plan).startswith(PREFIX)


def id_of(plan: Mapping[str, Any]) -> str:
    return str((plan.get("spec") or {}).get("id") or "")


def state_of(plan: Mapping[str, Any]) -> str:
    return str((plan.get("status") or {}).get("state") or "")


def is_unfinished(plan: Mapping[str, Any]) -> bool:
    return state_of(plan) in UNFINISHED


def brings(plan: Mapping[str, Any], version: str, targets: Sequence[Target]) -> bool:
    """Whether the Plan brings this version to these nodes, and maybe to others."""
    update = _update(plan.get("spec") or {})
    named: Set[str] = set()
    for group in (update.get("targets") or {}).values():
        named.update(((group.get("discovery") or {}).get("static") or {}).get("nodes") or ())
    return update.get("version") == version and named >= {target.name for target in targets}


def version_in(plan: Mapping[str, Any]) -> str:
    return str(_update(plan.get("spec") or {}).get("version") or "an unknown version")


def node_states(plan: Mapping[str, Any]) -> Dict[str, str]:
    """The state of every node of the Plan, controllers first."""
    update = _update(plan.get("status") or {})
    groups: List[Any] = [*(update.get("controllers") or ()), *(update.get("workers") or ())]
    return {str(item.get("name")): str(item.get("state") or "") for item in groups}


def description_of(plan: Mapping[str, Any]) -> str:
    commands = (plan.get("status") or {}).get("commands") or ()
    return "; ".join(str(item["description"]) for item in commands if item.get("description"))


def _update(part: Mapping[str, Any]) -> Dict[str, Any]:
    """The k0supdate of the first command, in spec or status."""
    for command in part.get("commands") or ():
        if command.get("k0supdate"):
            return dict(command["k0supdate"])
    return {}


def _target(group: str, names: Sequence[str], at_once: int) -> Dict[str, Any]:
    if not names:
        return {}
    return {group: {"limits": {"concurrent": at_once}, "discovery": {"static": {"nodes": list(names)}}}}


def _platforms(targets: Sequence[Target]) -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    for target in targets:
        binary = {"url": target.host.url, "sha256": target.host.sha256}
        if found.setdefault(target.platform, binary) != binary:
            raise KubeError(
                f"k0s was not upgraded: {target.host.name} is to get {target.host.url} ({target.host.sha256}), other "
                f"hosts of the same platform {target.platform} another binary. A Plan has one for each platform"
            )
    return found
