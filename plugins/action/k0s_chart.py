# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts through k0s, or through the helm binary. Runs on the control node."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.values import merged
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import ABSENT, DELETED
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import (
    ChartsOutcome,
    ChartSpec,
    install_charts,
    remove_charts,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.by_helm import (
    Settings,
    install_by_helm,
    remove_by_helm,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.spec import check_specs, read_values
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.state import ChartState
from ansible_collections.mke4k.core.plugins.plugin_utils._helm_binary import helm_runner
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction

REMOVAL_SECONDS = 600
CHART: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "chart": {"type": "str", "default": ""},
    "version": {"type": "str", "default": ""},
    "release": {"type": "str", "default": ""},
    "namespace": {"type": "str", "default": "default"},
    "values": {"type": "raw"},
    "default_values": {"type": "raw"},
    "repository": {"type": "dict"},
    "timeout": {"type": "int", "default": 600},
    "order": {"type": "int", "default": 0},
}


class ActionModule(KubeAction):
    options = {
        "charts": {"type": "list", "elements": "dict", "required": True, "options": CHART},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "engine": {"type": "str", "choices": ["k0s", "helm"], "default": "k0s"},
        "wait": {"type": "bool", "default": True},
        "timeout": {"type": "int", "default": 0},
        "helm_binary": {"type": "path", "default": "helm"},
        "helm_ca_file": {"type": "path"},
        "helm_registry_config": {"type": "path"},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        specs = [_spec(item) for item in args["charts"]]
        if args["state"] == "present":
            check_specs(specs)
        api = self.api_or_none
        if api is None:
            return self._predicted(specs, args)
        done = self._by_helm(api, specs, args) if args["engine"] == "helm" else self._by_k0s(api, specs, args)
        return self._result(specs, done)

    def _by_k0s(self, api: Api, specs: Sequence[ChartSpec], args: Mapping[str, Any]) -> ChartsOutcome:
        terms: dict[str, Any] = {"dry_run": self.check_mode, "progress": self.progress, "wait": args["wait"]}
        if args["state"] == "absent":
            names = [spec.name for spec in specs]
            return remove_charts(api, names, timeout=args["timeout"] or REMOVAL_SECONDS, **terms)
        return install_charts(api, specs, timeout=args["timeout"], **terms)

    def _by_helm(self, api: Api, specs: Sequence[ChartSpec], args: Mapping[str, Any]) -> ChartsOutcome:
        options: list[str] = []
        for option, flag in (("helm_ca_file", "--ca-file"), ("helm_registry_config", "--registry-config")):
            options += [flag, args[option]] if args[option] else []
        settings = Settings(tuple(options), wait=args["wait"], dry_run=self.check_mode)
        with helm_runner(args["helm_binary"], self.credentials, os.environ) as run:
            if args["state"] == "absent":
                return remove_by_helm(api, run, specs, settings, args["timeout"] or REMOVAL_SECONDS)
            return install_by_helm(api, run, specs, settings)

    def _predicted(self, specs: Sequence[ChartSpec], args: Mapping[str, Any]) -> dict[str, Any]:
        """In check mode where there is no cluster yet."""
        present = args["state"] == "present"
        return {"changed": present, "charts": [_row(spec, None, "working" if present else "absent") for spec in specs]}

    def _result(self, specs: Sequence[ChartSpec], done: ChartsOutcome) -> dict[str, Any]:
        states = {state.name: state for state in done.states}
        rows = []
        for spec, change in zip(specs, done.changes):
            gone = change.action in (ABSENT, DELETED)
            rows.append(_row(spec, states.get(spec.name), "absent" if gone else "working"))
        result: dict[str, Any] = {"changed": done.changed, "charts": rows}
        if self.diff:
            result["diff"] = done.diffs()
        return result


def _spec(given: Mapping[str, Any]) -> ChartSpec:
    what = f"chart {given['name']}: its"
    defaults = read_values(given["default_values"], f"{what} default_values")
    values = merged(defaults, read_values(given["values"], f"{what} values"))
    return ChartSpec.from_dict({**given, "values": values, "timeout_seconds": given["timeout"]})


def _row(spec: ChartSpec, state: ChartState | None, otherwise: str) -> dict[str, Any]:
    """Always the same keys, whatever became of the chart."""
    if state is not None:
        return state.to_dict()
    empty = ChartState(spec.name, spec.chart, spec.release, spec.namespace, spec.version, state=otherwise)
    return empty.to_dict()
