# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The watches that children are followed by: one for each kind, the deeper kinds only when they are needed.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import queue
import threading
from collections import OrderedDict
from typing import Dict, List, Sequence, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.follow.families import EVENT, Families
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    AWS_CLUSTER,
    AWS_MACHINE,
    CLUSTER,
    CLUSTER_DEPLOYMENT,
    CLUSTER_NAME_LABEL,
    CONTROL_PLANE,
    GONE,
    HELM_RELEASE,
    MACHINE,
    MACHINE_DEPLOYMENT,
    PAUSED,
    Child,
    Family,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Stream
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.follow import (
    ENDED,
    LISTED,
    OPENED,
    TROUBLE,
    Follower,
    News,
)

DEEP: Tuple[Kind, ...] = (
    HELM_RELEASE,
    CLUSTER,
    AWS_CLUSTER,
    CONTROL_PLANE,
    MACHINE_DEPLOYMENT,
    MACHINE,
    AWS_MACHINE,
    EVENT,
)
# A provider that is not installed (yet) is looked for so often.
UNSERVED_SECONDS = 30.0
# More names than this make a selector that is longer than what it saves.
_SELECTED = 50
_OWN_NAMES = frozenset((CLUSTER_DEPLOYMENT, HELM_RELEASE, CLUSTER))
_LABELLED = frozenset((MACHINE_DEPLOYMENT, MACHINE, AWS_MACHINE))


class Streams:
    """Keeps the families of all children up to date until it is closed."""

    def __init__(self, api: Api, children: Sequence[Child], goal: str, root_kind: Kind) -> None:
        self._api = api
        self._goal = goal
        self._root_kind = root_kind
        self._names: Dict[str, List[str]] = OrderedDict()
        for child in children:
            self._names.setdefault(child.namespace, []).append(child.name)
        self._families = {namespace: Families(names) for namespace, names in self._names.items()}
        self._inbox: queue.Queue[News] = queue.Queue()
        self._followers: List[Follower] = []
        # Lists come first where they decide: a child that is gone already costs no watch.
        self._go_on = threading.Event()
        # Of these it is known what there was when they began.
        self._complete: Set[Stream] = set()
        self._troubles: Dict[Stream, str] = {}
        self._lost: Set[Stream] = set()
        # Why kinds that decide nothing could not be looked at.
        self._unseen: Set[str] = set()
        self.is_deep = False

    @property
    def surface(self) -> List[Kind]:
        """The kinds that decide whether a child is at its goal."""
        if self._goal == GONE:
            return list(OrderedDict.fromkeys((self._root_kind, CLUSTER_DEPLOYMENT, CLUSTER)))
        if self._goal == PAUSED:
            return [self._root_kind, CLUSTER]
        return list(OrderedDict.fromkeys((self._root_kind, CLUSTER_DEPLOYMENT)))

    def open(self) -> None:
        # That something is gone is only known from a list.
        if self._goal != GONE:
            self._go_on.set()
        self._start(self.surface, watch_first=self._goal != GONE)

    def deepen(self) -> None:
        """Look at everything the children have become."""
        self._go_on.set()
        if not self.is_deep:
            self.is_deep = True
            self._start([kind for kind in DEEP if kind not in self.surface], watch_first=True)

    def close(self) -> None:
        for follower in self._followers:
            follower.end()

    def family(self, child: Child) -> Family:
        return self._families[child.namespace].families[child.name]

    def changed(self) -> Set[Tuple[str, str]]:
        """Namespaces and names of the children whose objects have changed since the last call."""
        return {(namespace, name) for namespace, found in self._families.items() for name in found.changed()}

    def unknown(self, namespace: str) -> List[Kind]:
        """The deciding kinds of which nobody could tell yet what there is."""
        known = {stream.kind for stream in self._complete if stream.namespace == namespace}
        return [kind for kind in self.surface if kind not in known]

    def troubles_in_words(self) -> List[str]:
        """What nobody could look at, and why."""
        # A provider that is not installed is no trouble; one whose webhook is down is.
        told = [stream for stream in self._troubles if stream.kind in self.surface or stream in self._lost]
        troubles = {self._troubles[stream] for stream in told}
        weather = [f"The API server could not be asked: {text}" for text in sorted(troubles)]
        return [*weather, *sorted(self._unseen)]

    @property
    def is_reachable(self) -> bool:
        """Whether the deciding kinds were answered of late: while they are not, nothing that lasts says anything."""
        return not any(stream.kind in self.surface for stream in self._lost)

    @property
    def is_complete(self) -> bool:
        """Whether it is known of all deciding kinds what there is."""
        return not any(self.unknown(namespace) for namespace in self._names)

    def receive(self, seconds: float) -> None:
        """Take in what has come; wait that long for something. Raises the error that ends a deciding kind."""
        try:
            self._take(self._inbox.get(timeout=max(seconds, 0.0)))
        except queue.Empty:
            return
        self.drain()

    def drain(self) -> None:
        while not self._inbox.empty():
            self._take(self._inbox.get_nowait())

    def _start(self, kinds: Sequence[Kind], watch_first: bool) -> None:
        for namespace, names in self._names.items():
            for kind in kinds:
                stream = stream_of(kind, namespace, names, self._root_kind)
                follower = Follower(self._api, stream, self._inbox, self._go_on)
                follower.watch_first, follower.unserved_seconds = watch_first, UNSERVED_SECONDS
                self._followers.append(follower)
                follower.start()

    def _take(self, news: News) -> None:
        if news.kind == ENDED:
            self._ended(news)
        elif news.kind == TROUBLE or (news.kind == LISTED and news.text):
            self._in_trouble(news)
        else:
            self._troubles.pop(news.stream, None)
            self._lost.discard(news.stream)
            if news.kind != OPENED:
                self._note(news)

    def _in_trouble(self, news: News) -> None:
        """Nothing is forgotten of what was seen: a server that has just started may not know its kinds yet."""
        self._troubles[news.stream] = news.text
        if news.kind == TROUBLE:
            self._lost.add(news.stream)
        else:
            self._lost.discard(news.stream)
        seen = self._families[news.stream.namespace].has(news.stream.kind)
        if news.kind == LISTED and self._goal == GONE and not seen:
            # Of a kind that is not there, there is no object.
            self._complete.add(news.stream)

    def _note(self, news: News) -> None:
        families = self._families[news.stream.namespace]
        if news.kind != "ADDED":
            # Whatever else there is comes after all that was there at first.
            self._complete.add(news.stream)
        if news.kind == LISTED:
            families.replace(news.stream.kind, news.objects)
            return
        for manifest in news.objects:
            families.take(news.stream.kind, news.kind, manifest)

    def _ended(self, news: News) -> None:
        error = news.error or KubeError(f"{news.stream} can't be followed any more")
        if news.stream.kind in self.surface:
            raise error
        self._unseen.add(str(error))


def stream_of(kind: Kind, namespace: str, names: Sequence[str], root_kind: Kind) -> Stream:
    """What is asked for to see these children, or all where no names are given."""
    if kind == EVENT:
        return Stream(kind, namespace, fields="type=Warning")
    if len(names) == 1 and (kind in _OWN_NAMES or kind == root_kind):
        return Stream(kind, namespace, name=names[0])
    if 0 < len(names) <= _SELECTED and kind in _LABELLED:
        return Stream(kind, namespace, labels=f"{CLUSTER_NAME_LABEL} in ({','.join(names)})")
    return Stream(kind, namespace)
