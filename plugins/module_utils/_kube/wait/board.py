# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is waited for, what is known of it, and what that means. Pure: nothing here asks the API or looks at a clock.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, Union

from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import FAILED, MET, PENDING, Check, Verdict

Manifest = Dict[str, Any]
_BOOKMARK, _DELETED = "BOOKMARK", "DELETED"


@dataclass(frozen=True)
class Selection:
    """All objects of a kind, in one namespace or all, with these labels. Fewer than `at_least` are too few."""

    kind: Kind
    namespace: str = ""
    labels: str = ""
    at_least: int = 1

    def __str__(self) -> str:
        where = f" in {self.namespace}" if self.namespace else ""
        return f"{self.kind.kind} objects{where}" + (f" with {self.labels}" if self.labels else "")


@dataclass(frozen=True)
class Wanted:
    """An object, or a selection of them, and the check that each has to pass."""

    target: Union[Ref, Selection]
    check: Check
    label: str = ""

    def __str__(self) -> str:
        return self.label or str(self.target)


@dataclass(frozen=True)
class Stream:
    """One list and watch: the objects of several wishes come through it."""

    kind: Kind
    namespace: str
    labels: str = ""
    name: str = ""
    fields: str = ""

    def __str__(self) -> str:
        where = f" in {self.namespace}" if self.namespace else ""
        return f"{self.kind.kind} {self.name}".rstrip() + where


@dataclass(frozen=True)
class Lack:
    """One object that is not yet as it should be."""

    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


class Board:
    """Keeps the newest form of every object and judges."""

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        self.wanted: Sequence[Wanted] = list(wanted)
        self.streams = _streams(self.wanted)
        self._objects: Dict[Stream, Dict[Ref, Manifest]] = {stream: {} for stream in self.streams}

    def replace(self, stream: Stream, manifests: Iterable[Manifest]) -> None:
        """A whole list has come."""
        self._objects[stream] = {self._ref(stream, item): item for item in manifests}

    def take(self, stream: Stream, event: str, manifest: Manifest) -> None:
        """One event has come."""
        if event == _BOOKMARK:
            return
        if event == _DELETED:
            self._objects[stream].pop(self._ref(stream, manifest), None)
        else:
            self._objects[stream][self._ref(stream, manifest)] = manifest

    def objects(self) -> Dict[Ref, Manifest]:
        """All objects that were asked for and are there."""
        return {ref: item for wish in self.wanted for ref, item in self._of(wish) if item is not None}

    def verdicts(self) -> List[Tuple[str, Verdict]]:
        """A verdict for each object, or one that there are too few of a selection."""
        found: List[Tuple[str, Verdict]] = []
        for wish in self.wanted:
            seen = self._of(wish)
            if isinstance(wish.target, Selection) and len(seen) < wish.target.at_least:
                found.append((str(wish), _too_few(len(seen), wish.target.at_least)))
            found += [(self._named(wish, ref), wish.check(item)) for ref, item in seen]
        return found

    def failed(self) -> List[Lack]:
        return [Lack(name, verdict.message) for name, verdict in self.verdicts() if verdict.state == FAILED]

    def lacking(self) -> List[Lack]:
        return [Lack(name, verdict.message) for name, verdict in self.verdicts() if verdict.state != MET]

    def namespaces(self) -> List[str]:
        """Where causes are to be looked for."""
        return [name for name in OrderedDict.fromkeys(wish.target.namespace for wish in self.wanted) if name]

    def _of(self, wish: Wanted) -> List[Tuple[Ref, Optional[Manifest]]]:
        known = self._objects[_stream_of(wish, self.streams)]
        if isinstance(wish.target, Ref):
            return [(wish.target, known.get(wish.target))]
        return sorted(known.items(), key=lambda pair: (pair[0].namespace, pair[0].name))

    @staticmethod
    def _named(wish: Wanted, ref: Ref) -> str:
        return wish.label if wish.label and isinstance(wish.target, Ref) else str(ref)

    @staticmethod
    def _ref(stream: Stream, manifest: Mapping[str, Any]) -> Ref:
        # Items of a list do not say what they are; the name of the stream's kind is how they are asked for.
        metadata = manifest.get("metadata") or {}
        name, namespace = str(metadata.get("name") or ""), str(metadata.get("namespace") or "")
        return Ref(stream.kind.api_version, stream.kind.kind, name, namespace)


def _too_few(there: int, wanted: int) -> Verdict:
    return Verdict(PENDING, f"there are {there}, {wanted} are needed" if there else "there are none yet")


def _streams(wanted: Sequence[Wanted]) -> List[Stream]:
    """As few as possible: several objects of a kind in a namespace share one, a single one is watched by its name."""
    names: Dict[Stream, List[str]] = OrderedDict()
    for wish in wanted:
        whole = _whole(wish)
        names.setdefault(whole, []).append(wish.target.name if isinstance(wish.target, Ref) else "")
    return [
        Stream(whole.kind, whole.namespace, whole.labels, seen[0]) if len(set(seen)) == 1 else whole
        for whole, seen in names.items()
    ]


def _whole(wish: Wanted) -> Stream:
    target = wish.target
    if isinstance(target, Selection):
        return Stream(target.kind, target.namespace, target.labels)
    return Stream(Kind(target.api_version, target.kind), target.namespace)


def _stream_of(wish: Wanted, streams: Sequence[Stream]) -> Stream:
    whole = _whole(wish)
    return next(
        stream
        for stream in streams
        if (stream.kind, stream.namespace, stream.labels) == (whole.kind, whole.namespace, whole.labels)
    )
