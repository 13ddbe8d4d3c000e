# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes k0s off one host, so that the host is what it was before k0s came. It does not take it out of its cluster.

k0s' own `reset` is not used: it needs its binary and a containerd that starts, asks network plugins that ask an API
server that is gone, and leaves what `docs` lists. Every part here is found and removed by itself, so a host that is
half installed, half broken or half reset is no special case.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Callable, Dict, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change, flag_table
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import lock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError, NoAnswer
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import RECEIPT_PATH
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.receipt import read_receipt
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.service import read_service
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.status import read_status
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.before import Before
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.ending import Mounts, Processes, has_processes
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.filters import EmptyTables, Rules
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.groups import ControlGroups, Users
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.host import Host, Part
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.network import Links, Routes, Servers, Sets, Tables
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.services import Services
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.settings import Settings
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import Outcome, Remain, Target
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.trees import (
    Configuration,
    Files,
    Programs,
    has_traces,
)

# In this order: nothing starts again, nothing is in use, and the record of what was there before goes last.
PARTS: Tuple[Part, ...] = (
    Services(), Processes(), Servers(), Mounts(), Links(), Routes(), Rules(), Tables(), EmptyTables(), Sets(),
    ControlGroups(), Users(), Files(), Programs(), Settings(), Configuration(),
)  # fmt: skip
_STATUS_PATIENCE = 1.0
_SHOWN = 5


@dataclass(frozen=True)
class Past:
    """What k0s was on the host."""

    version: str = ""
    role: str = ""
    running: bool = False


def this_host(params: Mapping[str, Any]) -> Tuple[Host, Past]:
    """The host that this runs on."""
    receipt = read_receipt(RECEIPT_PATH)
    service = read_service()
    arguments = service.state.arguments if service else ()
    flags = {name: values[-1] for name, values in flag_table(arguments).items()}
    host = Host(target=Target.of(params, flags), before=Before.of(receipt))
    if not (service or has_traces(host) or has_processes(host)):
        host = replace(host, evidence=False)
    return host, past_of(receipt, service.state.name if service else "", read_status)


def past_of(receipt: Mapping[str, Any], service: str, ask: Callable[..., Any]) -> Past:
    try:
        status: Dict[str, Any] = ask(timeout=_STATUS_PATIENCE) or {}
    except NoAnswer:  # it hangs, which is no reason to keep it
        status = {}
    noted = str((receipt.get("binary") or {}).get("version") or "")
    role = {"k0scontroller": "controller", "k0sworker": "worker"}.get(service, "")
    return Past(str(status.get("Version") or noted), str(status.get("Role") or role), bool(status))


def reset(host: Host, past: Past, dry_run: bool, parts: Sequence[Part] = PARTS) -> Outcome:
    """Takes away everything that is found, in a dry run nothing, and tells what stays."""
    parts = [part for part in parts if part.certain or host.evidence]
    found = [(part, part.find(host)) for part in parts]
    changes = [change for _part, part_changes in found for change in part_changes]
    if dry_run or not changes:
        return Outcome(tuple(changes), (), past.version, past.role, past.running)
    with lock.only_run(host.paths.lock, host.clock.now, host.clock.sleep):
        for part in parts:
            _clear(part, host)
    left = [(part, change) for part in parts for change in part.find(host)]
    remains = [_remain(part, change, host) for part, change in left]
    remains += [note for part in parts for note in part.notes(host)]
    _refuse([item for (part, _change), item in zip(left, remains) if part.vital])
    stuck = {(change.kind, change.target) for _part, change in left}
    done = [change for change in changes if (change.kind, change.target) not in stuck]
    return Outcome(tuple(done), tuple(remains), past.version, past.role, past.running)


def _clear(part: Part, host: Host) -> None:
    """One part that fails keeps no other from being done; what it left is found again."""
    try:
        part.clear(host)
    except K0sError as error:
        for change in part.find(host):
            host.complain(change.kind, change.target, str(error))


def _remain(part: Part, change: Change, host: Host) -> Remain:
    reason = host.complaints.get((change.kind, change.target), "it came back")
    return Remain(change.kind, change.target, f"is still there: {reason}", part.goes_with_reboot(change))


def _refuse(vital: List[Remain]) -> None:
    if not vital:
        return
    shown = "; ".join(f"{item.target} {item.detail}" for item in vital[:_SHOWN])
    more = f"; and {len(vital) - _SHOWN} more" if len(vital) > _SHOWN else ""
    remedy = "Boot the host, then run again" if any(item.reboot for item in vital) else "Mend that, then run again"
    raise K0sError(f"k0s was not wholly taken off this host: {shown}{more}. {remedy}; what is done already stays done")
