# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs mke-operator with the MkeConfig of mke4.yaml. Runs on the control node."""

from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.layers import MKE_OPERATOR
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.charts import operator_chart
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.mke_config import mke_objects
from ansible_collections.mke4k.core.plugins.module_utils._kube.mke.operator import Wish, converge
from ansible_collections.mke4k.core.plugins.module_utils._kube.mke.services import service_table
from ansible_collections.mke4k.core.plugins.module_utils._kube.mke.status import read_services
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import CONFIG_OPTIONS, KubeAction
from ansible_collections.mke4k.core.plugins.plugin_utils._mke_inputs import CERTIFICATES, additions


class ActionModule(KubeAction):
    layer = MKE_OPERATOR
    options = {
        **CONFIG_OPTIONS,
        "chart": {"type": "str", "default": ""},
        "chart_timeout": {"type": "int", "default": 600},
        "timeout": {"type": "int", "default": 1800},
        "wait": {"type": "bool", "default": True},
        "license": {"type": "str", "default": "", "no_log": True},
        "license_file": {"type": "path"},
        "certificates": {"type": "dict", "options": CERTIFICATES},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        cluster = self.cluster
        wish = Wish(
            cluster=cluster,
            objects=mke_objects(cluster, self.written_spec, additions(args, cluster)),
            chart={**operator_chart(cluster, args["chart"]), "timeout_seconds": args["chart_timeout"]},
            timeout=args["timeout"] if args["wait"] else 0,
        )
        done = converge(self.api_or_none, wish, dry_run=self.check_mode, progress=self.progress)
        rows = read_services(self.api, cluster, done.config) if done.config is not None else []
        return {
            "changed": done.changed,
            "chart": done.chart,
            "services": [row.to_dict() for row in rows],
            "text": service_table(rows) if rows else [],
            **({"diff": done.diffs} if self.diff else {}),
        }
