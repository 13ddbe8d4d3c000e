# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which objects belong to which child, from what the watches tell. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Dict, Iterable, List, Mapping, Optional, Set, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    AWS_CLUSTER,
    AWS_MACHINE,
    CLUSTER,
    CLUSTER_DEPLOYMENT,
    CLUSTER_NAME_LABEL,
    CONTROL_PLANE,
    HELM_RELEASE,
    MACHINE,
    MACHINE_DEPLOYMENT,
    MKE_CHILD_CONFIG,
    Family,
    Manifest,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.causes import event_time

EVENT = Kind("v1", "Event")
# These have the very name of the child; all others belong to it by a label, an owner or the beginning of their name.
_NAMED: Dict[str, str] = {
    MKE_CHILD_CONFIG.kind: "root",
    CLUSTER_DEPLOYMENT.kind: "deployment",
    HELM_RELEASE.kind: "helm_release",
    CLUSTER.kind: "cluster",
}
_SINGLE: Dict[str, str] = {**_NAMED, AWS_CLUSTER.kind: "aws_cluster", CONTROL_PLANE.kind: "control_plane"}
_MANY: Dict[str, str] = {
    MACHINE_DEPLOYMENT.kind: "machine_deployments",
    MACHINE.kind: "machines",
    AWS_MACHINE.kind: "aws_machines",
}
_HELM_LABEL = "helm.toolkit.fluxcd.io/name"
_DELETED, _BOOKMARK = "DELETED", "BOOKMARK"
KEPT_EVENTS = 50
# Events about objects that have not been seen yet, by object.
_KEPT_STRANGERS = 200
Key = Tuple[str, str]


class Families:
    """Keeps the families of some children up to date."""

    def __init__(self, names: Iterable[str]) -> None:
        self.families: Dict[str, Family] = {name: Family(name) for name in names}
        # Whose objects have changed since somebody asked.
        self._changed: Set[str] = set()
        self._owners: Dict[Key, str] = {}
        self._strangers: OrderedDict[Key, Dict[str, Manifest]] = OrderedDict()
        # Children that nobody asked for: their objects may have names that begin like those of others.
        self._others: Set[str] = set()

    def changed(self) -> Set[str]:
        found, self._changed = self._changed, set()
        return found

    def take(self, kind: Kind, event: str, manifest: Manifest) -> None:
        """One event of a watch of that kind."""
        if event == _BOOKMARK:
            return
        if kind == EVENT:
            self._take_event(event, manifest)
        elif event == _DELETED:
            self._remove(kind, name_of(manifest))
        else:
            self._put(kind, manifest)

    def replace(self, kind: Kind, manifests: Iterable[Manifest]) -> None:
        """A whole list of that kind: what is not in it is gone."""
        listed = list(manifests)
        if kind != EVENT:
            there = {name_of(item) for item in listed}
            gone = [name for (known, name) in self._owners if known == kind.kind and name not in there]
            for name in gone:
                self._remove(kind, name)
        for item in listed:
            self.take(kind, "ADDED", item)

    def has(self, kind: Kind) -> bool:
        """Whether one of the children has an object of that kind, as far as was seen."""
        attribute = _SINGLE.get(kind.kind) or _MANY.get(kind.kind) or "events"
        return any(getattr(family, attribute) for family in self.families.values())

    def _put(self, kind: Kind, manifest: Manifest) -> None:
        name = name_of(manifest)
        child = self._child_of(kind, manifest)
        if child not in self.families:
            if kind.kind in _NAMED:
                self._others.add(name)
            return
        family = self.families[child]
        if kind.kind in _SINGLE:
            setattr(family, _SINGLE[kind.kind], manifest)
        else:
            getattr(family, _MANY[kind.kind])[name] = manifest
        self._owners[(kind.kind, name)] = child
        self._changed.add(child)
        for event in self._strangers.pop((kind.kind, name), {}).values():
            self._keep_event(child, event)

    def _remove(self, kind: Kind, name: str) -> None:
        child = self._owners.get((kind.kind, name))
        if child is None:
            return
        family = self.families[child]
        if kind.kind in _MANY:
            getattr(family, _MANY[kind.kind]).pop(name, None)
        elif name_of(getattr(family, _SINGLE[kind.kind])) == name:
            setattr(family, _SINGLE[kind.kind], None)
        self._changed.add(child)

    def _child_of(self, kind: Kind, manifest: Manifest) -> str:
        name = name_of(manifest)
        if kind.kind in _NAMED:
            return name
        metadata = _mapping(manifest, "metadata")
        labels = _mapping(metadata, "labels")
        told = labels.get(CLUSTER_NAME_LABEL) or _mapping(manifest, "spec").get("clusterName")
        return str(told or self._by_owner(metadata) or labels.get(_HELM_LABEL) or self._by_name(name))

    def _by_owner(self, metadata: Mapping[str, Any]) -> str:
        for owner in metadata.get("ownerReferences") or ():
            kind, name = str(owner.get("kind")), str(owner.get("name"))
            found = name if kind == CLUSTER.kind else self._owners.get((kind, name))
            if found:
                return found
        return ""

    def _by_name(self, name: str) -> str:
        known = [child for child in (*self.families, *self._others) if name == child or name.startswith(f"{child}-")]
        return max(known, key=len, default="")

    def _take_event(self, event: str, manifest: Manifest) -> None:
        if event == _DELETED:
            # The server forgets events after an hour; what they said is still true.
            return
        about = _mapping(manifest, "involvedObject")
        key = str(about.get("kind")), str(about.get("name"))
        child = self._owners.get(key) or (key[1] if key[0] in _NAMED else "")
        if child in self.families:
            self._keep_event(child, manifest)
        elif key[0] in _SINGLE or key[0] in _MANY:
            self._strangers.setdefault(key, {})[name_of(manifest)] = manifest
            while len(self._strangers) > _KEPT_STRANGERS:
                self._strangers.popitem(last=False)

    def _keep_event(self, child: str, manifest: Manifest) -> None:
        family = self.families[child]
        known: Dict[str, Manifest] = {name_of(item): item for item in family.events}
        known[name_of(manifest)] = manifest
        ordered: List[Manifest] = sorted(known.values(), key=event_time)
        family.events[:] = ordered[-KEPT_EVENTS:]
        self._changed.add(child)


def name_of(manifest: Optional[Mapping[str, Any]]) -> str:
    return str(_mapping(manifest or {}, "metadata").get("name") or "")


def _mapping(holder: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = holder.get(key)
    return found if isinstance(found, Mapping) else {}
