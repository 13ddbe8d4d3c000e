# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All tables, and the tree of fields that each release has.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.paths import ITEM
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import RELEASES, Release
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.api_server import API_SERVER, CONTROL_PLANE
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.authentication import AUTHENTICATION
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.field import Field
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.hosts import HOSTS
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.ingress import INGRESS
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.kubelet import KUBELET
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.network import NETWORK
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.services import (
    BACKUP,
    FLAT_ONLY,
    REGISTRIES,
    SERVICES,
)

FIELDS: Tuple[Field, ...] = (
    *HOSTS,
    *API_SERVER,
    *CONTROL_PLANE,
    *KUBELET,
    *NETWORK,
    *INGRESS,
    *AUTHENTICATION,
    *REGISTRIES,
    *BACKUP,
    *FLAT_ONLY,
    *SERVICES,
)


@dataclass
class Node:
    """A place in the tree: its line in the tables (None where it only holds others), its fields, its items' node."""

    line: Optional[Field] = None
    children: Dict[str, Node] = field(default_factory=dict)
    item: Optional[Node] = None


_TREES: Dict[str, Node] = {}


def tree_of(release: Release) -> Node:
    """The fields that a release has."""
    if release.name not in _TREES:
        _TREES[release.name] = _tree(item for item in FIELDS if item.in_release(release))
    return _TREES[release.name]


def _tree(fields: Iterator[Field]) -> Node:
    root = Node()
    for item in fields:
        node = root
        for step in item.steps:
            if step == ITEM:
                node.item = node.item or Node()
                node = node.item
            else:
                node = node.children.setdefault(step, Node())
        node.line = item
    return root


def releases_with(steps: Tuple[str, ...]) -> List[str]:
    """The names of the releases that have a field there, in order."""
    lines = [line for line in FIELDS if line.steps[: len(steps)] == steps]
    return [release.name for release in RELEASES if any(line.in_release(release) for line in lines)]


def lines_at(steps: Tuple[str, ...]) -> List[Field]:
    """The lines for exactly that field, and for those it holds."""
    return [line for line in FIELDS if line.steps[: len(steps)] == steps]


def paths_of(release: Release) -> List[Tuple[str, ...]]:
    return [line.steps for line in FIELDS if line.in_release(release)]
