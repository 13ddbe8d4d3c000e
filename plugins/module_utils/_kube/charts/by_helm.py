# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts by the helm binary, for clusters whose k0s runs without its chart controller, or that are not of k0s.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube import helm
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import (
    ABSENT,
    CREATED,
    DELETED,
    UNCHANGED,
    UPDATED,
    Change,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.engine import ChartsOutcome
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.failure import told
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.spec import ChartMistake, ChartSpec, check_specs
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.state import DEPLOYED, FAILED, WORKING, ChartState
from ansible_collections.mke4k.core.plugins.module_utils._kube.diff import redact
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import WaitFailed
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref

# Runs helm with these arguments, and this text as its input; gives what it printed. Raises HelmFailed.
Runner = Callable[[Sequence[str], str], str]


class HelmFailed(Exception):
    """helm ended with an error; the text is what it said."""


@dataclass(frozen=True)
class Settings:
    """`options`: of helm itself, such as --ca-file."""

    options: Tuple[str, ...] = ()
    wait: bool = True
    dry_run: bool = False


def install_by_helm(api: Api, run: Runner, specs: Sequence[ChartSpec], settings: Settings) -> ChartsOutcome:
    """One chart after the other, in the order of `order`: helm waits for each, and undoes what fails."""
    check_specs(list(specs))
    if any(spec.repository for spec in specs):
        raise ChartMistake("Nothing was changed: helm takes no repository of a chart; give helm_registry_config and"
                           " helm_ca_file.")  # fmt: skip
    found = _releases(api, specs)
    refusals = [text for spec in specs for text in _refusals(spec, found.get(_key(spec)))]
    if refusals:
        raise ChartMistake("Nothing was changed: " + "; ".join(refusals) + ".")
    changes = {spec.name: _decide(run, spec, found.get(_key(spec))) for spec in specs}
    for spec in sorted(specs, key=lambda item: item.order):
        if changes[spec.name].changed and not settings.dry_run:
            _upgrade(api, run, spec, settings)
    if any(change.changed for change in changes.values()) and not settings.dry_run:
        found = _releases(api, specs)
    states = tuple(_state(spec, found.get(_key(spec))) for spec in specs)
    return ChartsOutcome(tuple(changes[spec.name] for spec in specs), states)


def remove_by_helm(
    api: Api, run: Runner, specs: Sequence[ChartSpec], settings: Settings, timeout: float
) -> ChartsOutcome:
    found = _releases(api, specs)
    changes = []
    for spec in specs:
        release = found.get(_key(spec))
        if release is None:
            changes.append(Change(_ref(spec), ABSENT))
            continue
        if not settings.dry_run:
            waits = ["--wait", "--timeout", f"{timeout:.0f}s"] if settings.wait else []
            _helm(api, run, spec, ["uninstall", spec.release, "--namespace", spec.namespace, *waits])
        changes.append(Change(_ref(spec), DELETED, {"chart": release.chart, "version": release.version}))
    return ChartsOutcome(tuple(changes))


def _decide(run: Runner, spec: ChartSpec, release: Optional[helm.Release]) -> Change:
    after = {"chart": spec.chart, "version": spec.version, "values": dict(spec.values)}
    if release is None:
        return Change(_ref(spec), CREATED, {}, _shown(spec, after))
    values = json.loads(run(["get", "values", spec.release, "--namespace", spec.namespace, "--output", "json"], ""))
    before = {"chart": spec.chart, "version": release.version, "values": values or {}}
    same = (before["version"], before["values"]) == (after["version"], after["values"])
    if same and release.status == helm.DEPLOYED:
        return Change(_ref(spec), UNCHANGED)
    return Change(_ref(spec), UPDATED, _shown(spec, before), _shown(spec, after))


def _refusals(spec: ChartSpec, release: Optional[helm.Release]) -> List[str]:
    if release is None:
        return []
    name, where = spec.chart.rpartition("/")[2], f"{spec.release} in {spec.namespace}"
    found = []
    if release.chart and release.chart != name:
        found.append(f"release {where} is of the chart {release.chart}, not of {name}; remove it first, or give the new"
                     " one another name")  # fmt: skip
    if release.is_locked:
        found.append(f"somebody works on the release {where} ({release.status}). If nobody does any more, delete the"
                     f" Secret {release.secret} there")  # fmt: skip
    return found


def _upgrade(api: Api, run: Runner, spec: ChartSpec, settings: Settings) -> None:
    waits = ["--wait", "--wait-for-jobs", "--atomic"] if settings.wait else []
    command = ["upgrade", "--install", spec.release, spec.chart, "--version", spec.version, "--create-namespace"]
    command += ["--namespace", spec.namespace, "--timeout", f"{spec.timeout_seconds}s", "--values", "-"]
    # Without it values that were taken away altogether stay.
    command.append("--reset-values")
    _helm(api, run, spec, [*command, *waits, *settings.options], json.dumps(dict(spec.values)))


def _helm(api: Api, run: Runner, spec: ChartSpec, command: List[str], text: str = "") -> None:
    try:
        run(command, text)
    except HelmFailed as error:
        state = _state(spec, _releases(api, [spec]).get(_key(spec)))
        failed = ChartState(**{**state.to_dict(), "state": FAILED, "error": str(error)})
        message, details = told("helm failed:", [failed], api)
        raise WaitFailed(message, **details) from error


def _releases(api: Api, specs: Sequence[ChartSpec]) -> Dict[Tuple[str, str], helm.Release]:
    found: List[helm.Release] = []
    for namespace in sorted({spec.namespace for spec in specs}):
        found += helm.releases(api.list(Kind("v1", "Secret"), namespace=namespace, labels=helm.SELECTOR).items)
    return helm.current(found)


def _state(spec: ChartSpec, release: Optional[helm.Release]) -> ChartState:
    base: Mapping[str, Any] = {"name": spec.name, "chart": spec.chart, "release": spec.release}
    if release is None:
        return ChartState(**base, namespace=spec.namespace, wanted=spec.version, state=WORKING)
    known = {helm.DEPLOYED: DEPLOYED, helm.FAILED: FAILED}
    return ChartState(
        **base,
        namespace=spec.namespace,
        wanted=spec.version,
        version=release.version,
        app_version=release.app_version,
        revision=release.revision,
        state=known.get(release.status, WORKING),
        error=release.description if release.status == helm.FAILED else "",
    )


def _key(spec: ChartSpec) -> Tuple[str, str]:
    return (spec.namespace, spec.release)


def _ref(spec: ChartSpec) -> Ref:
    return Ref("helm.sh/v3", "Release", spec.release, spec.namespace)


def _shown(spec: ChartSpec, document: Mapping[str, Any]) -> Dict[str, Any]:
    shown: Dict[str, Any] = redact(dict(document), _ref(spec))
    return shown
