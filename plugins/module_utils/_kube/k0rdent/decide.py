# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done about k0rdent, from what is there and what was asked for. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.charts import k0rdent_chart
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.find import Found
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.names import UI_SECRET, UI_SECRET_KEY
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.providers import Provider, united
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.releases import is_older

INSTALL = "install"
# Installed by this collection, and kept as it is: going back to an older version is not possible.
KEEP = "keep"
# Installed by somebody else.
ADOPT = "adopt"


@dataclass(frozen=True)
class Wish:
    """What a task asks for. Empty text means the release's own."""

    edition: str = "enterprise"
    chart: str = ""
    version: str = ""
    namespace: str = ""
    registry: str = ""
    k0s_url: str = ""
    ui: bool = True
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    providers: Sequence[Provider] = ()


@dataclass(frozen=True)
class Intent:
    """What will be done. `chart` has the fields of a ChartSpec; `notes` are for people."""

    action: str
    namespace: str
    chart: Mapping[str, Any] = field(repr=False)
    providers: Tuple[Provider, ...] = ()
    notes: Tuple[str, ...] = ()

    @property
    def has_ui(self) -> bool:
        """Whether the UI's password is in the hands of this collection."""
        values = self.chart.get("values") or {}
        return self.action == INSTALL and bool((values.get("k0rdent-ui") or {}).get("enabled"))


def decide(found: Found, wish: Wish, cluster: Cluster) -> Intent:
    chart = _chart(wish, cluster, found.namespace)
    if wish.namespace and found.is_there and found.namespace not in ("", wish.namespace):
        raise KubeError(
            f"k0rdent was asked for in the namespace {wish.namespace}, but it runs in {found.namespace} already, and"
            " cannot be moved. Leave the namespace empty to use it where it is. Nothing was changed.",
            namespace=found.namespace,
        )
    action, notes = _action(found, str(chart["version"]))
    namespace = found.namespace or str(chart["namespace"])
    from_file = [Provider.of(item) for item in cluster.value("k0rdent.providers", [])]
    return Intent(action, namespace, chart, tuple(united(from_file, wish.providers)), tuple(notes))


def _chart(wish: Wish, cluster: Cluster, namespace: str) -> Mapping[str, Any]:
    options = {
        "edition": wish.edition,
        "chart": wish.chart,
        "version": wish.version,
        "namespace": wish.namespace or namespace,
        "registry": wish.registry,
        "k0s_url": wish.k0s_url,
        "values": wish.values,
        "ui_enabled": wish.ui,
        "ui_secret": {"name": UI_SECRET, "key": UI_SECRET_KEY},
    }
    return k0rdent_chart(cluster, options)


def _action(found: Found, wanted: str) -> Tuple[str, List[str]]:
    if not found.is_there:
        return INSTALL, []
    there = f"k0rdent {found.version or '(version unknown)'} in namespace {found.namespace or '(unknown)'}"
    if found.is_foreign:
        return ADOPT, [f"{there} was installed by somebody else and is left as it is.", *_other(found, wanted)]
    if is_older(wanted, found.version):
        return KEEP, [
            f"{there} is newer than the {wanted} that was asked for. It is left as it is: k0rdent cannot go back."
        ]
    return INSTALL, []


def _other(found: Found, wanted: str) -> List[str]:
    if not is_older(found.version, wanted):
        return []
    return [f"It is older than the {wanted} of this MKE release; upgrade it the way it was installed."]
