# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells what a reset takes away. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Dict, List, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.resetting.build import Resetting, Seen

# What a kind is in words, one of it and many.
_WORDS = {
    "stop": ("the service", "the services"),
    "ipvs": ("virtual server", "virtual servers"),
    "mount": ("mount", "mounts"),
    "link": ("network link", "network links"),
    "route": ("route", "routes"),
    "rules": ("rules in", "rules in"),
    "ipset": ("ipset", "ipsets"),
    "cgroup": ("control group", "control groups"),
    "user": ("user", "users"),
    "folder": ("folder", "folders"),
    "file": ("file", "files"),
    "sysctl": ("setting of the kernel", "settings of the kernel"),
}
_NAMED = ("stop", "link", "rules", "user", "folder")
_SHOWN = 6


def reset_text(cluster: str, seen: Sequence[Seen], plan: Resetting) -> List[str]:
    """The order, then what goes on each host."""
    if not plan.waves:
        return [f"Nothing to reset: no host has anything of the cluster {cluster}."]
    order = ", then ".join(", ".join(wave.hosts) for wave in plan.waves)
    lines = [f"Take the cluster {cluster} off {_count(len(plan.changing), ('host', 'hosts'))}: {order}."]
    for item in seen:
        if item.changes:
            lines += [f"{item.name} ({_about(item)})", *(f"  {step}" for step in steps(item.changes))]
        elif item.problem:
            lines.append(
                f"{item.name}: stays as it is, as it {'could not be read' if item.reached else 'is out of reach'}"
            )
        else:
            lines.append(f"{item.name}: has nothing of k0s")
    return lines


def _about(item: Seen) -> str:
    role = "controller" if item.controller else "worker"
    version = f" {item.version}" if item.version else ""
    return f"{role}, k0s{version} {'runs' if item.running else 'does not run'}"


def steps(changes: Sequence[Change]) -> List[str]:
    """The changes in a few lines: what there is much of is counted."""
    kinds: Dict[str, List[Change]] = {}
    for change in changes:
        kinds.setdefault(change.kind, []).append(change)
    lines = [change.detail for change in kinds.pop("process", [])]
    for kind, members in kinds.items():
        words = _WORDS.get(kind, (kind, kind))
        if kind in _NAMED:
            names = [change.target for change in members]
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            lines.append(f"{words[len(names) > 1]} {', '.join(names[:_SHOWN])}{more}")
        else:
            lines.append(_count(len(members), words))
    return lines


def _count(number: int, words: Sequence[str]) -> str:
    return f"{number} {words[number != 1]}"


def staying_text(kubeconfig: str) -> str:
    """What a reset does not reach."""
    return (
        f"Not on the hosts, and still there: the kubeconfig {kubeconfig} on the control node, which a new cluster of "
        "the same name will not take over, backups, volumes of storage outside of the hosts, and load balancers."
    )
