# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the removal of hosts from the cluster. Runs on the control node and touches no host."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.removal.build import plan_removal
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.removal.text import removal_text
from ansible_collections.mke4k.core.plugins.plugin_utils._cluster import cluster_of
from ansible_collections.mke4k.core.plugins.plugin_utils._config_task import ConfigTask
from ansible_collections.mke4k.core.plugins.plugin_utils._membership import (
    MEMBERSHIP_OPTIONS,
    machines_of,
    names_of,
    sights_of,
)


class ActionModule(ConfigTask):
    _requires_connection = False
    options = {
        "remove": {"type": "raw", "required": True},
        "disruption": {"type": "raw", "default": "10%"},
        **MEMBERSHIP_OPTIONS,
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        cluster = cluster_of(args, self._task_vars, self._loader).require()
        machines = machines_of(cluster, args["nodes"])
        sights = sights_of(machines, args["members"])
        try:
            removal = plan_removal(
                machines, sights, names_of(args["remove"]), cluster.external_host, args["disruption"]
            )
        except ValueError as error:
            raise AnsibleError(str(error)) from error
        return {
            "changed": False,
            "plan": removal.to_dict(),
            "text": removal_text(removal),
            "findings": [finding.to_dict() for finding in removal.findings],
        }
