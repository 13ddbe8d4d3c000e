# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Empties a node through the eviction API, so that no budget of disruptions is broken.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, Refused, TimedOut
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes import leaders, owners
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.cordon import cordon, uncordon
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.objects import (
    POD,
    full_name,
    is_leaving,
    some,
    uid_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.pods import Sorted, sort
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.wish import DrainWish
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

# How long the components that replace pods may be away, as after a controller's restart.
LEADERS_SECONDS = 60.0
# A budget is asked again so often.
_ASK_AGAIN = 0.5
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 1.0
_GONE, _CONFLICT, _TOO_MANY = 404, 409, 429
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Drained:
    """What a drain did. `cordoned`: it cordoned the node, which nobody had done before."""

    cordoned: bool
    evicted: Tuple[str, ...]
    owners: Tuple[owners.Owner, ...] = ()


def drain(
    api: Api,
    name: str,
    wish: DrainWish,
    progress: Optional[Progress] = None,
    leaders_seen: bool = False,
) -> Drained:
    """Cordons the node and moves its pods. A failure takes the cordon off again.

    `leaders_seen`: somebody has seen a moment ago that pods are made and placed.
    """
    seen = {} if leaders_seen else leaders.first_look(api)
    cordoned = cordon(api, name)
    try:
        found = pods_to_move(api, name, wish)
        _refuse(name, found)
        owned = owners.owners_of(api, found.moved)
        if found.moved:
            leaders.until_renewed(api, seen, LEADERS_SECONDS)
            _Eviction(api, name, wish, progress).run(found.moved)
    except KubeError as error:
        raise type(error)(f"{error} {_taken_off(api, name)}", **error.details) from error
    return Drained(cordoned, tuple(map(full_name, found.moved)), owned)


def _taken_off(api: Api, name: str) -> str:
    """Lets the node work again after a failed drain; how that went."""
    try:
        changed = uncordon(api, name)
    except KubeError as error:
        return f"The node is still cordoned, as that could not be undone either: {error}"
    return "The node is not cordoned any more." if changed else "The node is cordoned by somebody else, as before."


def pods_to_move(api: Api, name: str, wish: DrainWish) -> Sorted:
    return sort(pods_of(api, name, wish.pod_selector), wish)


def pods_of(api: Api, name: str, labels: str = "") -> List[Dict[str, Any]]:
    return api.list(POD, labels=labels, fields=f"spec.nodeName={name}").items


def _refuse(name: str, found: Sorted) -> None:
    if not found.refused:
        return
    reasons = []
    if found.bare:
        reasons.append(f"nobody would make these pods anew: {some(list(found.bare))} (drain.force removes them)")
    if found.with_data:
        reasons.append(
            f"these have data in an emptyDir: {some(list(found.with_data))} (drain.delete_emptydir_data gives it up)"
        )
    raise KubeError(f"Node {name} was not drained, no pod was moved: {'; '.join(reasons)}.")


class _Eviction:
    """Asks for every pod until it may go, and waits until all of them are gone."""

    def __init__(self, api: Api, name: str, wish: DrainWish, progress: Optional[Progress]) -> None:
        self._api = api
        self._name = name
        self._wish = wish
        self._progress = progress
        self._asked: Dict[str, float] = {}
        self._leaving: Dict[str, float] = {}
        self._refusals: Dict[str, str] = {}
        self._said: str = ""

    def run(self, pods: Tuple[Dict[str, Any], ...]) -> None:
        clock = self._api.clock
        begin = clock.now()
        wanted = {uid_of(pod) for pod in pods}
        left: List[Dict[str, Any]] = list(pods)
        pause = _FIRST_PAUSE
        while left:
            for pod in left:
                self._ask(pod, clock.now())
            clock.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)
            left = self._still_there(wanted)
            if left and clock.now() - begin >= self._wish.timeout:
                raise self._timed_out(left)
            self._tell(left)

    def _ask(self, pod: Mapping[str, Any], now: float) -> None:
        uid = uid_of(pod)
        if is_leaving(pod):
            self._leaving.setdefault(uid, now)
            self._refusals.pop(uid, None)
            return
        if uid in self._leaving or now - self._asked.get(uid, now - _ASK_AGAIN) < _ASK_AGAIN:
            return
        self._asked[uid] = now
        grace = self._wish.grace_period if self._wish.grace_period >= 0 else None
        try:
            self._api.evict(Ref.of({**pod, "apiVersion": "v1", "kind": "Pod"}), uid, grace)
        except Refused as error:
            if not _may_pass(error):
                raise
            self._refusals[uid] = " ".join([str(error), *error.causes])
        else:
            self._refusals.pop(uid, None)
            self._leaving[uid] = now

    def _still_there(self, wanted: Any) -> List[Dict[str, Any]]:
        """The wanted pods that are there yet. New ones that tolerate the cordon are not ours to move."""
        patience, now = self._wish.skip_wait_for_delete_timeout, self._api.clock.now()
        found = []
        for pod in pods_of(self._api, self._name, self._wish.pod_selector):
            since = self._leaving.get(uid_of(pod), now)
            given_up = patience > 0 and is_leaving(pod) and now - since >= patience
            if uid_of(pod) in wanted and not given_up:
                found.append(pod)
        return found

    def _tell(self, left: List[Dict[str, Any]]) -> None:
        blocked = [full_name(pod) for pod in left if uid_of(pod) in self._refusals]
        text = f"{self._name}: budgets do not let go yet of {some(sorted(blocked))}" if blocked else ""
        if text and text != self._said and self._progress is not None:
            self._progress(text)
        self._said = text

    def _timed_out(self, left: List[Dict[str, Any]]) -> TimedOut:
        lines = [f"{full_name(pod)}: {self._refusals.get(uid_of(pod), 'evicted, but not gone yet')}" for pod in left]
        listed = "".join(f"\n  {line}" for line in lines[:10])
        return TimedOut(
            f"After {self._wish.timeout} s Node {self._name} of {self._api.server} still has {len(left)} of the pods"
            f" that were to be moved:{listed}\nLet their PodDisruptionBudgets allow a disruption, see why pods do not"
            " end, or raise drain.timeout; then run again.",
            lacking=lines,
        )


def _may_pass(error: Refused) -> bool:
    """The pod is gone or another one by now, its budget may allow it later, or its namespace ends with all in it."""
    return error.status in (_GONE, _CONFLICT, _TOO_MANY) or "is being terminated" in str(error)
