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
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.guards import (
    controllers_left_behind,
    guard_findings,
    somebody_takes_hosts_in,
    versions_are_kept,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Plan, kubelet_root_dir
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.preflight import host_findings, view_of
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.probes import disabled_components
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.text import plan_text, status_table
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.model import Choice
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.rules import upgrade_findings
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.select import plan_upgrade, restricted
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.upgrade.text import upgrade_text
from ansible_collections.mke4k.core.plugins.plugin_utils._marks import marks_text
from ansible_collections.mke4k.core.plugins.plugin_utils._plan_action import PlanAction
from ansible_collections.mke4k.core.plugins.plugin_utils._plan_result import FAN_OUT_ABOVE, goal_of, plan_result

INSTALL, UPGRADE = "install", "upgrade"


class ActionModule(PlanAction):
    options = {
        "disruption": {"type": "raw", "default": "10%"},
        "fan_out_above": {"type": "int", "default": FAN_OUT_ABOVE},
        "waive": {"type": "list", "elements": "str", "default": []},
        "purpose": {"type": "str", "choices": [INSTALL, UPGRADE], "default": INSTALL},
        "only": {"type": "list", "elements": "str", "default": []},
        "canary": {"type": "raw", "default": 0},
        "backup": {"type": "bool", "default": False},
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
        findings = nodes.findings + guard_findings(members) + self._immutable(plan)
        of_hosts = host_findings(view_of(self.cluster, nodes.addresses, disabled_components(members)), args["nodes"])
        if args["purpose"] == UPGRADE:
            return self._upgrade(plan, findings, of_hosts, args)
        findings += of_hosts + versions_are_kept(members) + controllers_left_behind(members, args["in_play"])
        findings += somebody_takes_hosts_in(members, args["in_play"])
        return self._result(plan, findings, plan_text(plan), args)

    def _upgrade(
        self, plan: Plan, findings: list[Finding], of_hosts: list[Finding], args: dict[str, Any]
    ) -> dict[str, Any]:
        """The same members in the order of an upgrade; hosts that it is not about keep what they have."""
        members = list(plan.members.values())
        choice = Choice(tuple(args["in_play"]), tuple(args["only"]), canary(args["canary"]))
        upgrade = plan_upgrade(plan, choice, plan.window)
        chosen = [member.name for member in members if choice.has(member.name)]
        workers = [host.name for host in self.cluster.hosts if not host.is_controller]
        findings = without_hosts(findings, [name for name in workers if not choice.has(name)])
        findings += without_hosts(of_hosts, [host.name for host in self.cluster.hosts if not choice.has(host.name)])
        findings += upgrade_findings(members, choice) + controllers_left_behind(members, chosen)
        text = upgrade_text(plan, upgrade, backup=args["backup"])
        result = self._result(restricted(plan, upgrade), findings, text, args)
        result["plan"]["upgrade"] = {**upgrade.to_dict(), "hosts": upgrade.hosts}
        return result

    def _result(self, plan: Plan, findings: list[Finding], text: list[str], args: dict[str, Any]) -> dict[str, Any]:
        planned = plan_result(self.cluster, plan, args["fan_out_above"])
        return {
            "changed": False,
            "plan": planned,
            "text": [*text, *marks_text(planned["marks"])],
            "status": status_table(list(plan.members.values())),
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


def canary(wanted: Any) -> int | tuple[str, ...]:
    """`3`, `"3"`, `[n4, n5]` or `"n4,n5"`."""
    if isinstance(wanted, (list, tuple)):
        return tuple(str(name) for name in wanted)
    text = str(wanted if wanted is not None else "").strip()
    if not text or text.isdigit():
        return int(text or 0)
    return tuple(name.strip() for name in text.split(",") if name.strip())


def without_hosts(findings: list[Finding], hosts: list[str]) -> list[Finding]:
    """What is wrong with hosts that a run leaves alone is no reason to stop it."""
    return [finding for finding in findings if finding.path not in [f"host {name}" for name in hosts]]
