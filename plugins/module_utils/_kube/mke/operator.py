# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a cluster with k0rdent to one whose services mke-operator looks after.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._config.document import API_VERSION, KIND
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ConfigError, errors_of
from ansible_collections.mke4k.core.plugins.module_utils._config.immutable import compare
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.mke_config import (
    MkeObjects,
    without_hidden,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import CREATED, UNCHANGED, apply_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import ChartSpec, install_charts, read_charts
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.mke.ready import operator_is_done
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import MET
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.workloads import deployment_available

# Name of the operator's Deployment, as Mirantis' documentation has it.
DEPLOYMENT = "mke-operator-controller-manager"
ADOPTED = "adopted"
_PULL_ERRORS = ("not found", "x509", "unauthorized", "credential", "denied", "no such host", "connection refused")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """`chart` has the fields of a ChartSpec. With a `timeout` of 0 nothing is waited for but the chart."""

    cluster: Cluster
    objects: MkeObjects
    chart: Mapping[str, Any]
    timeout: float

    @property
    def config_ref(self) -> Ref:
        return Ref(API_VERSION, KIND, self.cluster.name, self.cluster.namespace)

    @property
    def deployment_ref(self) -> Ref:
        return Ref("apps/v1", "Deployment", DEPLOYMENT, self.cluster.namespace)


@dataclass(frozen=True)
class Done:
    """`config` is the MkeConfig in the cluster; None where there is none, as in a dry run before an installation."""

    changed: bool
    chart: Dict[str, Any]
    config: Optional[Mapping[str, Any]] = field(default=None, repr=False)
    diffs: List[Dict[str, Any]] = field(default_factory=list, repr=False)


def converge(api: Optional[Api], wish: Wish, *, dry_run: bool, progress: Progress) -> Done:
    """From what is to what should be. `api` is None where there is no cluster yet, which only a dry run may meet."""
    if api is None:
        return Done(True, _shown(wish.chart, CREATED))
    live = api.get(wish.config_ref)
    refuse_impossible(wish.cluster, live)
    chart = _install(api, wish, dry_run=dry_run, progress=progress)
    wanted = without_hidden(wish.objects.config, live)
    applied = apply_all(api, [*wish.objects.secrets, wanted], dry_run=dry_run, known={wish.config_ref: live})
    changed = applied.changed or chart["action"] not in (UNCHANGED, ADOPTED)
    if dry_run or not wish.timeout or (not changed and operator_is_done(live).state == MET):
        return Done(changed, chart, live, applied.diffs())
    return Done(changed, chart, _ready(api, wish, progress), applied.diffs())


def refuse_impossible(cluster: Cluster, live: Optional[Mapping[str, Any]]) -> None:
    """What MKE would not, or must not, change of a live cluster; told before anything is touched."""
    findings = errors_of(compare(cluster, live)) if live is not None else ()
    if findings:
        raise ConfigError(findings)


def explained(error: KubeError, chart: Mapping[str, Any]) -> KubeError:
    """The error of a chart that could not be pulled says how the true reference is found."""
    text = str(error)
    if not any(word in text.lower() for word in _PULL_ERRORS):
        return error
    return KubeError(
        f"{text}\nThe chart of mke-operator was looked for as {chart['chart']} {chart['version']}. Mirantis does not"
        " publish its reference: `mkectl airgap list-charts` shows that of a release; give it as mke4k_operator_chart"
        " (and mke4k_operator_chart_version). Everything before mke-operator (k0s, Calico, k0rdent) is done and stays.",
        **error.details,
    )


def _install(api: Api, wish: Wish, *, dry_run: bool, progress: Progress) -> Dict[str, Any]:
    spec = ChartSpec.from_dict(wish.chart)
    charts = read_charts(api)
    # An operator without a Chart object is mkectl's, or a person's.
    if spec.name not in charts and api.get(wish.deployment_ref) is not None:
        return _shown(wish.chart, ADOPTED)
    try:
        outcome = install_charts(
            api, [spec], dry_run=dry_run, timeout=spec.timeout_seconds, progress=progress, known=charts
        )
    except KubeError as error:
        raise explained(error, wish.chart) from error
    return _shown(wish.chart, outcome.changes[0].action)


def _ready(api: Api, wish: Wish, progress: Progress) -> Optional[Mapping[str, Any]]:
    """Until the operator says that it has done what the MkeConfig asks for."""
    wanted = [
        Wanted(wish.deployment_ref, deployment_available(), "mke-operator"),
        Wanted(wish.config_ref, operator_is_done, "services of MKE"),
    ]
    return wait_all(api, wanted, wish.timeout, progress).get(wish.config_ref)


def _shown(chart: Mapping[str, Any], action: str) -> Dict[str, Any]:
    return {"name": chart["name"], "reference": chart["chart"], "version": chart["version"], "action": action}
