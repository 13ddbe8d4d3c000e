# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports all findings of a preflight at once. Runs on the control node and touches no host."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.plugin_utils._arguments import checked
from ansible_collections.mke4k.core.plugins.plugin_utils._report import count, report

OPTIONS: dict[str, Any] = {
    "findings": {"type": "list", "elements": "dict", "required": True},
    "waive": {"type": "list", "elements": "str", "default": []},
}


class ActionModule(ActionBase):  # type: ignore[misc]
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        args = checked(OPTIONS, self._task.args)
        findings = _without_repetition([Finding(**item) for item in args["findings"]])
        errors = [item for item in findings if item.severity == "error" and item.name not in args["waive"]]
        others = [item for item in findings if item not in errors]
        for finding in others:
            Display().warning(finding.text())
        result.update(
            changed=False,
            errors=[item.to_dict() for item in errors],
            warnings_found=[item.to_dict() for item in others],
        )
        if errors:
            result.update(failed=True, msg=_failure(errors))
        return result


def _without_repetition(findings: list[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))


def _failure(errors: list[Finding]) -> str:
    title = f"Preflight found {count(len(errors), 'error')}; nothing was changed:"
    return f"{report(errors, title)}\nA finding can be waived by its name in k0s_waive."
