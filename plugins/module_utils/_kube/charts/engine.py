# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts through k0s: its controllers install what Chart objects ask for, so that no helm binary is needed anywhere.

k0s works on one chart at a time, each install waits and is atomic. All charts of a call are handed over together.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube import helm
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import Change
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.decide import (
    UNCHANGED,
    Decision,
    decide,
    next_attempt,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import (
    CHARTS,
    NAMESPACE,
    chart_object,
    chart_ref,
    values_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.spec import ChartMistake, ChartSpec, check_specs
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.state import (
    ChartState,
    chart_state,
    deployed_check,
    is_deployed,
    is_locked,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.diff import redact
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, NotServed, WaitFailed
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all

Progress = Callable[[str], None]
# Helm locks a release at most so often in one call before somebody should look at it.
_UNLOCKS = 3
# Beside the chart's own time: for the pull, and for charts before it.
_MARGIN = 60.0


@dataclass(frozen=True)
class ChartsOutcome:
    """`changes` and `states` are in the order of the specs."""

    changes: Tuple[Change, ...] = ()
    states: Tuple[ChartState, ...] = field(default=())

    @property
    def changed(self) -> bool:
        return any(change.changed for change in self.changes)

    def diffs(self) -> List[Dict[str, Any]]:
        return [change.diff() for change in self.changes if change.changed]


def chart_states(api: Api) -> List[ChartState]:
    """All charts that k0s was asked for."""
    return [chart_state(item) for item in read_charts(api).values()]


def read_charts(api: Api) -> Dict[str, Dict[str, Any]]:
    """All Chart objects by name."""
    listing = api.list(CHARTS, namespace=NAMESPACE)
    if not listing.resource_version:
        raise NotServed(
            f"{api.server} knows no Chart objects (helm.k0sproject.io): it is not a k0s cluster, or k0s runs with"
            " --disable-components=helm. Install the chart with engine: helm instead."
        )
    return {item["metadata"]["name"]: item for item in listing.items}


def install_charts(
    api: Api,
    specs: Sequence[ChartSpec],
    *,
    dry_run: bool,
    timeout: float = 0.0,
    progress: Optional[Progress] = None,
    known: Optional[Mapping[str, Dict[str, Any]]] = None,
) -> ChartsOutcome:
    """Until every chart is deployed in its version, with its values. `timeout` 0: as long as the charts may take.
    `known`: what `read_charts` has just read, where the caller needed it too.
    """
    check_specs(list(specs))
    live = _of(specs, read_charts(api) if known is None else known)
    decisions = [decide(spec, live.get(spec.name)) for spec in specs]
    refusals = [decision.refusal for decision in decisions if decision.refusal]
    if refusals:
        raise ChartMistake("Nothing was changed: " + "; ".join(refusals) + ".")
    changes = tuple(_change(spec, live.get(spec.name), decision) for spec, decision in zip(specs, decisions))
    if dry_run:
        return ChartsOutcome(changes, tuple(chart_state(item) for item in live.values()))
    for decision in decisions:
        if decision.manifest is not None:
            api.apply(decision.manifest)
    if all(decision.action == UNCHANGED for decision in decisions) and all(map(is_deployed, live.values())):
        return ChartsOutcome(changes, tuple(chart_state(live[spec.name]) for spec in specs))
    limit = timeout or sum(spec.timeout_seconds for spec in specs)
    objects = _until_deployed(api, specs, limit + _MARGIN, progress)
    return ChartsOutcome(changes, tuple(chart_state(objects[chart_ref(spec.name)]) for spec in specs))


def _of(specs: Sequence[ChartSpec], charts: Mapping[str, Dict[str, Any]]) -> Dict[str, Dict[str, Any]]:
    return {spec.name: charts[spec.name] for spec in specs if spec.name in charts}


def _change(spec: ChartSpec, live: Optional[Mapping[str, Any]], decision: Decision) -> Change:
    ref = chart_ref(spec.name)
    if decision.manifest is None:
        return Change(ref, decision.action)
    return Change(ref, decision.action, _shown(live, ref), _shown(decision.manifest, ref))


def _shown(chart: Optional[Mapping[str, Any]], ref: Ref) -> Dict[str, Any]:
    """A chart for a diff: its values as what they mean, without secrets."""
    if chart is None:
        return {}
    spec = {name: value for name, value in chart["spec"].items() if name != "forceUpgrade"}
    shown: Dict[str, Any] = redact({**spec, "values": values_of(chart)}, ref)
    return shown


def _until_deployed(
    api: Api, specs: Sequence[ChartSpec], timeout: float, progress: Optional[Progress]
) -> Dict[Ref, Dict[str, Any]]:
    until = api.clock.now() + timeout
    wanted = [Wanted(chart_ref(spec.name), deployed_check(), f"chart {spec.name}") for spec in specs]
    namespaces = sorted({spec.namespace for spec in specs})
    for unlocked in range(_UNLOCKS + 1):
        left = max(until - api.clock.now(), 1.0)
        try:
            return wait_all(api, wanted, left, progress, explain_in=namespaces)
        except WaitFailed:
            locked = _locked(api, specs)
            if not locked or unlocked == _UNLOCKS:
                raise
            for spec, chart in locked:
                _unlock(api, spec, chart, progress)
    raise AssertionError("the loop ends by returning or raising")


def _locked(api: Api, specs: Sequence[ChartSpec]) -> List[Tuple[ChartSpec, Dict[str, Any]]]:
    live = _of(specs, read_charts(api))
    pairs = [(spec, live[spec.name]) for spec in specs if spec.name in live]
    return [(spec, chart) for spec, chart in pairs if is_locked(chart_state(chart).error)]


def _unlock(api: Api, spec: ChartSpec, chart: Mapping[str, Any], progress: Optional[Progress]) -> None:
    """Removes Helm's record of work that died with its controller, and makes k0s try again."""
    secrets = api.list(Kind("v1", "Secret"), namespace=spec.namespace, labels=f"{helm.SELECTOR},name={spec.release}")
    pending = [item for item in helm.releases(secrets.items) if item.is_locked]
    if not pending:
        raise KubeError(
            f"Helm says that somebody works on the release {spec.release} in {spec.namespace}, but its record does not:"
            f" {chart_state(chart).error}. Look at it with `helm history`; a release of that name that somebody else"
            " made has to go first, or the chart needs another release name."
        )
    for item in pending:
        if progress:
            progress(f"chart {spec.name}: release {spec.release} was left locked ({item.status}) by a controller that"
                     " stopped; its record is removed")  # fmt: skip
        api.delete(Ref("v1", "Secret", item.secret, spec.namespace))
    api.apply(chart_object(spec, next_attempt(chart)))
