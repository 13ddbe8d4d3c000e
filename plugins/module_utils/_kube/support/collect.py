# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects the objects of every layer of a cluster, its events and the logs of its own pods.

What the server has is asked of the server, so that what a later release brings is in it too.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple
from urllib.parse import urlencode

from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.clean import clean
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.collect import NONE, Item
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, NotReachable
from ansible_collections.mke4k.core.plugins.module_utils._kube.support.shape import secret_texts, shaped

OBJECTS = 500
POD_LOG_LINES = 500
POD_LOG_BYTES = 256 * 1024
MOST_LOGS = 200
_AT_ONCE = 4
# Told by another group as well, or numbers of the moment, or what nobody may see.
_LEFT_OUT_GROUPS = ("events.k8s.io", "metrics.k8s.io", "custom.metrics.k8s.io", "external.metrics.k8s.io")
_LEFT_OUT = ("componentstatuses", "secrets")


@dataclass
class Collected:
    """`objects` are the shaped objects by plural and group, for who summarizes them. `secrets` leave this no way."""

    items: List[Item] = field(default_factory=list)
    objects: Dict[str, List[Dict[str, Any]]] = field(default_factory=dict)
    secrets: List[str] = field(default_factory=list, repr=False)


@dataclass(frozen=True)
class Place:
    """One kind of objects: `path` is where they are, `name` how kubectl would name them."""

    path: str
    name: str


class Deadline:
    """When the whole collection has to be over. What is left then is told and not asked for."""

    def __init__(self, now: Callable[[], float], seconds: float) -> None:
        self._now = now
        self._end = now() + seconds
        self._seconds = seconds

    @property
    def over(self) -> bool:
        return self._now() >= self._end

    def __str__(self) -> str:
        return f"left out: the {self._seconds:.0f} s for questions to the API were over"


def collect(api: Api, system_namespaces: Sequence[str], deadline: Deadline) -> Collected:
    """Everything. Raises NotReachable where not even the version can be had."""
    found = Collected()
    found.items.append(Item("cluster/version.json", json.dumps(api.version(), indent=1) + "\n"))
    found.items.append(_readyz(api))
    places, problems = _places(api)
    found.items += problems
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        for item, name, objects in pool.map(lambda place: _objects(api, place, system_namespaces, deadline), places):
            found.items.append(item)
            found.objects[name] = objects
        item, secrets = _secrets(api, system_namespaces, deadline)
        found.items.append(item)
        found.secrets = sorted(secret_texts(secrets))
        wanted = list(_logs(found.objects.get("pods", []), system_namespaces))
        if len(wanted) > MOST_LOGS:
            left = f"{len(wanted) - MOST_LOGS} logs of pods are left out, {MOST_LOGS} are in it"
            found.items.append(Item("cluster/logs", note=left))
        found.items += pool.map(lambda log: _log(api, log, deadline), wanted[:MOST_LOGS])
    return found


def _readyz(api: Api) -> Item:
    name = "cluster/readyz.txt"
    try:
        return Item(name, clean(api.raw("/readyz?verbose")))
    except KubeError as error:
        return Item(name, note=str(error))


def _places(api: Api) -> Tuple[List[Place], List[Item]]:
    """Where the server has objects, each kind in the version that it prefers."""
    found: List[Place] = []
    problems: List[Item] = []
    groups = _json(api, "/apis").get("groups") or []
    versions = ["v1"] + [str((group.get("preferredVersion") or {}).get("groupVersion")) for group in groups]
    for version in versions:
        if version.partition("/")[0] in _LEFT_OUT_GROUPS:
            continue
        root = f"/apis/{version}" if "/" in version else f"/api/{version}"
        try:
            resources = _json(api, root).get("resources") or []
        except KubeError as error:
            problems.append(Item(f"cluster/objects/{version.replace('/', '_')}", note=str(error)))
            continue
        for resource in resources:
            plural = str(resource.get("name") or "")
            if "/" in plural or plural in _LEFT_OUT or "list" not in (resource.get("verbs") or ()):
                continue
            group = version.rpartition("/")[0]
            found.append(Place(f"{root}/{plural}", f"{plural}.{group}" if group else plural))
    return found, problems


def _objects(
    api: Api, place: Place, system_namespaces: Sequence[str], deadline: Deadline
) -> Tuple[Item, str, List[Dict[str, Any]]]:
    name = f"cluster/objects/{place.name}.json"
    if deadline.over:
        return Item(name, note=str(deadline)), place.name, []
    try:
        page = _json(api, f"{place.path}?limit={OBJECTS}")
    except KubeError as error:
        return Item(name, note=str(error)), place.name, []
    kind = str(page.get("kind") or "")
    kind = kind[: -len("List")] if kind.endswith("List") else kind
    objects = [shaped({**item, "kind": kind}, system_namespaces) for item in page.get("items") or []]
    note = ""
    if (page.get("metadata") or {}).get("continue"):
        left = (page["metadata"].get("remainingItemCount")) or "some"
        note = f"the first {OBJECTS}; {left} are left out"
    if not objects:
        return Item(name, note=NONE), place.name, []
    return Item(name, json.dumps(objects, indent=1, sort_keys=True) + "\n", note), place.name, objects


def _secrets(api: Api, system_namespaces: Sequence[str], deadline: Deadline) -> Tuple[Item, List[Mapping[str, Any]]]:
    """What may be told of Secrets, and the Secrets themselves so that their values can be found elsewhere."""
    name = "cluster/objects/secrets.json"
    if deadline.over:
        return Item(name, note=str(deadline)), []
    try:
        items = list(_all(api, "/api/v1/secrets"))
    except KubeError as error:
        return Item(name, note=str(error)), []
    told = [shaped({**item, "kind": "Secret"}, system_namespaces) for item in items]
    return Item(name, json.dumps(told, indent=1, sort_keys=True) + "\n", "names and sizes only"), items


def _all(api: Api, path: str) -> Iterator[Mapping[str, Any]]:
    query: Dict[str, str] = {"limit": str(OBJECTS)}
    while True:
        page = _json(api, f"{path}?{urlencode(query)}")
        yield from page.get("items") or []
        more = (page.get("metadata") or {}).get("continue")
        if not more:
            return
        query["continue"] = str(more)


@dataclass(frozen=True)
class Log:
    namespace: str
    pod: str
    container: str
    previous: bool


def _logs(pods: Sequence[Mapping[str, Any]], system_namespaces: Sequence[str]) -> Iterator[Log]:
    """Every container of the cluster's own pods, and the one before where it was restarted; troubled pods first."""
    own = [pod for pod in pods if (pod.get("metadata") or {}).get("namespace") in system_namespaces]
    for pod in sorted(own, key=_is_well):
        metadata, status = pod["metadata"], pod.get("status") or {}
        states = [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]
        for state in states:
            place = (str(metadata["namespace"]), str(metadata["name"]), str(state.get("name") or ""))
            yield Log(*place, previous=False)
            if state.get("restartCount"):
                yield Log(*place, previous=True)


def _is_well(pod: Mapping[str, Any]) -> bool:
    states = (pod.get("status") or {}).get("containerStatuses") or ()
    return bool(states) and all(state.get("ready") and not state.get("restartCount") for state in states)


def _log(api: Api, log: Log, deadline: Deadline) -> Item:
    name = f"cluster/logs/{log.namespace}/{log.pod}/{log.container}{'.previous' if log.previous else ''}.log"
    if deadline.over:
        return Item(name, note=str(deadline))
    query = {"container": log.container, "tailLines": str(POD_LOG_LINES), "timestamps": "true",
             "limitBytes": str(POD_LOG_BYTES)}  # fmt: skip
    if log.previous:
        query["previous"] = "true"
    try:
        text = api.raw(f"/api/v1/namespaces/{log.namespace}/pods/{log.pod}/log?{urlencode(query)}")
    except KubeError as error:
        return Item(name, note=str(error))
    return Item(name, clean(text), "" if text else NONE)


def _json(api: Api, path: str) -> Dict[str, Any]:
    text = api.raw(path)
    try:
        document: Optional[Any] = json.loads(text)
    except ValueError as error:
        raise NotReachable(f"{api.server}{path} answered with what is no JSON: {text[:100]!r}") from error
    return document if isinstance(document, dict) else {}
