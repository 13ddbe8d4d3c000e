# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a controller may restart now. Pure: decides from what was read about etcd.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Sequence

RESTART_SECONDS = 5
PAIR_SECONDS = 15


@dataclass(frozen=True)
class Verdict:
    """`warning` is for a restart that is allowed although the API is away during it."""

    allowed: bool
    reason: str = ""
    warning: str = ""


def majority(members: int) -> int:
    return members // 2 + 1


def _address(peer_url: str) -> str:
    return peer_url.partition("//")[2].rpartition(":")[0].strip("[]")


def _label(member: Mapping[str, Any], peers: Sequence[str]) -> str:
    address = _address(str(member.get("peer_url") or ""))
    text = f"{member.get('name') or 'a member that has not started'} ({address or 'no address'})"
    return text if not peers or address in peers else f"{text}, which is not in the inventory"


def restart_verdict(host: str, etcd: Optional[Mapping[str, Any]], peers: Sequence[str] = ()) -> Verdict:
    """The answer for the controller `host`. `etcd` is None where the cluster's storage is no etcd of its own.

    A restart is allowed when every other voting member answers, so that those left during it form a majority (etcd:
    floor(n/2) + 1). One or two members have no majority to spare: the API is away while one restarts. A member that
    does not serve anyway takes nothing with it.
    """
    alone = f"the Kubernetes API is away for about {RESTART_SECONDS} s while {host}, the only controller, restarts"
    if etcd is None:
        return Verdict(True, warning="" if peers else alone)
    members: List[Mapping[str, Any]] = list(etcd.get("members") or [])
    own_id = etcd.get("member_id")
    others = [member for member in members if member.get("id") != own_id]
    if not etcd.get("healthy"):
        return _unhealthy(host, etcd, others, peers)
    if not others:
        return Verdict(True, warning=alone)
    learners = [member for member in others if member.get("learner")]
    if learners:
        names = ", ".join(_label(member, peers) for member in learners)
        return Verdict(
            False, f"{host} was not restarted: {names} is joining etcd just now. Run again when it has joined"
        )
    silent = [member for member in others if not member.get("answers")]
    if silent:
        return Verdict(False, _refusal(host, len(members), len(others) - len(silent), silent, peers))
    if len(members) == 2:
        return Verdict(
            True,
            warning=f"the Kubernetes API is away for about {PAIR_SECONDS} s while {host} restarts: with two etcd "
            "members both are needed. A third controller makes restarts unnoticed",
        )
    return Verdict(True)


def _refusal(host: str, total: int, left: int, silent: Sequence[Mapping[str, Any]], peers: Sequence[str]) -> str:
    names = ", ".join(_label(member, peers) for member in silent)
    return (
        f"{host} was not restarted: the etcd member {names} does not answer, and stopping {host} would leave {left} of "
        f"{total} members ({majority(total)} are needed, and no step is taken while one is missing). Bring it back, or "
        "remove it from the cluster, and run again"
    )


def _unhealthy(
    host: str, etcd: Mapping[str, Any], others: Sequence[Mapping[str, Any]], peers: Sequence[str]
) -> Verdict:
    error = str(etcd.get("error") or "it does not answer to a linearizable read")
    silent = ", ".join(_label(member, peers) for member in others if not member.get("answers"))
    if silent:
        return Verdict(
            False,
            f"{host} was not restarted: its etcd is unhealthy ({error}) and {silent} does not answer either. "
            "Bring the silent members back and run again",
        )
    if not others and peers:
        return Verdict(
            False,
            f"{host} was not restarted: its etcd is unhealthy ({error}) and does not tell its members, so nobody knows "
            f"whether the others ({', '.join(peers)}) keep the cluster alive. Look at k0s' log on {host}",
        )
    return Verdict(True, warning=f"etcd on {host} does not serve ({error}); restarting it takes nothing away")
