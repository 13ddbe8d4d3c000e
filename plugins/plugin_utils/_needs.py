# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hosts have to find in the registries of a cluster, with the references that variables name.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.layers import CALICO, K0RDENT, MKE_OPERATOR
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.render.needs import platform_charts, registry_probes
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables

_FLAG = "--disable-components="
_VARIABLES = {
    CALICO: "mke4k_calico_chart",
    K0RDENT: "mke4k_k0rdent_chart",
    "k0rdent_registry": "mke4k_k0rdent_registry",
    MKE_OPERATOR: "mke4k_operator_chart",
}


def chart_references(variables: Variables) -> dict[str, str]:
    """The charts that variables name; a version alone is none."""
    found = {name: variables.text(variable) for name, variable in _VARIABLES.items()}
    return {name: text for name, text in found.items() if "/" in text}


def registry_probes_of(
    cluster: Cluster, layers: Collection[str], variables: Variables, specs: Iterable[Any]
) -> dict[str, list[dict[str, Any]]]:
    """By host, what k0s_preflight looks for. Holds logins."""
    flags = [item[len(_FLAG) :] for spec in specs for item in spec.arguments if item.startswith(_FLAG)]
    disabled = {name for text in flags for name in text.split(",")}
    charts = platform_charts(cluster, layers, chart_references(variables))
    return {host.name: registry_probes(cluster, host, disabled, charts) for host in cluster.hosts}
