# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks an mke4.yaml and shows the cluster in it. Runs on the control node and touches no host."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.plugin_utils._arguments import checked
from ansible_collections.mke4k.core.plugins.plugin_utils._cluster import find_cluster
from ansible_collections.mke4k.core.plugins.plugin_utils._config_result import config_result
from ansible_collections.mke4k.core.plugins.plugin_utils._keys import Credentials, connections
from ansible_collections.mke4k.core.plugins.plugin_utils._play import refuse_part
from ansible_collections.mke4k.core.plugins.plugin_utils._report import count, report, show_warnings, stops
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables

OPTIONS: dict[str, Any] = {
    "config": {"type": "raw"},
    "config_file": {"type": "path"},
    "strict": {"type": "bool", "default": False},
    "waive": {"type": "list", "elements": "str", "default": []},
    "whole_play": {"type": "bool", "default": False},
}


class ActionModule(ActionBase):  # type: ignore[misc]
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False
    _supports_diff = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        args = checked(OPTIONS, self._task.args)
        variables = Variables(task_vars or {}, self._loader)
        if args["whole_play"]:
            refuse_part(self._task, task_vars or {}, variables)
        found = find_cluster(args, variables, self._loader)
        hosts = found.loaded.cluster.hosts if found.loaded.cluster else ()
        keys = connections(found.entries, hosts, found.source.directory, variables, Credentials.of_run())
        findings = [*found.loaded.findings, *keys.findings]
        stopping = [finding for finding in findings if stops(finding, args["waive"], args["strict"])]
        show_warnings(Display(), [finding for finding in findings if finding not in stopping], args["waive"])
        if stopping or found.loaded.cluster is None:
            title = f"{count(len(stopping), 'mistake')} in the MkeConfig of {found.source.origin}:"
            listed = [finding.to_dict() for finding in findings]
            return {**result, "failed": True, "msg": report(stopping, title), "findings": listed}
        return {**result, **config_result(found, variables, findings, keys.of_host)}
