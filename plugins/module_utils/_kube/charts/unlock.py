# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Frees releases that a controller left locked when it stopped in the middle of its work.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Callable, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube import helm
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.decide import next_object
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.spec import ChartSpec
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.state import chart_state
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref

SECRETS = Kind("v1", "Secret")


def locked_records(api: Api, release: str, namespace: str) -> List[helm.Release]:
    """Helm's records by which somebody works on the release."""
    secrets = api.list(SECRETS, namespace=namespace, labels=f"{helm.SELECTOR},name={release}")
    return [item for item in helm.releases(secrets.items) if item.is_locked]


def unlock(api: Api, spec: ChartSpec, chart: Mapping[str, Any], progress: Optional[Callable[[str], None]]) -> None:
    """Removes Helm's record of work that died with its controller, and makes k0s try again.

    Only for a Chart whose error says so: k0s has tried it then, so nobody works on it any more.
    """
    pending = locked_records(api, spec.release, spec.namespace)
    if not pending:
        raise KubeError(
            f"Helm says that the release {spec.release} in {spec.namespace} is in use, but its records do not say that"
            f" somebody works on it: {chart_state(chart).error}. Look at it with `helm history`. A release of that name"
            " that somebody else made has to go first, or the chart needs another release name."
        )
    for item in pending:
        if progress:
            progress(f"chart {spec.name}: release {spec.release} was left locked ({item.status}) by a controller that"
                     " stopped; its record is removed")  # fmt: skip
        api.delete(Ref("v1", "Secret", item.secret, spec.namespace))
    api.apply(next_object(spec, chart))
