# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans what a run would change. Runs on the control node and touches no host."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.immutable import compare
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.build import make_plan
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.guards import controllers_left_behind, guard_findings
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Plan, kubelet_root_dir
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.preflight import host_findings, view_of
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.probes import disabled_components
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.text import plan_text, status_table
from ansible_collections.mke4k.core.plugins.plugin_utils._plan_action import PlanAction
from ansible_collections.mke4k.core.plugins.plugin_utils._plan_result import FAN_OUT_ABOVE, goal_of, plan_result


class ActionModule(PlanAction):
    options = {
        "disruption": {"type": "raw", "default": "10%"},
        "fan_out_above": {"type": "int", "default": FAN_OUT_ABOVE},
        "waive": {"type": "list", "elements": "str", "default": []},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        nodes = self.nodes
        if not any(spec.is_controller for spec in nodes.specs.values()):
            raise AnsibleError("\n".join(finding.text() for finding in nodes.findings))
        try:
            plan = make_plan(
                nodes.specs, nodes.states, nodes.addresses, args["disruption"], goal_of(self.cluster, self.layers)
            )
        except ValueError as error:
            raise AnsibleError(str(error)) from error
        members = list(plan.members.values())
        findings = nodes.findings + guard_findings(members) + controllers_left_behind(members, args["in_play"])
        findings += self._immutable(plan)
        findings += host_findings(view_of(self.cluster, nodes.addresses, disabled_components(members)), args["nodes"])
        return {
            "changed": False,
            "plan": plan_result(self.cluster, plan, args["fan_out_above"]),
            "text": plan_text(plan),
            "status": status_table(members),
            "findings": [finding.to_dict() for finding in findings],
            "stopped": any(item.severity == "error" and item.name not in args["waive"] for item in findings),
        }

    def _immutable(self, plan: Plan) -> list[Finding]:
        """What mke4.yaml would change of a live cluster that cannot be changed."""
        leader = plan.members[plan.leader].state
        if leader.running is None or not leader.joined:
            return []
        return compare(
            self.cluster,
            leader.running.cluster_config,
            data_dir=leader.running.data_dir,
            kubelet_root_dir=kubelet_root_dir(plan.members.values()),
        )
