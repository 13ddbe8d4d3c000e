# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the watches have shown, shared by the threads that work on children."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from tests.lab.standin.api import Kind, Object, Watched
from tests.lab.standin.faults import NAME as FAULTS, NAMESPACE as FAULTS_NAMESPACE
from tests.lab.standin.kinds import CONFIG_MAP

from .kinds import CLUSTER_NAME

Name = Tuple[str, str]


class Cache:
    """Objects by kind, namespace and name."""

    def __init__(self) -> None:
        self._items: Dict[Watched, Dict[Name, Object]] = {}

    def hear(self, watched: Watched, event: str, item: Object) -> None:
        known = self._items.setdefault(watched, {})
        if event == "DELETED":
            known.pop(_name(item), None)
        elif event != "BOOKMARK":
            known[_name(item)] = item

    def hear_all(self, watched: Watched, items: Sequence[Object]) -> None:
        self._items[watched] = {_name(item): item for item in items}

    def get(self, kind: Kind, name: str, namespace: str = "") -> Optional[Object]:
        for watched, known in tuple(self._items.items()):
            if watched.kind is kind and (namespace, name) in known:
                return known[(namespace, name)]
        return None

    def list(self, kind: Kind) -> List[Object]:
        return [
            item
            for watched, known in tuple(self._items.items())
            if watched.kind is kind
            for item in tuple(known.values())
        ]

    def of_cluster(self, kind: Kind, name: str, namespace: str) -> List[Object]:
        """Those with the label of Cluster API."""
        found = []
        for item in self.list(kind):
            metadata = item["metadata"]
            if metadata.get("namespace") == namespace and (metadata.get("labels") or {}).get(CLUSTER_NAME) == name:
                found.append(item)
        return found

    def faults(self) -> Mapping[str, str]:
        """The data of the ConfigMap of faults."""
        found = self.get(CONFIG_MAP, FAULTS, FAULTS_NAMESPACE) or {}
        data: Mapping[str, str] = found.get("data") or {}
        return data


def _name(item: Object) -> Name:
    metadata = item["metadata"]
    return str(metadata.get("namespace", "")), str(metadata["name"])
