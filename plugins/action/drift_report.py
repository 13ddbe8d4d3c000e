# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells where a cluster differs from its file. Runs on the control node."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleConnectionFailure, AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._config.errors import ReportedError
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.plugins.plugin_utils._drift import (
    K0S,
    SAME,
    UNKNOWN,
    Row,
    host_rows,
    layer_rows,
    message,
    status_of,
    stranger_rows,
    text,
)
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import CONFIG_OPTIONS, KubeAction
from ansible_collections.mke4k.core.plugins.plugin_utils._private_file import hindrance, write_private

NODE = Kind("v1", "Node")


class ActionModule(KubeAction):
    options = {
        **CONFIG_OPTIONS,
        "request_timeout": {"type": "int", "default": 20},
        "plan": {"type": "dict", "required": True},
        "nodes": {"type": "dict", "required": True},
        "layers": {"type": "dict", "default": {}},
        "dest": {"type": "path", "default": ""},
        "fail": {"type": "bool", "default": True},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        rows = [*host_rows(args["plan"]), *self._strangers(args["nodes"])]
        for layer, result in args["layers"].items():
            rows += layer_rows(layer, result if isinstance(result, Mapping) else None)
        status = status_of(rows)
        told = {"cluster": self.cluster.name, "status": status, "differences": [row.to_dict() for row in rows]}
        if args["dest"]:
            self._write(args["dest"], told)
        lines, reason = text(rows), message(status, rows) if status != SAME else ""
        result = {"changed": False, "path": args["dest"] or "", **told, "message": reason, "text": lines}
        if reason and args["fail"]:
            result.update(failed=True, msg="\n".join([f"{reason}:", *lines]))
        return result

    def _strangers(self, results: Mapping[str, Any]) -> list[Row]:
        """Who is in the cluster although the file does not know it."""
        states = {
            name: result["node"] for name, result in results.items() if isinstance(result, Mapping) and "node" in result
        }
        hosts = [host.name for host in self.cluster.hosts]
        rows: list[Row] = []
        nodes = None
        try:
            nodes = self.api.list(NODE).items
        except (ReportedError, AnsibleConnectionFailure, AnsibleError) as error:
            why = " ".join(str(error).split())
            rows.append(Row(K0S, "Nodes", f"could not be compared: {why}", UNKNOWN))
        return [*rows, *stranger_rows(hosts, states, nodes)]

    def _write(self, dest: str, told: Mapping[str, Any]) -> None:
        """For a monitor: only the time differs where nothing else does."""
        path = os.path.abspath(dest)
        problem = hindrance(path)
        if not problem:
            document = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **told}
            try:
                write_private(path, json.dumps(document, indent=1) + "\n")
            except OSError as error:
                problem = str(error.strerror or error)
        if problem:
            raise AnsibleError(
                f"The report could not be written to {path} on the control node: {problem}. Set dest of this task, or "
                "mke4k_drift_report of the playbook, to a path that this user may write"
            )
