# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read of an MKE 3. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
NAMES = ("universal control plane", "mirantis kubernetes engine")


@dataclass(frozen=True)
class Backup:
    name: str
    state: str
    completed: Optional[datetime]


@dataclass(frozen=True)
class Mke3:
    """`cluster_config` is that section of the configuration file. `unread`: what could not be read, and why."""

    version: Tuple[int, ...] = ()
    cluster_config: Mapping[str, Any] = field(default_factory=dict)
    managers: Tuple[str, ...] = ()
    backups: Optional[Tuple[Backup, ...]] = None
    cert_managers: Optional[Tuple[str, ...]] = None
    unread: Mapping[str, str] = field(default_factory=dict)

    @property
    def version_text(self) -> str:
        return ".".join(str(number) for number in self.version)

    def to_dict(self) -> Dict[str, Any]:
        """For results of tasks, without the configuration file: it may hold secrets."""
        return {
            "version": self.version_text,
            "calico_kdd": self.cluster_config.get("calico_kdd") is True,
            "proxier": str(self.cluster_config.get("kube_proxy_mode") or ""),
            "managers": list(self.managers),
            "cert_managers": list(self.cert_managers or ()),
            "unread": dict(self.unread),
        }


def version_of(answer: Mapping[str, Any]) -> Tuple[int, ...]:
    """From what MKE 3 answers as a Docker engine does: `ucp/3.7.15`, or a component of its name."""
    texts: List[str] = [str(answer.get("Version") or "")]
    for component in answer.get("Components") or ():
        if str(component.get("Name", "")).lower() in NAMES:
            texts.insert(0, str(component.get("Version") or ""))
    for text in texts:
        found = _VERSION.search(text)
        # An engine's own version is no answer: 20.10.13, 23.0.8.
        if found is not None and found[1] == "3":
            return tuple(int(number) for number in found.groups())
    return ()


def managers_of(nodes: Iterable[Mapping[str, Any]]) -> Tuple[str, ...]:
    return tuple(
        str((node.get("Description") or {}).get("Hostname") or node.get("ID") or "unknown")
        for node in nodes
        if (node.get("Spec") or {}).get("Role") == "manager"
    )


def backups_of(items: Iterable[Mapping[str, Any]]) -> Tuple[Backup, ...]:
    return tuple(
        Backup(
            str(item.get("fileName") or item.get("id") or "unknown"),
            str(item.get("backupState") or ""),
            time_of(str(item.get("completed_at") or "")),
        )
        for item in items
    )


def time_of(text: str) -> Optional[datetime]:
    """MKE writes the year 1 for what did not happen yet."""
    found = re.match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)", text)
    if found is None or text.startswith("0001"):
        return None
    return datetime.strptime(found[1], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
