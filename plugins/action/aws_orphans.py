# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells what child clusters have in AWS, live or left over, and removes leftovers. Runs on the control node."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.remove import Patience, Removal, reasons, remove
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.resources import Belonging, Wanted
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.scan import Scan, scan
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.words import complaint, table
from ansible_collections.mke4k.core.plugins.plugin_utils._aws_action import AwsAction

AT_ONCE = 8


class ActionModule(AwsAction):
    options = {
        "children": {"type": "list", "elements": "dict", "required": True},
        "remove": {"type": "bool", "default": False},
        "confirm": {"type": "list", "elements": "str", "default": []},
        "fail_on_orphans": {"type": "bool", "default": False},
        "timeout": {"type": "int", "default": 300},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        children = self._children(args["children"])
        if args["remove"]:
            _refuse_unconfirmed(children, args["confirm"])
        found = self._scanned(children)
        belongings = [item for one in found for item in one.belongings]
        orphans = [item for item in belongings if not item.child.exists]
        removal = self._removed(orphans, args) if args["remove"] else Removal((), [(item, "") for item in orphans])
        left = [item for item, _why in removal.left]
        unchecked = [entry for one in found for entry in one.unchecked]
        message = complaint(removal, unchecked) if args["fail_on_orphans"] else ""
        return {
            "changed": bool(removal.removed),
            "orphans": [item.to_dict() for item in orphans],
            "resources": [item.to_dict() for item in belongings if item.child.exists],
            "removed": [item.to_dict() for item in removal.removed],
            "left": reasons(removal),
            "complete": not unchecked,
            "unchecked": unchecked,
            "clean": not left and not unchecked,
            "text": table(belongings, removal),
            **({"failed": True, "msg": message} if message else {}),
        }

    def _children(self, given: Sequence[Mapping[str, Any]]) -> list[Wanted]:
        nameless = [item for item in given if not item.get("name")]
        if nameless:
            raise AnsibleError("Every child needs its name: children: [{name: prod-eu, region: eu-west-3}].")
        children = [Wanted.of(item, self.aws.region) for item in given]
        placeless = [item.name for item in children if not item.region]
        if placeless:
            raise AnsibleError(
                f"Nobody knows in which region {', '.join(placeless)} was: give each its region, or AWS_REGION."
            )
        return children

    def _scanned(self, children: Sequence[Wanted]) -> list[Scan]:
        """All regions at once."""
        by_region: dict[str, list[Wanted]] = {}
        for child in children:
            by_region.setdefault(child.region, []).append(child)
        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            return list(pool.map(lambda region: scan(self.aws, region, by_region[region]), by_region))

    def _removed(self, orphans: Sequence[Belonging], args: Mapping[str, Any]) -> Removal:
        if self.check_mode:
            return Removal(orphans, ())
        return remove(self.aws, orphans, Patience(args["timeout"], time.monotonic, time.sleep))


def _refuse_unconfirmed(children: Sequence[Wanted], confirmed: Sequence[str]) -> None:
    bare = [child.name for child in children if child.name not in confirmed]
    if bare:
        raise AnsibleError(
            f"Nothing was removed: leftovers of {', '.join(bare)} were not named in confirm. Name every child whose"
            f" leftovers are to be removed: confirm: {[child.name for child in children]}."
        )
