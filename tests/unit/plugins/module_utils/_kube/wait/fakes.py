# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API server for waits: lists and watches come from a script, and time passes where the script says so."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Tuple, Union

from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind

Manifest = Dict[str, Any]


class Listing(NamedTuple):
    items: List[Manifest]
    resource_version: str


class Event(NamedTuple):
    type: str
    object: Manifest


class Time:
    """Stands still until somebody moves it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


# What a list or a watch does, in turn: an error, a function that is called, or what there is.
Step = Union[Exception, Callable[[], Any], Any]


class Watching:
    """A watch: its events, then silence until somebody closes it, unless it ends by itself."""

    def __init__(self, steps: List[Step], ends: bool) -> None:
        self._steps = steps
        self._ends = ends
        self.closed = threading.Event()

    def __iter__(self) -> Iterator[Event]:
        for step in self._steps:
            if isinstance(step, Exception):
                raise step
            if callable(step):
                step()
                yield Event("BOOKMARK", {})
            else:
                yield step
        if not self._ends:
            self.closed.wait()

    def close(self) -> None:
        self.closed.set()


@dataclass
class FakeApi:
    lists: Dict[str, List[Step]] = field(default_factory=lambda: defaultdict(list))
    watches: Dict[str, List[Tuple[List[Step], bool]]] = field(default_factory=lambda: defaultdict(list))
    asked: List[str] = field(default_factory=list)
    opened: List[Watching] = field(default_factory=list)

    def list(self, kind: Kind, namespace: str = "", labels: str = "", fields: str = "") -> Listing:
        self.asked.append(f"list {kind.kind} {namespace} {labels} {fields}".strip())
        step = self.lists[kind.kind].pop(0) if len(self.lists[kind.kind]) > 1 else self.lists[kind.kind][0]
        if isinstance(step, Exception):
            raise step
        found: Listing = step() if callable(step) else step
        return found

    def watch(self, kind: Kind, resource_version: str = "", **options: Any) -> Watching:
        self.asked.append(f"watch {kind.kind} {resource_version}".strip())
        scripted = self.watches[kind.kind]
        steps, ends = scripted.pop(0) if scripted else ([], False)
        self.opened.append(Watching(steps, ends))
        return self.opened[-1]
