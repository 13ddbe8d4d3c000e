# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells which MKE release a cluster has and whether it may become that of mke4.yaml. Runs on the control node."""

from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.document import API_VERSION, KIND
from ansible_collections.mke4k.core.plugins.module_utils._config.layers import MKE_OPERATOR
from ansible_collections.mke4k.core.plugins.module_utils._config.release_change import release_change
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import CONFIG_OPTIONS, KubeAction


class ActionModule(KubeAction):
    layer = MKE_OPERATOR
    options = CONFIG_OPTIONS

    def outcome(self, _args: dict[str, Any]) -> dict[str, Any]:
        cluster = self.cluster
        found = release_change(cluster, self.api.get(Ref(API_VERSION, KIND, cluster.name, cluster.namespace)))
        return {
            "changed": False,
            "current": found.current,
            "target": found.target,
            "findings": [finding.to_dict() for finding in found.findings],
            "text": found.text(),
        }
