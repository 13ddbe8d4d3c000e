# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the reset of a cluster: which hosts, in which order, and why it may not begin. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import PlainData

REFUSE, DELETE, LEAVE = "refuse", "delete", "leave"


@dataclass(frozen=True)
class Seen:
    """One host as it was found. `problem` says why it could not be read; then nothing else is known of it."""

    name: str
    controller: bool = False
    reached: bool = True
    problem: str = ""
    running: bool = False
    version: str = ""
    changes: Tuple[Change, ...] = ()


@dataclass(frozen=True)
class Wave(PlainData):
    """Hosts that are reset at the same time, once those of the waves before are."""

    title: str
    hosts: Tuple[str, ...]
    needs: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """What the user wants. `ignored` are hosts that may be out of reach; `everybody` lets all be."""

    cluster: str
    confirm: str = ""
    everybody: bool = False
    ignored: Tuple[str, ...] = ()
    # What happens to child clusters, and whether there can be any.
    children: str = REFUSE
    may_have_children: bool = False


@dataclass(frozen=True)
class Resetting:
    """`leader` is a controller that runs, empty where none does."""

    waves: Tuple[Wave, ...]
    leader: str
    findings: Tuple[Finding, ...]
    refusal: str

    @property
    def changing(self) -> List[str]:
        return [name for wave in self.waves for name in wave.hosts]


def plan_reset(seen: Sequence[Seen], outside: Sequence[str], choice: Choice) -> Resetting:
    """`outside` are hosts of mke4.yaml that this run may not touch."""
    controllers = [item for item in seen if item.controller]
    leader = next((item.name for item in controllers if item.running), "")
    findings = _out_of_reach(seen, choice) + _part(outside) + _children(controllers, leader, choice)
    waves = tuple(_waves(seen, leader or (controllers[0].name if controllers else "")))
    return Resetting(waves, leader, tuple(findings), _refusal(seen, waves, choice))


def _waves(seen: Sequence[Seen], last: str) -> List[Wave]:
    """The leader goes last: until then one host has all the data of the cluster."""
    groups = (
        ("Take k0s from the workers", [item for item in seen if not item.controller]),
        ("Take k0s from the controllers", [item for item in seen if item.controller and item.name != last]),
        ("Take k0s from the controller that leads", [item for item in seen if item.name == last]),
    )
    waves: List[Wave] = []
    before: Tuple[str, ...] = ()
    for title, members in groups:
        hosts = tuple(item.name for item in members if item.changes)
        if hosts:
            waves.append(Wave(title, hosts, before))
            before += hosts
    return waves


def _out_of_reach(seen: Sequence[Seen], choice: Choice) -> List[Finding]:
    found = []
    for item in seen:
        if not item.problem:
            continue
        ignored = choice.everybody or item.name in choice.ignored
        # A host that answers and cannot be read is no case of being out of reach.
        if ignored and not item.reached:
            text = "is out of reach; k0s, the data of the cluster and its keys stay on it"
            found.append(Finding(WARNING, "host-unreachable", f"host {item.name}", text, _LATER))
        elif not item.reached:
            remedy = f"bring it back, or leave it as it is with -e mke4k_ignore_unreachable={item.name}"
            text = f"could not be reached: {item.problem}"
            found.append(Finding(ERROR, "host-unreachable", f"host {item.name}", text, remedy))
        else:
            text = f"could not be read: {item.problem}"
            found.append(Finding(ERROR, "host-unreadable", f"host {item.name}", text, "mend that, then run again"))
    return found


_LATER = "when it is back, run mke4k.core.reset again, or give it a new disk"


def _part(outside: Sequence[str]) -> List[Finding]:
    text = "is a host of mke4.yaml and not in this run, so it would stay as a part of a cluster that is gone"
    remedy = "run without --limit; to take some hosts out of a cluster that stays, use mke4k.core.remove_nodes"
    return [Finding(ERROR, "reset-part", f"host {name}", text, remedy) for name in outside]


def _children(controllers: Sequence[Seen], leader: str, choice: Choice) -> List[Finding]:
    """Without a controller that runs nobody can tell whether the mothership has children."""
    if leader or choice.children == LEAVE or not choice.may_have_children:
        return []
    if not any(item.changes for item in controllers):
        return []
    return [
        Finding(
            ERROR,
            "children-unknown",
            "",
            "no controller runs, so nobody can tell whether the cluster has child clusters, which would go on in AWS, "
            "unmanaged",
            "start k0s on a controller, or, where there are none, say -e mke4k_reset_children=leave",
        )
    ]


def _refusal(seen: Sequence[Seen], waves: Sequence[Wave], choice: Choice) -> str:
    if not waves or choice.confirm == choice.cluster:
        return ""
    hosts = sum(len(wave.hosts) for wave in waves)
    given = f" mke4k_confirm is {choice.confirm!r}, which is another name." if choice.confirm else ""
    return (
        f"Nothing was changed.{given} This takes the cluster {choice.cluster} off {hosts} of {len(seen)} hosts, with "
        f"all its data. If that is wanted, say its name: -e mke4k_confirm={choice.cluster}"
    )
