# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans how a cluster whose etcd has lost its quorum for good goes on with one controller.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.quorum import majority
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.removal.model import Machine, Repoint, Sight
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.removal.server import moved, names_server


@dataclass(frozen=True)
class Recovered:
    """`survivor` goes on, `wiped` have old data and lose it, `lost` cannot be reached."""

    survivor: str
    wiped: Tuple[str, ...] = ()
    lost: Tuple[str, ...] = ()
    repoints: Tuple[Repoint, ...] = ()
    findings: Tuple[Finding, ...] = ()

    def to_dict(self) -> Dict[str, Any]:
        return {
            "survivor": self.survivor,
            "wipe": list(self.wiped),
            "lost": list(self.lost),
            "repoint": {item.host: item.server for item in self.repoints},
        }


def plan_recovery(machines: Sequence[Machine], sights: Sequence[Sight], wanted: str) -> Recovered:
    """The recovery from the data of the controller `wanted`, named as the inventory or the cluster does."""
    controllers = [item for item in machines if item.is_controller]
    survivor = next((item for item in controllers if wanted.strip().lower() in item.names), None)
    others = [item for item in controllers if item is not survivor]
    found = Recovered(
        survivor=survivor.name if survivor else "",
        wiped=tuple(item.name for item in others if item.state is not None and item.state.joined),
        lost=tuple(item.name for item in others if item.state is None),
        repoints=tuple(_repoints(machines, others, survivor)),
    )
    findings = tuple(_findings(wanted, survivor, controllers, sights, found))
    return Recovered(found.survivor, found.wiped, found.lost, found.repoints, findings)


def _findings(
    wanted: str,
    survivor: Optional[Machine],
    controllers: Sequence[Machine],
    sights: Sequence[Sight],
    found: Recovered,
) -> Iterator[Finding]:
    able = [item.name for item in controllers if item.state is not None and item.state.joined]
    choice = f"set mke4k_recover_from to the controller with the newest data, one of {', '.join(able) or 'none'}"
    if survivor is None:
        said = f"{wanted} is no controller of mke4.yaml" if wanted.strip() else "names no controller"
        yield Finding(ERROR, "recover-from", "mke4k_recover_from", said, choice)
        return
    if survivor.name not in able:
        why = "could not be reached" if survivor.state is None else "has no data of a cluster"
        yield Finding(ERROR, "recover-no-data", f"host {survivor.name}", why, choice)
        return
    serving = [sight.host for sight in sights if sight.etcd.get("healthy") and sight.etcd.get("members")]
    if serving:
        yield Finding(
            ERROR,
            "recover-has-quorum",
            f"host {serving[0]}",
            "etcd serves there, so its quorum is not lost",
            "remove controllers that are dead with mke4k.core.remove_nodes",
        )
        return
    needed = majority(_members(survivor, sights, controllers))
    if len(able) >= needed:
        yield Finding(
            ERROR,
            "recover-others-live",
            f"hosts {', '.join(able)}",
            f"have data of etcd, and {needed} of them are enough for a quorum",
            "start k0s on them (mke4k.core.install); waive this finding where their data is no good",
        )
    yield _warning(survivor, found)


def _members(survivor: Machine, sights: Sequence[Sight], controllers: Sequence[Machine]) -> int:
    """How many members etcd has, as the survivor knows it, else as many as mke4.yaml has controllers."""
    seen = next((sight.etcd.get("members") or () for sight in sights if sight.host == survivor.name), ())
    return len(seen) or len(controllers)


def _warning(survivor: Machine, found: Recovered) -> Finding:
    parts = [f"what only other controllers had written is lost; {survivor.name} goes on alone"]
    if found.wiped:
        parts.append(f"{', '.join(found.wiped)} are wiped and have to join anew")
    if found.lost:
        parts.append(f"{', '.join(found.lost)} could not be reached and must not start again with the data they have")
    return Finding(
        WARNING,
        "recover-loses",
        f"host {survivor.name}",
        "; ".join(parts),
        "wipe lost machines before they get this network again, then run mke4k.core.install to let controllers join",
    )


def _repoints(machines: Sequence[Machine], others: Sequence[Machine], survivor: Optional[Machine]) -> Iterator[Repoint]:
    """Workers that talk to one of the others."""
    address = survivor.address if survivor else ""
    gone = frozenset(name for item in others for name in item.names)
    for machine in machines:
        if machine.state is None or machine.is_controller or not address:
            continue
        before = machine.state.api_server
        if names_server(before, gone):
            yield Repoint(machine.name, before, moved(before, address))


def recovery_text(found: Recovered) -> List[str]:
    """The recovery in words, a line each."""
    if not found.survivor:
        return ["Nothing can be recovered."]
    lines = [
        f"{found.survivor} goes on as the only controller, with the data it has:",
        "  stop k0s, copy etcd's data, start etcd as a new cluster, start k0s as always",
        "  delete the Nodes of other controllers and what k0s keeps of them",
    ]
    lines += [f"{name}: take k0s off the host" for name in found.wiped]
    lines += [f"{name}: out of reach, nothing is done there" for name in found.lost]
    return lines + [f"{item.host} reaches the API through {item.server} from now on" for item in found.repoints]
