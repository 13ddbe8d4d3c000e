# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the cluster look like a picture, with as few requests as that takes."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Set, Tuple

from tests.lab.standin import objects
from tests.lab.standin.api import Api, ApiError, Kind, Object

from .kinds import CLUSTER, CLUSTER_DEPLOYMENT
from .pictures.view import OWN_GENERATION, WHEN, Wanted, new_condition

Place = Tuple[str, str, str]


class Writer:
    """Remembers what it wrote. What somebody else changes meanwhile is changed back only by the next difference."""

    def __init__(self, api: Api, clock: Callable[[], str] = objects.now) -> None:
        self._api = api
        self._clock = clock
        self._items: Dict[Place, Object] = {}
        self._statuses: Dict[Place, Object] = {}
        self._generations: Dict[Place, int] = {}
        self._going: Set[Place] = set()
        self._released: Set[Place] = set()

    def write(self, wanted: Iterable[Wanted]) -> None:
        for one in wanted:
            self._write(one)

    def status(self, kind: Kind, item: Mapping[str, Any], status: Object) -> None:
        """The status of an object that somebody else made."""
        self._generations[_place(kind, item)] = objects.generation(item)
        self._write_status(kind, item, status)

    def write_status(self, one: Wanted) -> None:
        """Of an object that is there, and is not to be made again."""
        try:
            self._write_status(one.kind, one.item, one.status)
        except ApiError as error:
            if error.status != 404:
                raise

    def deployment(self, wanted: Object, live: Optional[Object]) -> None:
        """A ClusterDeployment of mke-operator, which is watched: it is put right when somebody has changed it."""
        if live is None:
            self._api.created(CLUSTER_DEPLOYMENT, wanted)
            return
        own = {key: wanted["spec"][key] for key in ("template", "credential", "config")}
        known = {key: live["spec"][key] for key in own if key in live["spec"]}
        patch = difference(known, own)
        if patch:
            self._api.patch(CLUSTER_DEPLOYMENT, live, {"spec": patch})

    def paused(self, cluster: Object) -> None:
        """Cluster API says of a Cluster that it is paused, and does nothing else with it."""
        news = [one for one in _news(cluster) if one["type"] != "Paused"]
        if len(news) == len(_news(cluster)) or not any(
            one["type"] == "Paused" and one["status"] == "True" for one in _news(cluster)
        ):
            told = new_condition("Paused", True, "Paused", "Cluster spec.paused is set or it is annotated as paused")
            status = {"v1beta2": {"conditions": [*news, told]}}
            self._statuses.pop(_place(CLUSTER, cluster), None)
            self._write_status(CLUSTER, cluster, status)

    def delete(self, kind: Kind, name: str, namespace: str) -> None:
        """Asks for it once; finalizers keep it until it is released."""
        place = (kind.kind, namespace, name)
        if place not in self._going:
            self._api.delete(kind, name, namespace)
            self._going.add(place)

    def release(self, kind: Kind, name: str, namespace: str) -> None:
        """Takes its finalizers away, and deletes it if nobody has."""
        self.delete(kind, name, namespace)
        try:
            self._api.patch(kind, kind.made(name, namespace), {"metadata": {"finalizers": None}})
        except ApiError as error:
            if error.status != 404:
                raise
        self.forget(kind, name, namespace)

    def release_once(self, kind: Kind, name: str, namespace: str) -> None:
        """The same for what is looked at again and again."""
        place = (kind.kind, namespace, name)
        if place not in self._released:
            self.release(kind, name, namespace)
            self._released.add(place)

    def finalizers(self, kind: Kind, name: str, namespace: str, left: List[str]) -> None:
        """Leaves only those."""
        place = (kind.kind, namespace, name)
        known = self._items.get(place)
        if known is not None and known.get("left") == left:
            return
        try:
            self._api.patch(kind, kind.made(name, namespace), {"metadata": {"finalizers": left}})
        except ApiError as error:
            if error.status != 404:
                raise
        self._items[place] = {**(known or {}), "left": left}

    def forget(self, kind: Kind, name: str, namespace: str) -> None:
        place = (kind.kind, namespace, name)
        self._items.pop(place, None)
        self._statuses.pop(place, None)
        self._generations.pop(place, None)
        self._going.discard(place)

    def _write(self, one: Wanted) -> None:
        place = _place(one.kind, one.item)
        before = self._items.get(place)
        if before is None:
            self._create(one, place)
        elif _changeable(before) != _changeable(one.item):
            self._patch(one, place, _changeable(before))
        self._items[place] = one.item
        if one.status:
            self._write_status(one.kind, one.item, one.status)

    def _create(self, one: Wanted, place: Place) -> None:
        """After a restart it is there already, and may be older than what is wanted."""
        self._released.discard(place)
        made = self._api.created(one.kind, one.item)
        if made is None:
            self._patch(one, place, {})
        else:
            self._generations[place] = objects.generation(made)

    def _patch(self, one: Wanted, place: Place, before: Object) -> None:
        try:
            patched = self._api.patch(one.kind, one.item, difference(before, _changeable(one.item)))
        except ApiError as error:
            if error.status == 404:
                self.forget(one.kind, one.name, place[1])
            raise
        self._generations[place] = objects.generation(patched)

    def _write_status(self, kind: Kind, item: Mapping[str, Any], status: Object) -> None:
        place = _place(kind, item)
        known = self._statuses.get(place) or (item.get("status") or {})
        wanted = self._filled(status, known, self._generations.get(place, 1))
        changed = {key: value for key, value in wanted.items() if known.get(key) != value}
        changed.update({key: None for key in known if key not in wanted and key == "conditions"})
        if changed:
            try:
                self._api.patch(kind, {"metadata": item["metadata"]}, {"status": changed}, subresource="status")
            except ApiError as error:
                if error.status == 404:
                    self.forget(kind, place[2], place[1])
                raise
        self._statuses[place] = {**known, **wanted}

    def _filled(self, status: Object, known: Object, generation: int) -> Object:
        """With the times of the conditions, which are those of the last change of status, and the generation."""
        found = dict(status)
        if found.get("observedGeneration") == OWN_GENERATION:
            found["observedGeneration"] = generation
        if "conditions" in found:
            found["conditions"] = self._timed(found, known, generation)
        if "v1beta2" in found:
            found["v1beta2"] = {"conditions": self._timed(found["v1beta2"], known.get("v1beta2") or {}, generation)}
        if "services" in found:
            listed = known.get("services") or [{}] * len(found["services"])
            pairs = zip(found["services"], listed)
            found["services"] = [{**one, "conditions": self._timed(one, last, generation)} for one, last in pairs]
        return found

    def _timed(self, holder: Object, before: Object, generation: int) -> List[Object]:
        known = {one["type"]: one for one in before.get("conditions") or ()}
        found = []
        for told in holder["conditions"]:
            one, last = dict(told), known.get(told["type"])
            if one["lastTransitionTime"] == WHEN:
                same = last is not None and last["status"] == one["status"]
                one["lastTransitionTime"] = last["lastTransitionTime"] if last and same else self._clock()
            if one.get("observedGeneration") == OWN_GENERATION:
                one["observedGeneration"] = generation
            found.append(one)
        return found


def _news(cluster: Mapping[str, Any]) -> List[Object]:
    found: List[Object] = ((cluster.get("status") or {}).get("v1beta2") or {}).get("conditions") or []
    return found


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Object:
    """The merge patch that makes the one the other."""
    patch: Object = {key: None for key in before if key not in after}
    for key, value in after.items():
        known = before.get(key)
        if isinstance(value, dict) and isinstance(known, dict):
            inner = difference(known, value)
            if inner:
                patch[key] = inner
        elif value != known:
            patch[key] = value
    return patch


def _place(kind: Kind, item: Mapping[str, Any]) -> Place:
    metadata = item["metadata"]
    return kind.kind, str(metadata.get("namespace", "")), str(metadata["name"])


def _changeable(item: Mapping[str, Any]) -> Object:
    """What a later picture may have otherwise; names of owners and finalizers stay."""
    metadata = item.get("metadata") or {}
    found: Object = {key: item[key] for key in ("spec", "data") if key in item}
    meta = {key: metadata[key] for key in ("labels", "annotations") if key in metadata}
    return {**found, "metadata": meta} if meta else found
