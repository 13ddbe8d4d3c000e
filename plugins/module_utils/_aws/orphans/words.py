# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leftovers as people read them. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.remove import Removal
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.resources import Belonging
from ansible_collections.mke4k.core.plugins.module_utils._config.text_table import text_table


def table(belongings: Sequence[Belonging], removal: Removal) -> List[str]:
    """One line a resource; none where there is none."""
    gone = {(item.resource.type, item.resource.id) for item in removal.removed}
    rows = []
    for item in belongings:
        found = item.resource
        what = "live" if item.child.exists else "removed" if (found.type, found.id) in gone else "LEFT OVER"
        rows.append((item.child.name, found.region, found.type, found.id, found.state, found.cost, item.by, what))
    return text_table([("CHILD", "REGION", "TYPE", "ID", "STATE", "COST", "KNOWN BY", ""), *rows]) if rows else []


def complaint(removal: Removal, unchecked: Sequence[Mapping[str, str]]) -> str:
    """Why the account is not clean, or not known to be; empty where it is."""
    lines: List[str] = []
    if removal.left:
        lines.append(
            f"{len(removal.left)} resource(s) of deleted children are left over in AWS and may cost money. Remove them"
            " with mke4k.core.aws_orphans (remove: true), or -e mke4k_children_remove_orphans=true:"
        )
        lines += [
            f"  {item.child.name}: {item.resource.type} {item.resource.id} in {item.resource.region}"
            f" (cost {item.resource.cost}){f': {why}' if why else ''}"
            for item, why in removal.left
        ]
    if unchecked:
        lines.append(
            "It is not known whether the account is clean: these could not be looked at, for want of a permission:"
        )
        lines += [f"  {item['type']} in {item['region']}: {item['action']}" for item in unchecked]
    return "\n".join(lines)
