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

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import Change
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.decide import (
    UNCHANGED,
    Decision,
    decide,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.failure import told
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import (
    CHARTS,
    NAMESPACE,
    chart_ref,
    values_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.spec import ChartMistake, ChartSpec, check_specs
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.state import (
    FAILED,
    ChartState,
    chart_state,
    deployed_check,
    is_deployed,
    is_locked,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.unlock import unlock
from ansible_collections.mke4k.core.plugins.module_utils._kube.diff import redact
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotServed, TimedOut, WaitFailed
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all

Progress = Callable[[str], None]
# Helm locks a release at most so often in one call before somebody should look at it.
_UNLOCKS = 3
_DEFINITION = Ref("apiextensions.k8s.io/v1", "CustomResourceDefinition", "charts.helm.k0sproject.io")
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
    wait: bool = True,
) -> ChartsOutcome:
    """Until every chart is deployed in its version, with its values. `timeout` 0: as long as the charts may take.
    `known`: what `read_charts` has just read, where the caller needed it too.
    """
    check_specs(list(specs))
    _check_repositories(api, specs)
    live = _of(specs, read_charts(api) if known is None else known)
    decisions = [decide(spec, live.get(spec.name)) for spec in specs]
    refusals = [decision.refusal for decision in decisions if decision.refusal]
    if refusals:
        raise ChartMistake("Nothing was changed: " + "; ".join(refusals) + ".")
    changes = tuple(_change(spec, live.get(spec.name), decision) for spec, decision in zip(specs, decisions))
    if dry_run:
        return ChartsOutcome(changes, tuple(chart_state(item) for item in live.values()))
    for spec, decision in zip(specs, decisions):
        if decision.manifest is not None:
            live[spec.name] = api.apply(decision.manifest)
    all_is_well = all(decision.action == UNCHANGED for decision in decisions) and all(map(is_deployed, live.values()))
    if all_is_well or not wait:
        return ChartsOutcome(changes, tuple(chart_state(live[spec.name]) for spec in specs))
    limit = timeout or sum(spec.timeout_seconds for spec in specs)
    objects = _until_deployed(api, specs, limit + _MARGIN, progress)
    return ChartsOutcome(changes, tuple(chart_state(objects[chart_ref(spec.name)]) for spec in specs))


def _check_repositories(api: Api, specs: Sequence[ChartSpec]) -> None:
    """k0s before 1.35 would drop the field without a word."""
    names = [spec.name for spec in specs if spec.repository]
    if not names:
        return
    definition = api.get(_DEFINITION) or {}
    for version in (definition.get("spec") or {}).get("versions") or ():
        if "repository" in _dig(version, "schema", "openAPIV3Schema", "properties", "spec", "properties"):
            return
    raise ChartMistake(
        f"Nothing was changed: chart {', '.join(names)} has a repository, which this k0s does not know in a Chart (1.35"
        " does). Give the authority and login of the registry by registries.chartRegistry and mke4k_registry_username"
        " and mke4k_registry_password: the role k0s brings them to all controllers."
    )


def _dig(found: Any, *path: str) -> Mapping[str, Any]:
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


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
    for unlocked in range(_UNLOCKS + 1):
        left = max(until - api.clock.now(), 1.0)
        try:
            return wait_all(api, wanted, left, progress, clock=api.clock.now, explain_in=())
        except (WaitFailed, TimedOut) as error:
            live = _of(specs, read_charts(api))
            locked = [spec for spec in specs if _is_locked(live.get(spec.name) or {})]
            if not locked or unlocked == _UNLOCKS or isinstance(error, TimedOut):
                title = f"{str(error).splitlines()[0].partition(': ')[0].rstrip(':')}. Charts that are not deployed:"
                states = [chart_state(live[spec.name]) for spec in specs if spec.name in live]
                message, details = told(title, states, api)
                raise type(error)(message, **{**error.details, **details}) from error
            for spec in locked:
                unlock(api, spec, live[spec.name], progress)
    raise AssertionError("the loop ends by returning or raising")


def _is_locked(chart: Mapping[str, Any]) -> bool:
    """An error of an earlier try stays in the status for a while after the release is free again."""
    state = chart_state(chart)
    return state.state == FAILED and is_locked(state.error)
