# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Lease of a run: from a run to an object, and back. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Dict, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import FIELD_MANAGER
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.model import Process, Run
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

LEASE = Ref("coordination.k8s.io/v1", "Lease", "mke4k-run", "kube-system")
PREFIX = "mke4k.core/"
# A Lease that somebody else wrote may lack times.
BEFORE_ALL = datetime.fromtimestamp(0, timezone.utc)


@dataclass(frozen=True)
class Held:
    """The lock in somebody's hands. `heard` is when it was last renewed, by the clock of the API server where known."""

    run: Run
    holder: str
    since: datetime
    heard: datetime
    expiry: int

    def to_dict(self) -> Dict[str, Any]:
        """For results of tasks."""
        return {
            "holder": self.holder,
            "owner": self.run.owner,
            "verb": self.run.verb,
            "job": self.run.job,
            "since": text_of(self.since),
            "renewed": text_of(self.heard),
            "expiry": self.expiry,
        }


def lease_of(run: Run, expiry: int, now: datetime, before: Optional[Mapping[str, Any]] = None) -> Dict[str, Any]:
    """The Lease with which the run holds the lock. `before`: the one that it takes the place of, or renews."""
    held = None if before is None else held_by(before)
    goes_on = held is not None and held.run == run
    transitions = int(((before or {}).get("spec") or {}).get("leaseTransitions") or 0)
    return {
        "apiVersion": LEASE.api_version,
        "kind": LEASE.kind,
        "metadata": {**_place(before), "annotations": _annotations(run)},
        "spec": {
            "holderIdentity": run.holder,
            "leaseDurationSeconds": expiry,
            "acquireTime": text_of(held.since if held is not None and goes_on else now),
            "renewTime": text_of(now),
            "leaseTransitions": transitions + (0 if goes_on or before is None else 1),
        },
    }


def free_lease(before: Mapping[str, Any]) -> Dict[str, Any]:
    """The Lease after its holder has let go of it. What it last was stays to be read."""
    return {
        "apiVersion": LEASE.api_version,
        "kind": LEASE.kind,
        "metadata": {**_place(before), "annotations": dict(before["metadata"].get("annotations") or {})},
        "spec": {name: value for name, value in (before.get("spec") or {}).items() if name != "holderIdentity"},
    }


def held_by(lease: Optional[Mapping[str, Any]]) -> Optional[Held]:
    """Who holds the lock; None where it is free."""
    spec: Mapping[str, Any] = (lease or {}).get("spec") or {}
    holder = str(spec.get("holderIdentity") or "")
    if lease is None or not holder:
        return None
    metadata: Mapping[str, Any] = lease["metadata"]
    notes = metadata.get("annotations") or {}
    renewed = time_of(str(spec.get("renewTime") or "")) or BEFORE_ALL
    return Held(
        run=_run(notes, holder),
        holder=holder,
        since=time_of(str(spec.get("acquireTime") or "")) or renewed,
        heard=_last_change(metadata) or renewed,
        expiry=int(spec.get("leaseDurationSeconds") or 0),
    )


def text_of(time: datetime) -> str:
    """As the API has times of Leases."""
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def time_of(text: str) -> Optional[datetime]:
    found = re.match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z$", text)
    return datetime.strptime(found[1], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc) if found else None


def _place(before: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    """The version makes the server refuse a change if somebody else came first."""
    place: Dict[str, Any] = {"name": LEASE.name, "namespace": LEASE.namespace}
    if before is not None:
        place["resourceVersion"] = before["metadata"]["resourceVersion"]
    return place


def _annotations(run: Run) -> Dict[str, str]:
    """Without what is empty."""
    process = run.process
    notes = {
        "owner": run.owner,
        "verb": run.verb,
        "identity": run.identity,
        "job": run.job,
        "template": run.template,
        "place": process.place,
        "pid": str(process.pid or ""),
        "started": process.started,
    }
    return {PREFIX + name: value for name, value in notes.items() if value}


def _run(notes: Mapping[str, Any], holder: str) -> Run:
    def note(name: str) -> str:
        return str(notes.get(PREFIX + name) or "")

    pid = note("pid")
    return Run(
        owner=note("owner") or holder,
        verb=note("verb"),
        identity=note("identity"),
        job=note("job"),
        template=note("template"),
        process=Process(note("place"), int(pid) if pid.isdigit() else 0, note("started")),
    )


def _last_change(metadata: Mapping[str, Any]) -> Optional[datetime]:
    """When this collection last wrote the object, by the clock of the server: those of two control nodes may differ."""
    times = [
        time_of(str(item.get("time") or ""))
        for item in metadata.get("managedFields") or ()
        if item.get("manager") == FIELD_MANAGER
    ]
    return max((time for time in times if time is not None), default=None)
