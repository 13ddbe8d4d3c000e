# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the pods' network as mke4.yaml says. Runs on the control node."""

from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.layers import CALICO
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import TIGERA
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import (
    VXLAN_VNI,
    calico_chart,
    calico_expectations,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.network import (
    ADOPTED,
    CREATED,
    Outcome,
    Request,
    bring,
    chart_result,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.table import described, network_table
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NoCluster
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import CONFIG_OPTIONS, KubeAction


class ActionModule(KubeAction):
    layer = CALICO
    options = {
        **CONFIG_OPTIONS,
        "chart": {"type": "str", "default": ""},
        "vxlan_vni": {"type": "int", "default": VXLAN_VNI},
        "chart_timeout": {"type": "int", "default": 600},
        "timeout": {"type": "int", "default": 600},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        expected = calico_expectations(self.cluster, args["vxlan_vni"])
        chart = None
        if expected.engine == TIGERA:
            chart = calico_chart(self.cluster, args["chart"], args["vxlan_vni"])
        request = Request(expected, chart, args["timeout"], args["chart_timeout"], dry_run=self.check_mode)
        try:
            found = bring(self.api, request, self.progress)
        except NoCluster:
            return self._predicted(request)
        network = described(expected, found.seen)
        return {
            "changed": found.changed,
            "chart": chart_result(chart, found.chart_action),
            "network": network,
            "differences": list(found.differing),
            "lacking": list(found.lacking),
            "probe_due": found.changed or not found.seen.confirmed,
            "text": [*network_table(network), *_remarks(found)],
            "diff": list(found.diffs) if self.diff else [],
            **_warnings(found),
        }

    @staticmethod
    def _predicted(request: Request) -> dict[str, Any]:
        """In check mode before the first installation."""
        installs = request.chart is not None
        what = f"Calico {request.expected.version} would be installed" if installs else "nothing would be installed"
        return {
            "changed": installs,
            "chart": chart_result(request.chart, CREATED if installs else ""),
            "network": {},
            "differences": [],
            "lacking": [],
            "probe_due": True,
            "text": [f"There is no cluster yet; {what}."],
            "diff": [],
        }


def _remarks(found: Outcome) -> list[str]:
    lines = [f"differs from mke4.yaml: {line}" for line in found.differing]
    return lines + [f"not ready: {line}" for line in found.lacking]


def _warnings(found: Outcome) -> dict[str, Any]:
    """Calico of somebody else is left as it is."""
    if found.chart_action != ADOPTED or not found.differing:
        return {}
    lines = "; ".join(found.differing)
    return {"warnings": [f"Calico was installed by somebody else and is left as it is, but mke4.yaml differs: {lines}"]}
