# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits until k0s works on no chart. Runs on the control node."""

from __future__ import annotations

from typing import Any

from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.settle import settle_charts
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotReachable
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction


class ActionModule(KubeAction):
    options = {"timeout": {"type": "int", "default": 900}}

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        api = self.api_or_none
        if api is None or self.check_mode:
            return {"changed": False, "charts": []}
        try:
            states = settle_charts(api, args["timeout"], self.progress)
        except NotReachable as error:
            # Without an API server k0s works on no chart, and the run may be the one that brings it back.
            Display().warning(f"Nobody could say whether k0s works on a chart: {error}")
            return {"changed": False, "charts": []}
        return {"changed": False, "charts": [state.to_dict() for state in states]}
