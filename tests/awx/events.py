# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of a job: AWX stores each in its database and sends it to every browser that looks on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Events:
    """The events of a job in their order, and the size of each in bytes."""

    events: Sequence[Mapping[str, Any]]
    sizes: Sequence[int]

    @property
    def count(self) -> int:
        return len(self.events)

    @property
    def largest(self) -> int:
        return max(self.sizes, default=0)

    def largest_task(self) -> str:
        """The task of the largest event, for messages."""
        if not self.sizes:
            return ""
        event = self.events[list(self.sizes).index(self.largest)]
        data = event.get("event_data") or {}
        return f"{event['event']} of {data.get('task') or data.get('play') or 'no task'!r}"

    def stats(self) -> Mapping[str, Any]:
        """What `set_stats` hands on to later jobs of a workflow."""
        for event in reversed(self.events):
            if event["event"] == "playbook_on_stats":
                return dict(event["event_data"].get("artifact_data") or {})
        return {}

    def hosts(self, field: str) -> Mapping[str, int]:
        """The counts of one kind (`changed`, `failures`, `dark`, ...) by host."""
        for event in reversed(self.events):
            if event["event"] == "playbook_on_stats":
                return dict(event["event_data"].get(field) or {})
        return {}

    def failed_hosts(self) -> Sequence[str]:
        """The hosts on which AWX relaunches a job: those that failed or were not reached."""
        return sorted({*self.hosts("failures"), *self.hosts("dark")})

    def changes(self) -> Sequence[str]:
        """The tasks that changed something."""
        done = [event for event in self.events if event["event"] in ("runner_on_ok", "runner_item_on_ok")]
        return [str(e["event_data"].get("task")) for e in done if e["event_data"].get("res", {}).get("changed")]

    def roles(self) -> Sequence[str]:
        """The roles of which a task was begun."""
        named = {str(event["event_data"].get("role") or "") for event in self.events}
        return sorted(name.rpartition(".")[2] for name in named if name)

    def failures(self) -> Sequence[str]:
        """The messages of the tasks that failed."""
        kinds = ("runner_on_failed", "runner_on_unreachable", "runner_item_on_failed")
        failed = [event["event_data"] for event in self.events if event["event"] in kinds]
        return [str(data.get("res", {}).get("msg", "")) for data in failed if not data.get("ignore_errors")]

    def of_task(self, name: str) -> Sequence[Mapping[str, Any]]:
        """The results of the tasks of this name."""
        done = [event["event_data"] for event in self.events if event["event"].startswith("runner_on_")]
        return [data.get("res", {}) for data in done if data.get("task") == name]


def read_events(folder: Path) -> Events:
    """The events that ansible-runner has left in a folder."""
    found = [(path, json.loads(path.read_text(encoding="utf-8"))) for path in folder.glob("*.json")]
    found.sort(key=lambda item: int(item[1]["counter"]))
    return Events([event for _path, event in found], [path.stat().st_size for path, _event in found])


def containing(secrets: Mapping[str, str], files: Sequence[Path]) -> Sequence[str]:
    """Where a secret is to be read: its name and the file."""
    return [
        f"{name} in {path.name}"
        for path in files
        for name, secret in secrets.items()
        if secret and secret in path.read_text(encoding="utf-8", errors="replace")
    ]
