# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans how a cluster without a quorum goes on. Runs on the control node and touches no host."""

from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.recovery import plan_recovery, recovery_text
from ansible_collections.mke4k.core.plugins.plugin_utils._cluster import cluster_of
from ansible_collections.mke4k.core.plugins.plugin_utils._config_task import ConfigTask
from ansible_collections.mke4k.core.plugins.plugin_utils._membership import MEMBERSHIP_OPTIONS, machines_of, sights_of


class ActionModule(ConfigTask):
    _requires_connection = False
    options = {
        "survivor": {"type": "str", "default": ""},
        **MEMBERSHIP_OPTIONS,
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        cluster = cluster_of(args, self._task_vars, self._loader).require()
        machines = machines_of(cluster, args["nodes"])
        found = plan_recovery(machines, sights_of(machines, args["members"]), args["survivor"])
        return {
            "changed": False,
            "plan": found.to_dict(),
            "text": recovery_text(found),
            "findings": [finding.to_dict() for finding in found.findings],
        }
