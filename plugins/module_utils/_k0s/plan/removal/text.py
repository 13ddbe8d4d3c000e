# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The removal in words, for a terminal and for a job log.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import List

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.quorum import majority
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.verdict import peer_address
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.removal.model import Leaver, Removal


def removal_text(removal: Removal) -> List[str]:
    """What leaves with each host, and what etcd is then."""
    known = [item for item in removal.leavers if item.known]
    if not known:
        return ["Nothing to remove."]
    names = ", ".join(item.host or item.wanted for item in known)
    through = f"; {removal.leader} stays and leads" if removal.leader else ""
    lines = [f"Remove {names}{through}."]
    if removal.repoints:
        lines.append(f"First these workers get another API server, {removal.at_once} at a time:")
    lines += [f"  {item.host} reaches the API through {item.server} from now on" for item in removal.repoints]
    for item in known:
        lines += [_title(item), *(f"  {step}" for step in _steps(item))]
    return lines + _etcd(removal, known)


def _title(item: Leaver) -> str:
    about = ", ".join(part for part in (item.role, "" if item.reached else "out of reach") if part)
    name = item.host or item.wanted
    return f"{name} ({about})" if about else name


def _steps(item: Leaver) -> List[str]:
    steps = []
    if item.node:
        move = "move the pods away and " if item.ready else "without moving pods, which it does not answer for, "
        steps.append(f"{move}delete the Node {item.node}")
    if item.member:
        name = item.member.get("name") or "a member that never started"
        steps.append(f"leave etcd as {name} ({peer_address(item.member)}), and see that it has left")
    if item.records:
        steps.append(f"delete what k0s keeps of {', '.join(item.records)}")
    steps.append("take k0s off the host" if item.reached else "k0s, its data and its keys stay on the host")
    return steps


def _etcd(removal: Removal, known: List[Leaver]) -> List[str]:
    gone = sum(1 for item in known if item.member)
    left = removal.members_before - gone
    if not gone or left < 1:
        return []
    spare = left - majority(left)
    return [f"etcd goes from {removal.members_before} to {left} members and then survives the loss of {spare}."]
