# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a member may leave etcd now. Pure: decides from what was read about etcd.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence
from urllib.parse import urlsplit

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.quorum import Verdict, majority

Seen = Mapping[str, Any]


def peer_address(member: Seen) -> str:
    return urlsplit(str(member.get("peer_url") or "")).hostname or ""


def label(member: Seen) -> str:
    name = str(member.get("name") or "a member that never started")
    return f"{name} ({peer_address(member) or 'no address'})"


def meant(members: Sequence[Seen], wanted: Sequence[str]) -> List[Seen]:
    """The members that are named by their name, peer address or id. Those that do not answer come first.

    Nothing depends on a silent member, and without it the others need fewer for a majority.
    """
    names = {item.strip().lower() for item in wanted}
    found = [
        item
        for item in members
        if {str(item.get("id")), str(item.get("name") or "").lower(), peer_address(item)} & names
    ]
    return sorted(found, key=lambda item: bool(item.get("answers")))


def leave_verdict(host: str, etcd: Seen, leaving: Seen) -> Verdict:
    """Whether `leaving` may be taken out, decided by the member on `host`, which stays.

    Those left must be able to decide without it: as many as etcd needs then (floor(n/2) + 1) must answer.
    """
    if leaving.get("id") == etcd.get("member_id"):
        return Verdict(False, f"{host} was to take itself out of etcd; do that on a controller that stays")
    if not etcd.get("healthy"):
        error = etcd.get("error") or "it does not answer to a linearizable read"
        return Verdict(
            False,
            f"{label(leaving)} was not taken out of etcd: etcd on {host} has no quorum ({error}), and without one it"
            " changes nothing. Bring members back, or run mke4k.core.recover_quorum where they are lost for good",
        )
    left = [item for item in etcd.get("members") or [] if item.get("id") != leaving.get("id")]
    answering = [item for item in left if item.get("answers") and not item.get("learner")]
    needed = majority(len(left))
    if len(answering) < needed:
        silent = ", ".join(label(item) for item in left if item not in answering)
        return Verdict(
            False,
            f"{label(leaving)} was not taken out of etcd: {silent} of those who stay does not answer, so that"
            f" {len(answering)} of {len(left)} members would be left and {needed} are needed. Bring it back, or remove"
            " it first",
        )
    return Verdict(True)


def without(etcd: Seen, leaving: Seen) -> Dict[str, Any]:
    """What etcd will be when the member has left; for those who only ask."""
    members = [item for item in etcd.get("members") or [] if item.get("id") != leaving.get("id")]
    return {**etcd, "members": members}


def next_leader(etcd: Seen) -> str:
    """The id of a member to which the one on this host can hand the leadership; empty where there is none."""
    own = etcd.get("member_id")
    for member in etcd.get("members") or []:
        if member.get("id") != own and member.get("answers") and not member.get("learner"):
            return str(member["id"])
    return ""
