# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what belongs to children in AWS, and removes what is left of those that are gone. Runs on the control node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError
from ansible_collections.mke4k.core.plugins.module_utils._aws.identity import who_am_i
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.belongs import belongings
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.model import Sought, sought_of
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.remove import Patience, Removed, remove
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.report import Found, text_of
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.scan import scan
from ansible_collections.mke4k.core.plugins.module_utils._aws.regions import enabled_regions
from ansible_collections.mke4k.core.plugins.plugin_utils._aws_action import AwsAction


class ActionModule(AwsAction):
    options = {
        "children": {"type": "list", "elements": "dict", "required": True},
        "remove": {"type": "bool", "default": False},
        "confirm": {"type": "list", "elements": "str", "default": []},
        "timeout": {"type": "int", "default": 300},
        "fail_on_orphans": {"type": "bool", "default": False},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        sought = sought_of(args["children"])
        if args["remove"]:
            _require_leave(sought, args["confirm"])
        if not sought:
            return self._result(args, sought, Found((), ()), Removed())
        who = who_am_i(self.aws)
        found = self._found(sought, who.partition)
        removed = Removed()
        if args["remove"]:
            removed = self._removed(found, float(args["timeout"]))
            if removed.done or removed.failures:
                found = found if self.check_mode else self._found(sought, who.partition)
        return {**self._result(args, sought, found, removed), "account": who.account}

    def _found(self, sought: Sequence[Sought], partition: str) -> Found:
        seen = scan(self.aws, sought, lambda: enabled_regions(self.aws, partition))
        return Found(tuple(belongings(seen.things, sought)), seen.unseen)

    def _removed(self, found: Found, seconds: float) -> Removed:
        if self.check_mode:
            return Removed(done=[each for each in found.orphans if each.removable])
        return remove(self.aws, found.orphans, Patience(seconds=seconds, say=self.progress))

    def _result(self, args: dict[str, Any], sought: Sequence[Sought], found: Found, removed: Removed) -> dict[str, Any]:
        text = text_of(found, sought, removed.failures)
        result = {
            "changed": bool(removed.done),
            **found.to_dict(removed.failures),
            "removed": [each.to_dict() for each in removed.done],
            "text": text,
        }
        if args["fail_on_orphans"] and not result["clean"]:
            return {**result, "failed": True, "msg": "\n".join([_headline(found), *text, *_advice(args, found)])}
        return result


def _require_leave(sought: Sequence[Sought], confirmed: Sequence[str]) -> None:
    live = [child.name for child in sought if child.exists]
    if live:
        raise AwsError(
            f"Nothing was removed: {', '.join(live)} still exist{'s' if len(live) == 1 else ''}. Delete"
            " children first (mke4k.core.child_cluster with state: absent): Cluster API then takes away what they have."
        )
    unsaid = [child.name for child in sought if child.exists is None]
    if unsaid:
        raise AwsError(
            f"Nothing was removed: nobody says whether {', '.join(unsaid)} may still exist."
            " Take the children from mke4k.core.child_cluster with mode: plan, or give exists: false for each."
        )
    missing = [child.name for child in sought if child.name not in confirmed]
    if missing:
        raise AwsError(f"Nothing was removed: name each child whose leftovers are to go in confirm: {missing}.")


def _headline(found: Found) -> str:
    if found.orphans:
        return "Something is left in AWS."
    return "It is not proven that nothing is left in AWS."


def _advice(args: dict[str, Any], found: Found) -> list[str]:
    advice = []
    if any(each.removable for each in found.orphans) and not args["remove"]:
        names = sorted({each.child for each in found.orphans})
        advice.append(f"To remove what is removable, set remove: true and confirm: {names}.")
    if found.unseen:
        advice.append("Allow what is missing (mke4k.core.aws_iam with checks: true has it), and run again.")
    return advice
