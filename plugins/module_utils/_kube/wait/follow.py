# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows objects: one list, then a watch that is taken up again where it was cut.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api, Gone, Listing, Watch
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import (
    KubeError,
    NotReachable,
    NotServed,
    Refused,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Stream

# The API server ends a watch after so long; it is then taken up again.
WINDOW_SECONDS = 300
# Between two tries where there was nothing: short at first.
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 5.0

LISTED = "LISTED"
TROUBLE = "TROUBLE"
ENDED = "ENDED"
OPENED = "OPENED"
# What a watch tells only after everything that was there when it began.
_AFTER_THE_FIRST = frozenset(("MODIFIED", "DELETED", "BOOKMARK"))
_NOT_FOUND = 404


@dataclass(frozen=True)
class News:
    """What came through a stream: a whole list, an event, trouble that will pass, its end, the error that ended all.

    A list with a text is one of a kind that is not served.
    """

    stream: Stream
    kind: str
    objects: Sequence[Dict[str, Any]] = ()
    text: str = ""
    error: Optional[KubeError] = None


@dataclass
class Follower:
    """Follows one stream in a thread of its own."""

    api: Api
    stream: Stream
    inbox: queue.Queue[News]
    # Set when the first lists were not enough: a wait that is met at once costs no watch.
    go_on: threading.Event
    stop: threading.Event = field(default_factory=threading.Event)
    # Without a list: what there is comes through the watch. One request less, but nobody says when it is complete.
    watch_first: bool = False
    # How long a kind that is not served is let be.
    unserved_seconds: Optional[float] = None
    _watch: Optional[Watch] = None
    _in_trouble: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        name = f"follow {self.stream}"
        # Whoever waits may end before the server answers; the process must not be held up by that.
        threading.Thread(target=self.run, name=name, daemon=True).start()

    def end(self) -> None:
        self.stop.set()
        self.go_on.set()
        with self._lock:
            if self._watch is not None:
                self._watch.close()

    def run(self) -> None:
        try:
            for pause in self._rounds():
                self.stop.wait(pause)
        except KubeError as error:
            self._tell(News(self.stream, ENDED, error=error))

    def _rounds(self) -> Iterator[float]:
        """List and watch again and again; yields how long to rest."""
        pauses = Pauses()
        while not self.stop.is_set():
            yield from self._round(pauses)

    def _round(self, pauses: Pauses) -> Iterator[float]:
        try:
            version = self._begin()
            if version:
                pauses.reset()
                yield from self._follow(version)
        except Gone:
            self.watch_first = False
        except NotReachable as error:
            self._in_trouble = True
            self._tell(News(self.stream, TROUBLE, text=str(error)))
            yield pauses.next()
        except (NotServed, Refused) as error:
            if isinstance(error, Refused) and error.status != _NOT_FOUND:
                raise
            # There is nothing that could be watched yet.
            self._tell(News(self.stream, LISTED, text=f"it does not serve {self.stream.kind}"))
            self.go_on.wait()
            yield pauses.next() if self.unserved_seconds is None else self.unserved_seconds

    def _begin(self) -> str:
        """Tell of what there is; returns where to go on, empty where only a list can say that."""
        if self.watch_first:
            version = self._watch_once("")
            self.watch_first = False
            return version
        version = self._list()
        self.go_on.wait()
        return version

    def _list(self) -> str:
        listing = list_of(self.api, self.stream)
        if not listing.resource_version:
            raise NotServed(f"{self.stream.kind} is not served")
        items: List[Dict[str, Any]] = list(listing.items)
        self._tell(News(self.stream, LISTED, items))
        return str(listing.resource_version)

    def _follow(self, version: str) -> Iterator[float]:
        pauses = Pauses()
        while not self.stop.is_set():
            before = version
            version = self._watch_once(version)
            if version == before:
                # It ended with nothing in it: cut at once, or the end of a quiet window.
                yield pauses.next()
            else:
                pauses.reset()

    def _watch_once(self, version: str) -> str:
        """Pass events on until the watch ends; returns where to take it up."""
        events = self._open(version)
        try:
            for event in events:
                if self.stop.is_set():
                    break
                self._tell(News(self.stream, event.type, [event.object]))
                if version or event.type in _AFTER_THE_FIRST:
                    version = str((event.object.get("metadata") or {}).get("resourceVersion") or version)
        finally:
            with self._lock:
                self._watch = None
            events.close()
        return version

    def _open(self, version: str) -> Watch:
        events = self.api.watch(
            self.stream.kind,
            namespace=self.stream.namespace,
            name=self.stream.name,
            labels=self.stream.labels,
            fields=self.stream.fields,
            resource_version=version,
            timeout=WINDOW_SECONDS,
        )
        with self._lock:
            self._watch = events
        if self.stop.is_set():
            events.close()
        if self._in_trouble:
            # A quiet watch would not say that the trouble is over.
            self._in_trouble = False
            self._tell(News(self.stream, OPENED))
        return events

    def _tell(self, news: News) -> None:
        self.inbox.put(news)


def list_of(api: Api, stream: Stream) -> Listing:
    """What there is of a stream now."""
    fields = f"metadata.name={stream.name}" if stream.name else stream.fields
    return api.list(stream.kind, namespace=stream.namespace, labels=stream.labels, fields=fields)


class Pauses:
    """Grow while nothing comes of it."""

    def __init__(self) -> None:
        self._next = FIRST_PAUSE_SECONDS

    def next(self) -> float:
        now, self._next = self._next, min(self._next * 2, LONGEST_PAUSE_SECONDS)
        return now

    def reset(self) -> None:
        self._next = FIRST_PAUSE_SECONDS
