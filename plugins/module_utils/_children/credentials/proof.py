# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves for each cluster that CAPA reaches AWS with the keys as they are now.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.conditions import conditions_of
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    AWS_CLUSTER,
    AWS_MACHINE,
    CLUSTER,
    CLUSTER_NAME_LABEL,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import Clock

EVENT = Kind("v1", "Event")
PAUSED = "cluster.x-k8s.io/paused"
# CAPA looks at a cluster again, and at its machines with it, when anything in its metadata changes.
TOUCHED = "mke4k.core/credential-proof"
# How AWS says that a key is unknown, ended, or allowed less than the work needs; in both text forms of CAPA.
REFUSALS = re.compile(
    r"\b(AuthFailure|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClientException|SignatureDoesNotMatch"
    r"|ExpiredToken(?:Exception)?|RequestExpired|UnauthorizedOperation|UnauthorizedException|AccessDenied(?:Exception)?"
    r"|NoCredentialProviders|get identity: get credentials)\b"
)
POLL_SECONDS = 3.0
SHORTEST_POLL_SECONDS = 0.2
HTTP_NOT_FOUND = 404
AT_ONCE = 8
Manifest = Mapping[str, Any]


@dataclass(frozen=True)
class Proof:
    """One cluster. `message`: why it is not proven, or that it has gone."""

    name: str
    namespace: str
    proven: bool
    message: str = ""

    def to_dict(self) -> Dict[str, Any]:
        return {"name": self.name, "namespace": self.namespace, "proven": self.proven, "message": self.message}


@dataclass(frozen=True)
class Scene:
    """What is seen in one look at all clusters; the newest count of each Warning event is in `events`."""

    clusters: Mapping[Ref, Manifest] = field(default_factory=dict)
    machines: Sequence[Manifest] = ()
    events: Sequence[Manifest] = ()
    paused: Set[Ref] = field(default_factory=set)


@dataclass(frozen=True)
class Patience:
    """A cluster that was quiet for `settle` seconds after it was touched is proven; `timeout` ends the wait."""

    settle: float = 30.0
    timeout: float = 300.0
    clock: Clock = field(default_factory=Clock)

    @property
    def pause(self) -> float:
        """Between two looks: conditions flip, and a short proof must not be over after one."""
        return min(POLL_SECONDS, max(self.settle / 10, SHORTEST_POLL_SECONDS))


def prove(api: Api, clusters: Sequence[Manifest], patience: Patience, say: Callable[[str], None]) -> List[Proof]:
    """Touches all of them, then looks until each was quiet long enough. Costs one request each, and three a look."""
    refs = [Ref.of(item) for item in clusters]
    if not refs:
        return []
    ready = {Ref.of(item) for item in clusters if (item.get("status") or {}).get("ready")}
    judge = Judge(refs, ready, patience.settle)
    judge.known(look(api))
    touch(api, refs, str(patience.clock.now()))
    start = patience.clock.now()
    say(f"proving {len(refs)} cluster(s): each has to work with the new keys for {patience.settle:.0f} s")
    while True:
        now = patience.clock.now()
        judge.take(look(api), now)
        if judge.is_decided() or now - start >= patience.timeout:
            return judge.proofs()
        patience.clock.sleep(patience.pause)


def touch(api: Api, refs: Sequence[Ref], mark: str) -> None:
    body = {"metadata": {"annotations": {TOUCHED: mark}}}

    def one(ref: Ref) -> None:
        try:
            api.patch(ref, body)
        except Refused as error:
            if error.status != HTTP_NOT_FOUND:
                raise

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        list(pool.map(one, refs))


def look(api: Api) -> Scene:
    clusters = {Ref.of(item): item for item in api.list(AWS_CLUSTER).items}
    return Scene(
        clusters=clusters,
        machines=api.list(AWS_MACHINE).items,
        events=api.list(EVENT, fields="type=Warning").items,
        paused={Ref.of(item) for item in api.list(CLUSTER).items if (item.get("spec") or {}).get("paused")},
    )


class Judge:
    """Keeps since when each cluster is quiet. Pure: the caller looks and knows the time."""

    def __init__(self, refs: Sequence[Ref], ready: Iterable[Ref], settle: float) -> None:
        self._refs = list(refs)
        self._ready = set(ready)
        self._settle = settle
        self._since: Dict[Ref, float] = {}
        self._now = 0.0
        self._counts: Dict[str, int] = {}
        self._words: Dict[Ref, str] = {}
        self._gone: Set[Ref] = set()

    def known(self, scene: Scene) -> None:
        """What was said before counts for nothing."""
        self._counts.update(_count(event) for event in scene.events)

    def take(self, scene: Scene, now: float) -> None:
        self._now = now
        fresh = [event for event in scene.events if self._counts.get(_count(event)[0]) != _count(event)[1]]
        self.known(scene)
        self._gone = {ref for ref in self._refs if ref not in scene.clusters}
        for ref in self._refs:
            words = self._trouble(ref, scene, fresh)
            if words:
                self._words[ref] = words
                self._since.pop(ref, None)
            else:
                self._since.setdefault(ref, now)

    def is_decided(self) -> bool:
        return all(self._is_quiet(ref) for ref in self._refs)

    def proofs(self) -> List[Proof]:
        return [self._proof(ref) for ref in self._refs]

    def _proof(self, ref: Ref) -> Proof:
        if ref in self._gone:
            return Proof(ref.name, ref.namespace, proven=True, message="it is gone")
        if self._is_quiet(ref):
            return Proof(ref.name, ref.namespace, proven=True)
        words = self._words.get(ref) or "it was not looked at for long enough"
        return Proof(ref.name, ref.namespace, proven=False, message=words)

    def _is_quiet(self, ref: Ref) -> bool:
        return ref in self._gone or (ref in self._since and self._now - self._since[ref] >= self._settle)

    def _trouble(self, ref: Ref, scene: Scene, fresh: Sequence[Manifest]) -> str:
        cluster = scene.clusters.get(ref)
        if cluster is None:
            return ""
        if _is_paused(cluster) or Ref(CLUSTER.api_version, CLUSTER.kind, ref.name, ref.namespace) in scene.paused:
            return "it is paused, so CAPA does not look at it: unpause it, and run again"
        machines = [item for item in scene.machines if _belongs(item, ref)]
        found = next((words for words in map(refusal_in, [cluster, *machines]) if words), "")
        found = found or _event_trouble(fresh, {(ref.kind, ref.name), *(_named(item) for item in machines)}, ref)
        if not found and ref in self._ready and not (cluster.get("status") or {}).get("ready"):
            return "it was ready and is not any more"
        return found


def refusal_in(manifest: Manifest) -> str:
    """What a condition says of keys that AWS refuses; empty where none does."""
    for item in conditions_of(manifest):
        if not item.is_true and REFUSALS.search(item.message):
            kind, name = _named(manifest)
            return f"{kind} {name}: {item.words()}"
    return ""


def _event_trouble(events: Sequence[Manifest], involved: Set[Tuple[str, str]], ref: Ref) -> str:
    for event in events:
        about = event.get("involvedObject") or {}
        text = " ".join(f"{event.get('reason') or ''}: {event.get('message') or ''}".split())
        mine = (about.get("kind"), about.get("name")) in involved and about.get("namespace") == ref.namespace
        if mine and REFUSALS.search(text):
            return f"event of {about.get('kind')} {about.get('name')}: {text}"
    return ""


def _count(event: Manifest) -> Tuple[str, int]:
    """An event that happens again is counted, in the event itself or in its series."""
    metadata = event.get("metadata") or {}
    series = event.get("series") or {}
    return str(metadata.get("uid") or metadata.get("name")), int(series.get("count") or event.get("count") or 0)


def _is_paused(cluster: Manifest) -> bool:
    return PAUSED in ((cluster.get("metadata") or {}).get("annotations") or {})


def _belongs(machine: Manifest, ref: Ref) -> bool:
    metadata = machine.get("metadata") or {}
    return (metadata.get("labels") or {}).get(CLUSTER_NAME_LABEL) == ref.name and metadata.get(
        "namespace"
    ) == ref.namespace


def _named(manifest: Manifest) -> Tuple[str, str]:
    return str(manifest.get("kind")), str((manifest.get("metadata") or {}).get("name"))


def unproven(proofs: Sequence[Proof]) -> Optional[str]:
    """A line for each that is not proven; None where all are."""
    lines = [f"{proof.namespace}/{proof.name}: {proof.message}" for proof in proofs if not proof.proven]
    return "; ".join(lines) if lines else None
