# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a k0rdent is there already, where it is, and whose it is.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube import helm
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.names import (
    HELM_RELEASE,
    MANAGEMENT,
    NAME,
    SECRET,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.releases import version_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

CHART = Ref("helm.k0sproject.io/v1beta1", "Chart", NAME, "kube-system")
_CURRENT = f"{helm.SELECTOR},name={NAME},status notin (superseded)"


@dataclass(frozen=True)
class Found:
    """What there is. `chart` is the Chart object of k0s by which this collection installs; `release` Helm's record."""

    management: Optional[Mapping[str, Any]] = None
    release: Optional[helm.Release] = None
    chart: Optional[Mapping[str, Any]] = None
    flux_namespace: str = ""

    @property
    def is_there(self) -> bool:
        return self.management is not None or self.release is not None or self.chart is not None

    @property
    def is_foreign(self) -> bool:
        """Whether somebody else has installed it."""
        return self.is_there and self.chart is None

    @property
    def namespace(self) -> str:
        """The system namespace, empty where nothing tells it."""
        if self.release is not None:
            return self.release.namespace
        if self.chart is not None:
            return str((self.chart.get("spec") or {}).get("namespace") or "")
        return self.flux_namespace

    @property
    def version(self) -> str:
        """Of the chart, as far as somebody tells: Helm, the Release that the Management names, or the Chart object.

        k0rdent upgrades itself by a new Release, of which the Chart object knows nothing.
        """
        if self.release is not None and self.release.version:
            return self.release.version
        name = str(((self.management or {}).get("spec") or {}).get("release") or "")
        return version_of(name) or str(((self.chart or {}).get("spec") or {}).get("version") or "")


def find(api: Api) -> Found:
    """Looks in two requests where this collection has installed it, in three or four elsewhere."""
    chart, management = api.get(CHART), api.get(MANAGEMENT)
    if chart is not None:
        return Found(management, chart=chart)
    records = helm.current(helm.releases(api.list(SECRET, labels=_CURRENT).items))
    named = [record for (_namespace, name), record in sorted(records.items()) if name == NAME and _is_k0rdent(record)]
    if named:
        return Found(management, release=named[0])
    return Found(management, flux_namespace=_flux_namespace(api) if management is not None else "")


def _is_k0rdent(record: helm.Release) -> bool:
    """Others may call a release of theirs `kcm` too; a record that cannot be read is taken for k0rdent's."""
    return not record.chart or "kcm" in record.chart or "k0rdent" in record.chart


def _flux_namespace(api: Api) -> str:
    found = api.list(HELM_RELEASE, fields=f"metadata.name={NAME}").items
    return str((found[0].get("metadata") or {}).get("namespace") or "") if found else ""
