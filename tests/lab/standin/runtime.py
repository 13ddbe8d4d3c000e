# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine room: controllers that are called for their objects until the cluster is as they want it.

Each controller has one thread and a queue of keys. Watches put keys into it; `reconcile` reads what there is, does what
is missing, and says when it wants to be called again. It never relies on having seen an event.
"""

from __future__ import annotations

import itertools
import sys
import threading
import time
import zlib
from typing import Callable, Dict, Iterable, List, Optional, Sequence, Tuple

from .api import Api, ApiError, Object, Unreachable, Watched
from .faults import WATCHED as FAULTS, Faults, read_faults
from .progress import Progress

RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0)
# How long a watch waits before it looks again for a kind that is not served yet.
NOT_SERVED_SECONDS = 1.0


class Controller:
    """What an operator does. `key` is whatever `keys` makes of the objects that are watched."""

    name = ""
    watches: Sequence[Watched] = ()
    # How many keys are worked on at once; one key always by one.
    workers = 1
    reads_faults = True

    def __init__(self, api: Api, progress: Progress) -> None:
        self.api = api
        self.progress = progress
        self.faults = Faults()

    def keys(self, watched: Watched, item: Object) -> Iterable[str]:
        """The keys to reconcile after an event. One for all is enough where there is one object of a kind."""
        return ("",)

    def hear(self, watched: Watched, event: str, item: Object) -> None:
        """An event (ADDED, MODIFIED, DELETED) before its keys are reconciled; for those who keep what they saw."""

    def hear_all(self, watched: Watched, items: Sequence[Object]) -> None:
        """A whole list, with which a watch begins: what is not in it is gone."""

    def reconcile(self, key: str) -> Optional[float]:
        """Brings the cluster nearer to what this operator makes of it.

        May say in how many seconds it wants to be called again; else its `progress` does.
        """
        raise NotImplementedError


class Queue:
    """Keys with the time from which on they are due; a key is in it once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: Dict[str, float] = {}
        self._changed = threading.Condition()
        self._closed = False

    def add(self, key: str, delay: float = 0.0) -> None:
        with self._changed:
            due = self._clock() + delay
            self._due[key] = min(due, self._due.get(key, due))
            self._changed.notify()

    def get(self) -> Optional[str]:
        """The next key that is due; None when the queue was closed."""
        with self._changed:
            while not self._closed:
                now = self._clock()
                key = min(self._due, key=lambda name: self._due[name], default=None)
                if key is not None and self._due[key] <= now:
                    del self._due[key]
                    return key
                self._changed.wait(None if key is None else self._due[key] - now)
            return None

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class Runtime:
    """Runs controllers until it is stopped."""

    def __init__(self, api: Api, controllers: Sequence[Controller], log: Callable[[str], None]) -> None:
        self._api = api
        self._log = log
        self._stopping = threading.Event()
        self._threads: List[threading.Thread] = []
        self._queues = {controller: [Queue() for _each in range(controller.workers)] for controller in controllers}
        self._failures: Dict[Tuple[str, str], int] = {}

    def start(self) -> None:
        watched: Dict[Watched, List[Controller]] = {}
        for controller, queues in self._queues.items():
            for queue in queues:
                self._spawn(self._work, controller, queue)
            for item in (*controller.watches, *([FAULTS] if controller.reads_faults else [])):
                watched.setdefault(item, []).append(controller)
        for item, controllers in watched.items():
            self._spawn(self._follow, item, controllers)

    def stop(self) -> None:
        """Ends all work."""
        self._stopping.set()
        self._api.end_watches()
        for queue in itertools.chain.from_iterable(self._queues.values()):
            queue.close()
        for thread in self._threads:
            thread.join(timeout=15)

    def _spawn(self, function: Callable[..., None], *arguments: object) -> None:
        name = f"{function.__name__.strip('_')} {arguments[0]}"
        thread = threading.Thread(target=function, args=arguments, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self, controller: Controller, queue: Queue) -> None:
        if queue is self._queue(controller, ""):
            queue.add("")
        while True:
            key = queue.get()
            if key is None:
                return
            delay = self._reconciled(controller, key)
            if delay is not None:
                queue.add(key, delay)

    def _reconciled(self, controller: Controller, key: str) -> Optional[float]:
        """When the controller wants to be called again for the key."""
        place = (controller.name, key)
        try:
            if controller.reads_faults:
                controller.faults = read_faults(self._api)
            controller.progress.begin()
            asked = controller.reconcile(key)
        except (ApiError, Unreachable) as error:
            tried = self._failures.get(place, 0)
            self._failures[place] = tried + 1
            if tried in {0, 5} or tried % 60 == 59:
                self._log(f"{controller.name} {key}: {error} (try {tried + 1})")
            return RETRY_SECONDS[min(tried, len(RETRY_SECONDS) - 1)]
        self._failures.pop(place, None)
        return controller.progress.next_look() if asked is None else asked

    def _queue(self, controller: Controller, key: str) -> Queue:
        queues = self._queues[controller]
        return queues[zlib.crc32(key.encode()) % len(queues)]

    def _follow(self, watched: Watched, controllers: Sequence[Controller]) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self._follow_once(watched, controllers))

    def _follow_once(self, watched: Watched, controllers: Sequence[Controller]) -> float:
        """Lists and watches until something ends it; returns the seconds after which to begin anew."""
        try:
            self._listed_and_watched(watched, controllers)
        except ApiError as error:
            return NOT_SERVED_SECONDS if error.status == 404 else RETRY_SECONDS[0]
        except Unreachable:
            return RETRY_SECONDS[-1]
        return 0

    def _listed_and_watched(self, watched: Watched, controllers: Sequence[Controller]) -> None:
        items, version = self._api.listing(watched)
        for controller in controllers:
            controller.hear_all(watched, items)
        for item in items:
            self._tell(watched, controllers, item)
        while not self._stopping.is_set():
            for event, item in self._api.watch(watched, version):
                version = item["metadata"]["resourceVersion"]
                for controller in controllers:
                    controller.hear(watched, event, item)
                self._tell(watched, controllers, item)

    def _tell(self, watched: Watched, controllers: Sequence[Controller], item: Object) -> None:
        for controller in controllers:
            for key in controller.keys(watched, item):
                self._queue(controller, key).add(key)


def to_stderr(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)
