# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects on a host, and keeps what was collected on the control node."""

from __future__ import annotations

import base64
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.host import SUPPORT
from ansible_collections.mke4k.core.plugins.plugin_utils._arguments import checked
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import plain
from ansible_collections.mke4k.core.plugins.plugin_utils._private_file import write_private_bytes
from ansible_collections.mke4k.core.plugins.plugin_utils._support_parts import part_path

SHOWS_ANSWERS = 3


class ActionModule(ActionBase):  # type: ignore[misc]
    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        args = plain(checked(SUPPORT, self._task.args))
        path = part_path(args["dest"], str((task_vars or {})["inventory_hostname"]))
        context = self._connection._play_context
        no_log = context.no_log
        # ssh then shows what a module answers, and this is megabytes. It hides the reason of a failure as well.
        context.no_log = no_log or Display().verbosity >= SHOWS_ANSWERS
        try:
            answer = self._execute_module(
                module_name="mke4k.core.k0s_support", module_args=args, task_vars=task_vars or {}
            )
        finally:
            context.no_log = no_log
        archive = answer.pop("archive", None)
        result.update(answer)
        if archive:
            write_private_bytes(path, base64.b64decode(archive))
            result["path"] = path
        return result
