# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions on the control node that start from mke4.yaml.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ConfigError
from ansible_collections.mke4k.core.plugins.plugin_utils._task_action import TaskAction


class ConfigTask(TaskAction):
    """A subclass says its options and `outcome`; mistakes in mke4.yaml are the failure of the task."""

    common_options = {"config": {"type": "raw"}, "config_file": {"type": "path"}}

    def _guarded(self) -> dict[str, Any]:
        try:
            return super()._guarded()
        except ConfigError as error:
            findings = [finding.to_dict() for finding in error.findings]
            return {"failed": True, "msg": str(error), "findings": findings}
