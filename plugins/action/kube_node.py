# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cordons, drains, marks, removes and checks nodes through the Kubernetes API."""

from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.check import CHANGE, REMOVAL, check
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.present import Marks
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.wish import DRAIN_OPTIONS, DrainWish
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.work import Done, Work, work
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction

TAINT: dict[str, Any] = {
    "key": {"type": "str", "required": True},
    "value": {"type": "str", "default": ""},
    "effect": {"type": "str", "choices": ["NoSchedule", "PreferNoSchedule", "NoExecute"], "required": True},
}


class ActionModule(KubeAction):
    options = {
        "names": {"type": "list", "elements": "str", "required": True, "aliases": ["name"]},
        "state": {
            "type": "str",
            "choices": ["absent", "checked", "cordoned", "drained", "present", "uncordoned"],
            "default": "present",
        },
        "labels": {"type": "dict"},
        "annotations": {"type": "dict"},
        "taints": {"type": "list", "elements": "dict", "options": TAINT},
        "drain": {"type": "dict", "default": {}, "options": DRAIN_OPTIONS},
        "purpose": {"type": "str", "choices": [CHANGE, REMOVAL], "default": CHANGE},
        "timeout": {"type": "int", "default": 300},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        names = list(dict.fromkeys(args["names"]))
        api = self.api_or_none
        if api is None or not names:
            return {"changed": False, "nodes": [], "findings": []}
        wish = DrainWish.of(args["drain"])
        if args["state"] == "checked":
            found = check(api, names, wish, args["purpose"])
            return {"changed": False, "nodes": [], "findings": [item.to_dict() for item in found]}
        return self._worked(api, names, wish, args)

    def _worked(self, api: Api, names: list[str], wish: DrainWish, args: dict[str, Any]) -> dict[str, Any]:
        marks = Marks(_texts(args["labels"]), _texts(args["annotations"]), args["taints"])
        order = Work(args["state"], wish, marks, float(args["timeout"]), self.check_mode)
        done = work(api, names, order, self.progress)
        result: dict[str, Any] = {
            "changed": any(item.changed for item in done),
            "nodes": [item.to_dict() for item in done],
        }
        if self.diff:
            result["diff"] = [_diff(item) for item in done if item.changed]
        return result


def _texts(values: dict[str, Any] | None) -> dict[str, str] | None:
    """As Kubernetes has them: YAML makes a number or a truth value of what looks like one."""
    if values is None:
        return None
    return {str(key): _text(value) for key, value in values.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _diff(done: Done) -> dict[str, str]:
    header = f"Node {done.name}"
    after = "".join(f"{line}\n" for line in done.lines)
    return {"before_header": header, "after_header": header, "before": "", "after": after}
