# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports all findings of a preflight at once. Runs on the control node and touches no host."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.plugin_utils._arguments import checked
from ansible_collections.mke4k.core.plugins.plugin_utils._report import count, report

HOST = "host "
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
        findings = _grouped([Finding(**item) for item in args["findings"]])
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


def _grouped(findings: list[Finding]) -> list[Finding]:
    """What is the same on several hosts is told once, with the names of all of them."""
    paths: dict[Finding, list[str]] = {}
    for finding in findings:
        paths.setdefault(replace(finding, path=""), []).append(finding.path)
    return [replace(finding, path=_joined(list(dict.fromkeys(listed)))) for finding, listed in paths.items()]


def _joined(paths: list[str]) -> str:
    hosts = [path[len(HOST) :] for path in paths if path.startswith(HOST)]
    if len(hosts) < 2 or len(hosts) < len(paths):
        return ", ".join(paths)
    return f"hosts {', '.join(hosts)}"


def _failure(errors: list[Finding]) -> str:
    title = f"Preflight found {count(len(errors), 'error')}; nothing was changed:"
    return f"{report(errors, title)}\nA finding can be waived by its name in k0s_waive."
