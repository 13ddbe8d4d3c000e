# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells when certificates end, and plans who renews them in which order. Runs on the control node."""

from __future__ import annotations

import time
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.certificates import TIME
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.build import window_size
from ansible_collections.mke4k.core.plugins.module_utils._k0s.rotate.due import BEFORE_DAYS, Policy, seconds
from ansible_collections.mke4k.core.plugins.module_utils._k0s.rotate.plan import (
    Holder,
    findings,
    reminders,
    report,
    summary,
    table,
    text,
    waves,
)
from ansible_collections.mke4k.core.plugins.plugin_utils._plan_action import PlanAction
from ansible_collections.mke4k.core.plugins.plugin_utils._plan_result import goal_of


class ActionModule(PlanAction):
    options = {
        "before_days": {"type": "float", "default": BEFORE_DAYS},
        "issued_before": {"type": "str", "default": ""},
        "all": {"type": "bool", "default": False},
        "disruption": {"type": "raw", "default": "10%"},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        policy = Policy(args["before_days"], _issued_before(args))
        holders = self._holders()
        workers = sum(1 for holder in holders if not holder.spec.is_controller)
        try:
            window = window_size(args["disruption"], workers)
        except ValueError as error:
            raise AnsibleError(str(error)) from error
        in_play = [holder for holder in holders if holder.name in args["in_play"]]
        planned = waves(in_play, policy, window)
        rows = report(holders, policy)
        found = [*self.nodes.findings, *findings(holders, policy)]
        return {
            "changed": False,
            "certificates": rows,
            "ending": [row for row in rows if row["days_left"] < policy.before_days],
            "table": table(rows),
            "summary": summary(rows),
            "text": text(in_play, policy, planned),
            "waves": [wave.to_dict() for wave in planned],
            "api_is_gone": any(holder.etcd_has_ended for holder in in_play),
            "peers": self._peers(),
            "before_days": policy.before_days,
            "issued_before": policy.issued_before,
            "wait_for": goal_of(self.cluster, self.layers),
            "reminders": [finding.to_dict() for finding in reminders(rows, policy.before_days)],
            "findings": [finding.to_dict() for finding in found],
        }

    def _holders(self) -> list[Holder]:
        nodes = self.nodes
        return [
            Holder(name, nodes.specs[name], state, float(nodes.facts[name].get("time") or time.time()))
            for name, state in nodes.states.items()
            if name in nodes.specs
        ]

    def _peers(self) -> dict[str, list[str]]:
        """By controller, the addresses of the others."""
        nodes = self.nodes
        controllers = [name for name, spec in nodes.specs.items() if spec.is_controller and nodes.states[name].joined]
        return {
            name: [nodes.addresses[other] for other in controllers if other != name and name in controllers]
            for name in nodes.specs
        }


def _issued_before(args: dict[str, Any]) -> float:
    """A time that was given lets a run that was ended go on where it stopped; `all` means now."""
    given = str(args["issued_before"]).strip()
    if not given:
        return time.time() if args["all"] else 0.0
    try:
        return seconds(given)
    except ValueError:
        example = time.strftime(TIME, time.gmtime())
        raise AnsibleError(
            f"issued_before (mke4k_rotate_issued_before) is {given!r}, not a time as {example}"
        ) from None
