# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks whether an account in AWS has what children need. Runs on the control node, and changes nothing."""

from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._aws.identity import who_am_i
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.model import (
    ERROR,
    UNCHECKED,
    WARNING,
    needs_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.run import (
    CHECKS,
    Preflight,
    failure_of,
    report,
)
from ansible_collections.mke4k.core.plugins.plugin_utils._aws_action import AwsAction

FAIL_ON = {
    "error": (ERROR,),
    "warning": (ERROR, WARNING),
    "unchecked": (ERROR, WARNING, UNCHECKED),
    "never": (),
}


class ActionModule(AwsAction):
    options = {
        "children": {"type": "list", "elements": "dict", "required": True},
        "checks": {"type": "list", "elements": "str", "choices": list(CHECKS), "default": list(CHECKS)},
        "fail_on": {"type": "str", "choices": list(FAIL_ON), "default": "error"},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        needs = needs_of(args["children"])
        who = who_am_i(self.aws)
        findings = Preflight(self.aws, who, needs, args["checks"]).findings()
        result = {"changed": False, "account": who.account, "arn": who.arn, **report(findings)}
        bad = [each for each in findings if each.severity in FAIL_ON[args["fail_on"]]]
        return {**result, "failed": True, "msg": failure_of(bad)} if bad else result
