# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report about all certificates of a cluster, and the order in which hosts renew theirs.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.text_table import text_table
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, NodeState, PlainData
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.certificates import BY_HAND
from ansible_collections.mke4k.core.plugins.module_utils._k0s.rotate.due import (
    Policy,
    days_left,
    due,
    etcd_has_ended,
    is_lost,
    reason,
)

# To replace an authority takes planning; a year is enough for it.
AUTHORITY_DAYS = 365


@dataclass(frozen=True)
class Holder:
    """One host with its certificates; `now` is the time there."""

    name: str
    spec: NodeSpec
    state: NodeState
    now: float

    def due(self, policy: Policy) -> List[Dict[str, Any]]:
        return due(self.state.certificates, policy, self.now)

    @property
    def leads_etcd(self) -> bool:
        return bool(self.state.etcd and self.state.etcd.get("leader"))

    @property
    def etcd_has_ended(self) -> bool:
        return self.spec.is_controller and etcd_has_ended(self.state.certificates, self.now)


@dataclass(frozen=True)
class Wave(PlainData):
    """Hosts that restart k0s at the same time. `needs` and `at_once` as in the waves of an installation."""

    title: str
    hosts: Tuple[str, ...]
    needs: Tuple[str, ...] = ()
    at_once: int = 0


def report(holders: Sequence[Holder], policy: Policy) -> List[Dict[str, Any]]:
    """Every certificate of every host, the one that ends first at the front."""
    rows = [
        {
            **item,
            "host": holder.name,
            "days_left": days_left(item, holder.now),
            "reason": reason(item, policy, holder.now),
        }
        for holder in holders
        for item in holder.state.certificates
    ]
    return sorted(rows, key=lambda row: (row["not_after"], row["host"], row["path"]))


def table(rows: Sequence[Mapping[str, Any]]) -> List[str]:
    """The report as people read it."""
    shown: List[Sequence[str]] = [("HOST", "CERTIFICATE", "SUBJECT", "ENDS", "DAYS LEFT", "RENEWED BY", "DUE")]
    columns = ("host", "path", "subject", "not_after", "days_left", "renewed_by", "reason")
    shown += [tuple(str(row[column]) for column in columns) for row in rows]
    return text_table(shown)


def summary(rows: Sequence[Mapping[str, Any]]) -> List[str]:
    """Of every host the certificate that ends first."""
    first: Dict[str, Mapping[str, Any]] = {}
    for row in rows:
        first.setdefault(row["host"], row)
    shown = [("HOST", "FIRST TO END", "ENDS", "DAYS LEFT")]
    shown += [(row["host"], row["path"], row["not_after"], str(row["days_left"])) for row in first.values()]
    return text_table(shown)


def reminders(rows: Sequence[Mapping[str, Any]], before_days: float) -> Iterator[Finding]:
    """One warning for each host with certificates that end soon."""
    ending: Dict[str, List[Mapping[str, Any]]] = {}
    for row in rows:
        if row["days_left"] < before_days:
            ending.setdefault(row["host"], []).append(row)
    for host, items in ending.items():
        first = items[0]
        more = f" and {len(items) - 1} more" if len(items) > 1 else ""
        when = f"has ended {first['not_after']}" if first["days_left"] < 0 else f"ends in {first['days_left']} days"
        yield Finding(
            "warning",
            "certificate-ends",
            f"host {host}",
            f"{first['path']} {when}{more}",
            "renew them with mke4k.core.rotate_certificates",
        )


def waves(holders: Sequence[Holder], policy: Policy, disruption: int) -> List[Wave]:
    """Controllers one at a time with etcd's leader last, then workers in a window.

    Controllers whose etcd certificates have ended come first and together: none of them can serve without the others.
    """
    pending = [holder for holder in holders if holder.due(policy) and _is_in_reach(holder)]
    controllers = [holder for holder in pending if holder.spec.is_controller]
    dead = [holder.name for holder in controllers if holder.etcd_has_ended]
    found = [Wave(f"Bring back {', '.join(dead)} together", tuple(dead))] if dead else []
    alive = sorted((holder for holder in controllers if not holder.etcd_has_ended), key=lambda item: item.leads_etcd)
    done = list(dead)
    for holder in alive:
        found.append(Wave(f"Renew the certificates of {holder.name}", (holder.name,), needs=tuple(done)))
        done.append(holder.name)
    workers = tuple(holder.name for holder in pending if not holder.spec.is_controller)
    if workers:
        found.append(Wave(f"Renew the certificates of {', '.join(workers)}", workers, at_once=disruption))
    return found


def _is_in_reach(holder: Holder) -> bool:
    return holder.state.running is not None


def text(holders: Sequence[Holder], policy: Policy, planned: Sequence[Wave]) -> List[str]:
    """What would be renewed, in order."""
    if not planned:
        return [f"No certificate is due on {len(holders)} hosts."]
    lines = []
    for holder in holders:
        pending = holder.due(policy)
        if pending and _is_in_reach(holder):
            lines.append(f"{holder.name} ({holder.spec.role}): {_count(len(pending))} due")
            lines += _by_reason(pending)
    steps = [f"{wave.title}, {wave.at_once} at a time" if wave.at_once else wave.title for wave in planned]
    return [*lines, "In this order:", *(f"  {number}. {step}" for number, step in enumerate(steps, 1))]


def _count(number: int) -> str:
    return "1 certificate is" if number == 1 else f"{number} certificates are"


def _by_reason(pending: Sequence[Mapping[str, Any]]) -> List[str]:
    names: Dict[str, List[str]] = {}
    for item in pending:
        names.setdefault(item["reason"], []).append(os.path.basename(item["path"]))
    return [f"  {why}: {', '.join(listed)}" for why, listed in names.items()]


def findings(holders: Sequence[Holder], policy: Policy) -> Iterator[Finding]:
    """What a restart cannot renew."""
    for holder in holders:
        where = f"host {holder.name}"
        for item in holder.state.certificates:
            if item["renewed_by"] == BY_HAND and days_left(item, holder.now) < AUTHORITY_DAYS:
                yield Finding(
                    "warning",
                    "certificate-authority-ends",
                    where,
                    f"{item['path']} ends {item['not_after']}, in {days_left(item, holder.now)} days",
                    "an authority is not renewed by a restart: plan its replacement as the documentation of k0s says",
                )
            if is_lost(item, holder.now):
                yield Finding(
                    "error",
                    "kubelet-certificate-ended",
                    where,
                    f"{item['path']} ended {item['not_after']}, so its kubelet can ask for no new one any more",
                    "remove the host from the cluster and add it again; waived, it is left as it is",
                )
        if holder.due(policy) and not _is_in_reach(holder):
            yield Finding(
                "warning",
                "k0s-not-running",
                where,
                "has certificates that are due, but k0s does not run there",
                "start it with mke4k.core.install; a controller renews its certificates when it starts",
            )
