# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""node_change on a host that is played: its k0s takes as long to change as the inventory says."""

from __future__ import annotations

import json
import time
from typing import Any

from ansible_collections.mke4k.core.plugins.action.node_change import ActionModule as NodeChangeAction


class ActionModule(NodeChangeAction):
    """Everything but k0s_node is real: Ansible's window, the drain, the waits."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        begin = time.time()
        result: dict[str, Any] = super().run(tmp, task_vars)
        line = {"node": self._task_vars["inventory_hostname"], "begin": begin, "end": time.time()}
        line.update(failed=bool(result.get("failed")), msg=str(result.get("msg", "")), steps=result.get("steps"))
        with open(str(self._task_vars["bench_log"]), "a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        return result

    def _k0s_node(self, only_ask: bool) -> dict[str, Any]:
        time.sleep(float(self._task_vars["bench_seconds"]))
        return {"changed": True, "changes": [{"kind": "restart"}], "node": {"running": True}}
