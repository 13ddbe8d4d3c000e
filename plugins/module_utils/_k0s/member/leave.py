# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes members out of etcd, asked of the member on this host.

`k0s etcd leave` does the same call, but it hangs for minutes where etcd is away, tells success before it is proven,
and cannot name a member that never started.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import Clock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError, NoAnswer
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.verdict import (
    label,
    leave_verdict,
    meant,
    next_leader,
    without,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.etcd import Etcd

CALL_TIMEOUT = 10.0
PAUSE = 0.25


@dataclass(frozen=True)
class Membership:
    """The members of etcd as the controller `host`, on which this runs, sees and changes them."""

    host: str
    etcd: Etcd
    clock: Clock
    timeout: float = 60.0

    def read(self) -> Dict[str, Any]:
        return self.etcd.read(self.host)

    def leave(self, wanted: Sequence[str], dry_run: bool = False) -> List[Dict[str, Any]]:
        """Takes out the members that are meant, one after another, and returns those that were there."""
        seen: Mapping[str, Any] = self.read()
        if seen["error"] and not seen["members"]:
            raise K0sError(
                f"the members of etcd could not be read on {self.host}: {seen['error']}. k0s must run there. Nothing"
                " was taken out"
            )
        gone = []
        for member in meant(seen["members"], wanted):
            seen = self._without(member, seen, dry_run)
            gone.append(dict(member))
        return gone

    def hand_over(self, dry_run: bool = False) -> bool:
        """Gives the leadership of etcd to another member, so that nobody waits for an election when this one goes."""
        seen = self.read()
        heir = next_leader(seen) if seen["leader"] else ""
        if not heir:
            return False
        if not dry_run:
            self.etcd.call("/v3/maintenance/transfer-leadership", {"targetID": _decimal(heir)}, CALL_TIMEOUT)
        return True

    def _without(self, member: Mapping[str, Any], seen: Mapping[str, Any], dry_run: bool) -> Mapping[str, Any]:
        """etcd after the member has left. An election or a restart that just happened may need some seconds."""
        end = self.clock.now() + self.timeout
        verdict = leave_verdict(self.host, seen, member)
        while not verdict.allowed:
            if dry_run or self.clock.now() >= end or member["id"] == seen["member_id"]:
                raise K0sError(verdict.reason)
            self.clock.sleep(PAUSE)
            seen = self.read()
            verdict = leave_verdict(self.host, seen, member)
        return without(seen, member) if dry_run else self._taken_out(member, end)

    def _taken_out(self, member: Mapping[str, Any], end: float) -> Mapping[str, Any]:
        """Asks until the list of members, read with the consent of the quorum, has it no more."""
        said = ""
        while True:
            try:
                listed = self._listed()
                if _decimal(member["id"]) not in listed:
                    return self.read()
                self.etcd.call("/v3/cluster/member/remove", {"ID": _decimal(member["id"])}, CALL_TIMEOUT)
                continue
            except NoAnswer as error:
                said = str(error)
            if self.clock.now() >= end:
                raise K0sError(
                    f"{label(member)} is still a member of etcd after {self.timeout:g} s: {said}. Look at k0s' log on"
                    f" {self.host} and run again; what is done already stays"
                )
            self.clock.sleep(PAUSE)

    def _listed(self) -> List[str]:
        found = self.etcd.call("/v3/cluster/member/list", {"linearizable": True}, CALL_TIMEOUT)
        return [str(item.get("ID")) for item in found.get("members") or []]


def _decimal(number: str) -> str:
    """etcd's gateway has ids as decimal text, people as hexadecimal ones."""
    return str(int(number, 16))
