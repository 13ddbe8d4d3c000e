# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for many objects of many kinds at once, by watches and not by asking again and again.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import queue
import threading
import time
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, TimedOut, WaitFailed
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Board, Lack, Stream, Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.explain import explain
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.follow import (
    ENDED,
    LISTED,
    TROUBLE,
    Follower,
    News,
    list_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.progress import Reporter, duration

Explainer = Callable[[Api, str], List[str]]
Progress = Callable[[str], None]
# How long the inbox is waited for before the clock is looked at again.
_SLICE_SECONDS = 1.0


def wait_all(
    api: Api,
    wanted: Iterable[Wanted],
    timeout: float,
    progress: Optional[Progress] = None,
    clock: Callable[[], float] = time.monotonic,
    explain_in: Optional[Sequence[str]] = None,
    explainer: Explainer = explain,
) -> Dict[Ref, Dict[str, Any]]:
    """The objects, once all of them pass their checks at the same time.

    Raises WaitFailed as soon as a check says that waiting is of no use, and TimedOut with what is missing in the
    objects' own words; both look for causes in `explain_in` (default: the namespaces of the objects).
    """
    wait = _Wait(api, Board(wanted), timeout, progress, clock)
    if not wait.board.wanted:
        return {}
    try:
        return wait.run()
    except (WaitFailed, TimedOut) as error:
        namespaces = wait.board.namespaces() if explain_in is None else explain_in
        causes = [line for namespace in namespaces for line in explainer(api, namespace)] if wait.is_reachable else []
        raise type(error)(_with_causes(str(error), causes), **{**error.details, "causes": causes}) from error


def look(api: Api, wanted: Iterable[Wanted]) -> Tuple[Dict[Ref, Dict[str, Any]], List[str]]:
    """The objects as they are now, and what they lack; nothing is waited for."""
    board = Board(wanted)
    for stream in board.streams:
        board.replace(stream, list_of(api, stream).items)
    return board.objects(), [str(lack) for lack in board.lacking()]


class _Wait:
    """One wait from its first list to its end."""

    def __init__(
        self, api: Api, board: Board, timeout: float, progress: Optional[Progress], clock: Callable[[], float]
    ) -> None:
        self.board = board
        self._timeout = timeout
        self._progress = progress
        self._clock = clock
        self._start = clock()
        self._reporter = Reporter(self._start)
        self._inbox: queue.Queue[News] = queue.Queue()
        self._go_on = threading.Event()
        self._followers = [Follower(api, stream, self._inbox, self._go_on) for stream in board.streams]
        self._unseen: Set[Stream] = set(board.streams)
        self._troubles: Dict[Stream, str] = {}

    @property
    def is_reachable(self) -> bool:
        """Whether the API server answered when it was asked last."""
        return not self._troubles and not self._unseen

    def run(self) -> Dict[Ref, Dict[str, Any]]:
        for follower in self._followers:
            follower.start()
        try:
            while not self._is_done():
                self._receive()
        finally:
            for follower in self._followers:
                follower.end()
        return self.board.objects()

    def _is_done(self) -> bool:
        lacking = self._lacking()
        if not lacking:
            return True
        now = self._clock()
        self._say(lacking, now)
        if now - self._start >= self._timeout:
            return self._is_done_at_last()
        if not self._unseen:
            self._go_on.set()
        return False

    def _is_done_at_last(self) -> bool:
        """What has come up to the deadline counts."""
        self._drain()
        lacking = self._lacking()
        if lacking:
            raise self._timed_out(lacking)
        return True

    def _lacking(self) -> List[Lack]:
        failed = self.board.failed()
        if failed:
            raise WaitFailed(
                _listed(f"Waiting ended after {self._waited()}, it can't succeed any more", failed),
                lacking=[str(lack) for lack in failed],
            )
        silent = [Lack(str(stream), self._troubles.get(stream, "no answer yet")) for stream in self._ordered_unseen()]
        return silent or self.board.lacking()

    def _ordered_unseen(self) -> List[Stream]:
        return [stream for stream in self.board.streams if stream in self._unseen]

    def _receive(self) -> None:
        """Take in everything that has come; wait for it, but not beyond the deadline."""
        left = self._start + self._timeout - self._clock()
        try:
            self._take(self._inbox.get(timeout=max(0.0, min(left, _SLICE_SECONDS))))
        except queue.Empty:
            return
        self._drain()

    def _drain(self) -> None:
        while not self._inbox.empty():
            self._take(self._inbox.get_nowait())

    def _take(self, news: News) -> None:
        if news.kind == ENDED:
            raise news.error or KubeError(f"{news.stream} can't be followed any more")
        if news.kind == TROUBLE:
            self._troubles[news.stream] = news.text
            return
        self._troubles.pop(news.stream, None)
        if news.kind == LISTED:
            self._unseen.discard(news.stream)
            self.board.replace(news.stream, news.objects)
            return
        for manifest in news.objects:
            self.board.take(news.stream, news.kind, manifest)

    def _say(self, lacking: List[Lack], now: float) -> None:
        if self._progress is None or self._unseen:
            return
        line = self._reporter.line(now, lacking, len(self.board.verdicts()))
        if line:
            self._progress(line)

    def _timed_out(self, lacking: List[Lack]) -> TimedOut:
        title = f"After {self._waited()} not everything is as it should be"
        text = _listed(title, lacking)
        for trouble in sorted(set(self._troubles.values())):
            text += f"\n  The API server could not be asked: {trouble}"
        return TimedOut(text, lacking=[str(lack) for lack in lacking])

    def _waited(self) -> str:
        return duration(self._clock() - self._start)


def _listed(title: str, lacking: Sequence[Lack]) -> str:
    if len(lacking) == 1:
        return f"{title}: {lacking[0]}"
    return "\n".join([f"{title}:", *(f"  {lack}" for lack in lacking)])


def _with_causes(text: str, causes: Sequence[str]) -> str:
    if not causes:
        return text
    return "\n".join([text, "What the cluster says about it:", *(f"  {line}" for line in causes)])
