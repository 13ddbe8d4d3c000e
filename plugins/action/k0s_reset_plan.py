# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the reset of a cluster from what k0s_reset would do on its hosts. Runs on the control node, touches no host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.parsing.convert_bool import BOOLEANS_FALSE, BOOLEANS_TRUE

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.resetting.build import (
    DELETE,
    LEAVE,
    REFUSE,
    Choice,
    Seen,
    plan_reset,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.resetting.text import reset_text, staying_text
from ansible_collections.mke4k.core.plugins.plugin_utils._task_action import TaskAction


class ActionModule(TaskAction):
    _requires_connection = False
    _supports_diff = False
    options = {
        "cluster": {"type": "str", "required": True},
        "controllers": {"type": "list", "elements": "str", "required": True},
        "hosts": {"type": "list", "elements": "str", "default": []},
        "found": {"type": "dict", "required": True},
        "confirm": {"type": "str", "default": ""},
        "ignore_unreachable": {"type": "raw", "default": False},
        "children": {"type": "str", "choices": [REFUSE, DELETE, LEAVE], "default": REFUSE},
        "may_have_children": {"type": "bool", "default": False},
        "kubeconfig": {"type": "str", "default": ""},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        seen = [_seen(name, result, args["controllers"]) for name, result in args["found"].items()]
        everybody, ignored = ignored_hosts(args["ignore_unreachable"])
        choice = Choice(
            args["cluster"], args["confirm"], everybody, ignored, args["children"], args["may_have_children"]
        )
        plan = plan_reset(seen, [name for name in args["hosts"] if name not in args["found"]], choice)
        return {
            "changed": False,
            "plan": {
                "waves": [wave.to_dict() for wave in plan.waves],
                "leader": plan.leader,
                "changing": plan.changing,
            },
            "text": reset_text(args["cluster"], seen, plan),
            "staying": staying_text(args["kubeconfig"]) if args["kubeconfig"] else "",
            "findings": [finding.to_dict() for finding in plan.findings],
            "refusal": plan.refusal,
        }


def _seen(name: str, result: Any, controllers: list[str]) -> Seen:
    """From the result of k0s_reset in check mode; a host that is out of reach has another one."""
    known = isinstance(result, Mapping)
    if not known or result.get("unreachable") or result.get("failed") or "changes" not in result:
        reached = known and not result.get("unreachable")
        problem = str((result or {}).get("msg") or "there is no answer") if known else "there is no answer"
        return Seen(name, name in controllers, reached=reached, problem=problem.strip())
    node = result["node"]
    return Seen(
        name,
        name in controllers,
        running=bool(node["running"]),
        version=str(node["version"]),
        changes=tuple(Change.from_dict(change) for change in result["changes"]),
    )


def ignored_hosts(value: Any) -> tuple[bool, tuple[str, ...]]:
    """Whether every host may be out of reach, else which: a boolean, names, or text with commas."""
    if value is None or isinstance(value, bool):
        return bool(value), ()
    if isinstance(value, str):
        text = value.strip()
        if text.lower() in BOOLEANS_TRUE:
            return True, ()
        if text.lower() in BOOLEANS_FALSE or not text:
            return False, ()
        return False, tuple(name for name in text.replace(",", " ").split() if name)
    if isinstance(value, (list, tuple)):
        return False, tuple(str(name) for name in value)
    raise AnsibleActionFail(f"`ignore_unreachable` is neither a boolean nor names of hosts: {value!r}")
