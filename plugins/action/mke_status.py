# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows the services of an MKE 4k cluster. Runs on the control node."""

from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.layers import MKE_OPERATOR
from ansible_collections.mke4k.core.plugins.module_utils._kube.mke.services import service_table
from ansible_collections.mke4k.core.plugins.module_utils._kube.mke.status import read_services
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import CONFIG_OPTIONS, KubeAction


class ActionModule(KubeAction):
    layer = MKE_OPERATOR
    options = CONFIG_OPTIONS

    def outcome(self, _args: dict[str, Any]) -> dict[str, Any]:
        rows = read_services(self.api, self.cluster)
        return {
            "changed": False,
            "ready": bool(rows) and all(row.ready for row in rows),
            "services": [row.to_dict() for row in rows],
            "text": service_table(rows),
        }
