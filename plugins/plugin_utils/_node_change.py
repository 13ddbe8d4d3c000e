# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host's change from the first question to the last wait; what it is done with is given.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.errors import ReportedError
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.back import until_ready
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.cordon import cordon, uncordon
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.drain import drain, pods_to_move
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.objects import full_name, is_ready, node_ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.owners import Owner, until_back
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.wish import DrainWish
from ansible_collections.mke4k.core.plugins.plugin_utils._run_marks import RunMarks

# What a change does that the pods of a host notice.
DISRUPTIVE = frozenset(("restart", "stop", "reset"))
STAYS = (
    " The node stays cordoned; what is done already stays done. Mend the host and run again: the next success takes the"
    " cordon off."
)
Answer = dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """`node`: empty where the host has no Node. `restarts`: None asks k0s_node. `leads`: it is a controller."""

    host: str
    node: str
    version: str
    leads: bool = False
    until_ready: bool = True
    restarts: bool | None = None
    drain: DrainWish = field(default_factory=DrainWish)
    max_failures: int = 0
    pause: int = 0
    ready_timeout: int = 300
    dry_run: bool = False


class NodeChange:
    """`k0s_node`: runs that action, or only asks it what it would do."""

    def __init__(
        self,
        wish: Wish,
        api: Callable[[], Api | None],
        k0s_node: Callable[[bool], Answer],
        marks: RunMarks,
        progress: Callable[[str], None],
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._wish = wish
        self._api = api
        self._k0s_node = k0s_node
        self._marks = marks
        self._progress = progress
        self._now = now
        self._sleep = sleep
        self._at = "begin"
        self._steps: list[Answer] = []
        self._evicted: tuple[str, ...] = ()
        self._owners: tuple[Owner, ...] = ()
        self._drained = False
        self._uncordoned = False

    def run(self) -> Answer:
        failed = [host for host in self._marks.failed() if host != self._wish.host]
        if len(failed) > self._wish.max_failures and not self._wish.dry_run:
            return self._result(_refusal(self._wish.host, failed, self._wish.max_failures))
        succeeded = False
        try:
            answer = self._outcome()
            succeeded = not answer.get("failed")
        finally:
            # Also where the host went away in the middle.
            if not succeeded and not self._wish.dry_run:
                self._marks.has_failed(self._wish.host)
        return answer

    def _outcome(self) -> Answer:
        try:
            return self._result(self._changed())
        except ReportedError as error:
            stays = STAYS if self._at in ("ready", "uncordon") and self._drained else ""
            return self._result({"failed": True, **error.report(), "msg": f"{error}{stays}", "changed": self._drained})

    def _changed(self) -> Answer:
        restarts, asked = self._restarts()
        if asked is not None and (asked.get("failed") or self._wish.dry_run):
            return self._predicted(asked, restarts)
        if asked is not None and not asked.get("changed"):
            return self._nothing(asked)
        if restarts:
            self._drain()
        with self._step("change"):
            answer = self._k0s_node(False)
        if self._wish.leads:
            self._marks.forget_leaders()
        if answer.get("failed"):
            stays = STAYS if self._drained else ""
            return {**answer, "msg": f"{answer.get('msg', 'k0s_node failed without a message')}{stays}"}
        self._back(restarts)
        if answer.get("changed") or self._drained:
            self._rest()
        return answer

    def _restarts(self) -> tuple[bool, Answer | None]:
        """Whether pods would notice, and the answer of k0s_node where it was asked."""
        if self._wish.restarts is not None and not self._wish.dry_run:
            return self._wish.restarts, None
        with self._step("check"):
            asked = self._k0s_node(True)
        kinds = {str(change.get("kind")) for change in asked.get("changes") or ()}
        runs = bool((asked.get("node") or {}).get("running"))
        return bool(runs and kinds & DISRUPTIVE), asked

    def _predicted(self, asked: Answer, restarts: bool) -> Answer:
        if asked.get("failed") or not (restarts and self._wish.node):
            return asked
        api = self._api()
        if api is not None and api.get(node_ref(self._wish.node)) is not None:
            self._evicted = tuple(full_name(pod) for pod in pods_to_move(api, self._wish.node, self._wish.drain).moved)
        return asked

    def _nothing(self, asked: Answer) -> Answer:
        """An earlier run may have been ended between the change and the end of its cordon."""
        taken_off = self._take_off()
        return {**asked, "changed": taken_off}

    def _drain(self) -> None:
        api = self._api() if self._wish.node else None
        node = api.get(node_ref(self._wish.node)) if api is not None else None
        if api is None or node is None:
            return
        with self._step("drain"):
            if not is_ready(node):
                # Nobody there could end its pods; they run or not, whatever the API server is told.
                cordon(api, self._wish.node)
                self._drained = True
                return
            seen = self._marks.leaders_seen()
            done = drain(api, self._wish.node, self._wish.drain, self._progress, leaders_seen=seen)
            self._drained = True
            self._evicted, self._owners = done.evicted, done.owners
        if done.evicted and not seen:
            self._marks.have_seen_leaders()

    def _back(self, restarted: bool) -> None:
        api = self._api() if self._wish.node else None
        if api is None:
            return
        if self._wish.until_ready and (restarted or self._drained):
            with self._step("ready"):
                until_ready(api, self._wish.node, self._wish.version, self._wish.ready_timeout, self._progress)
        with self._step("uncordon"):
            self._take_off()
        if self._owners and self._wish.drain.owners_timeout > 0:
            with self._step("owners"):
                until_back(api, self._owners, self._wish.drain.owners_timeout)

    def _take_off(self) -> bool:
        api = self._api() if self._wish.node else None
        self._uncordoned = api is not None and uncordon(api, self._wish.node, self._wish.dry_run)
        return self._uncordoned

    def _rest(self) -> None:
        if self._wish.pause > 0:
            with self._step("pause"):
                self._sleep(self._wish.pause)

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        self._at = name
        begin = self._now()
        try:
            yield
        finally:
            self._steps.append({"name": name, "seconds": round(self._now() - begin, 3)})

    def _result(self, answer: Answer) -> Answer:
        stopped = {"stopped_at": self._at} if answer.get("failed") else {}
        changed = bool(answer.get("changed") or self._drained or self._uncordoned)
        return {
            **answer,
            **stopped,
            "changed": changed,
            "drained": self._drained,
            "evicted": list(self._evicted),
            "steps": self._steps,
        }


def _refusal(host: str, failed: list[str], most: int) -> Answer:
    allowed = f"; {most} may (max_failures)" if most else ""
    return {
        "failed": True,
        "changed": False,
        "not_begun": True,
        "msg": f"{host} was not changed: {', '.join(failed)} failed before it{allowed}. Mend that first, then run"
        " again; what is done already stays.",
    }
