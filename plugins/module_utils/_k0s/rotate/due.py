# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which certificates are due to be renewed. The plan and the host both ask here, so they cannot disagree.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Dict, List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import PlainData
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.certificates import (
    BY_HAND,
    BY_K0S,
    BY_KUBELET,
    TIME,
)

DAY = 86400.0
BEFORE_DAYS = 30.0
# Certificates that live shorter than usual are renewed in the last part of their life, else they would always be due.
# A kubelet renews its own when 70 to 90 percent of the life are over, so before the last tenth a restart is no help.
_LAST_PART = {BY_K0S: 1 / 3, BY_KUBELET: 1 / 10}


@dataclass(frozen=True)
class Policy(PlainData):
    """`issued_before`: renew what k0s issued before that time as well, in seconds since the epoch; 0 for none."""

    before_days: float = BEFORE_DAYS
    issued_before: float = 0.0


def seconds(text: str) -> float:
    """A time as certificates are told with, in seconds since the epoch."""
    return datetime.strptime(text, TIME).replace(tzinfo=timezone.utc).timestamp()


def days_left(certificate: Mapping[str, Any], now: float) -> int:
    """Whole days until it ends, negative when it has ended."""
    return int((seconds(certificate["not_after"]) - now) // DAY)


def has_ended(certificate: Mapping[str, Any], now: float) -> bool:
    return seconds(certificate["not_after"]) <= now


def is_lost(certificate: Mapping[str, Any], now: float) -> bool:
    """Whether it is a kubelet's way into the cluster and has ended: nothing lets that kubelet ask for another."""
    of_client = "kubelet-client" in certificate["path"]
    return of_client and certificate.get("renewed_by") == BY_KUBELET and has_ended(certificate, now)


def reason(certificate: Mapping[str, Any], policy: Policy, now: float) -> str:
    """Why it is due; empty when it is not, and for those that only a person can renew."""
    renewer = certificate.get("renewed_by")
    if renewer not in _LAST_PART:
        return ""
    begin, end = seconds(certificate["not_before"]), seconds(certificate["not_after"])
    if end <= now:
        return "" if is_lost(certificate, now) else f"ended {certificate['not_after']}"
    if end - now <= min(policy.before_days * DAY, (end - begin) * _LAST_PART[renewer]):
        return f"ends in {days_left(certificate, now)} days"
    if renewer == BY_K0S and issued(certificate) < policy.issued_before:
        asked = datetime.fromtimestamp(policy.issued_before, timezone.utc).strftime(TIME)
        return f"was issued before {asked}"
    return ""


def issued(certificate: Mapping[str, Any]) -> float:
    """When it was issued: they are dated back by minutes, but their file is written at that moment."""
    return max(float(certificate.get("written") or 0.0), seconds(certificate["not_before"]))


def due(certificates: Sequence[Mapping[str, Any]], policy: Policy, now: float) -> List[Dict[str, Any]]:
    """The certificates that are due, each with its `reason`."""
    found = [{**item, "reason": reason(item, policy, now)} for item in certificates]
    return [item for item in found if item["reason"]]


def etcd_has_ended(certificates: Sequence[Mapping[str, Any]], now: float) -> bool:
    """Whether etcd on this host cannot work any more: its peers, or its clients, refuse what has ended."""
    return any(
        ("/pki/etcd/" in item["path"] or "etcd-client" in item["path"])
        and item.get("renewed_by") != BY_HAND
        and has_ended(item, now)
        for item in certificates
    )
