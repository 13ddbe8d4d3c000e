# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Nodes whose labels, annotations and taints are not those of mke4.yaml, as the role's tasks need them.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.marks import anything, lacking, marks_of
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member


def node_marks(cluster: Cluster, members: Iterable[Member], names: Mapping[str, str]) -> dict[str, Any]:
    """By host: what its Node should have, and what it lacks. `names` are the names of the Nodes.

    `unseen`: the Node could not be looked at, as that of a host that is about to join.
    """
    found = {}
    for member in members:
        if not names.get(member.name):
            continue
        marks = marks_of(member.spec, cluster.host(member.name).annotations)
        node = member.state.node
        lacks = lacking(marks, node) if node else []
        if lacks or (not node and anything(marks)):
            found[member.name] = {
                **_plain(marks.to_dict()),
                "node": names[member.name],
                "lacks": lacks,
                "unseen": not node,
            }
    return found


def marks_text(marks: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What changes of Nodes that are there, a line each."""
    lines = [f"  {item['node']}: {lack}" for item in marks.values() for lack in item["lacks"]]
    return [f"Marks of Nodes change ({len(lines)}):", *lines] if lines else []


def _plain(marks: dict[str, Any]) -> dict[str, Any]:
    return {**marks, "taints": [dict(taint) for taint in marks["taints"]]}
