# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes k0s on one host while its pods are elsewhere: drain, k0s_node, wait, uncordon, in one task."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.wish import DRAIN_OPTIONS, DrainWish
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction
from ansible_collections.mke4k.core.plugins.plugin_utils._node_change import NodeChange, Wish
from ansible_collections.mke4k.core.plugins.plugin_utils._run_marks import RunMarks

MODULE = "mke4k.core.k0s_node"


class ActionModule(KubeAction):
    options = {
        "node": {"type": "str"},
        "change": {"type": "dict", "required": True},
        "restarts": {"type": "bool"},
        "drain": {"type": "dict", "default": {}, "options": DRAIN_OPTIONS},
        "batch": {"type": "str", "default": ""},
        "max_failures": {"type": "int", "default": 0},
        "pause": {"type": "int", "default": 0},
        "ready_timeout": {"type": "int", "default": 300},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        host = str(self._task_vars.get("inventory_hostname") or "")
        wish = Wish(
            host=host,
            node=host if args["node"] is None else args["node"],
            version=str(args["change"].get("version") or ""),
            leads=args["change"].get("role", "worker") != "worker",
            # Elsewhere the Node may lack what is installed later, such as the network.
            until_ready=args["change"].get("wait_for", "serving") == "serving",
            restarts=args["restarts"],
            drain=DrainWish.of(args["drain"]),
            max_failures=args["max_failures"],
            pause=args["pause"],
            ready_timeout=args["ready_timeout"],
            dry_run=self.check_mode,
        )
        marks = RunMarks(args["batch"])
        return NodeChange(wish, lambda: self.api_or_none, self._k0s_node, marks, self.progress).run()

    def _k0s_node(self, only_ask: bool) -> dict[str, Any]:
        """The whole action of k0s_node, with its upload, on the host of this task."""
        task = self._task.copy()
        task.args = dict(self._args["change"])
        task.check_mode = self.check_mode or only_ask
        action = self._shared_loader_obj.action_loader.get(
            MODULE,
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        if action is None:
            raise AnsibleError(f"the action {MODULE} of this collection was not found")
        return dict(action.run(task_vars=dict(self._task_vars)))
