# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person has to know of charts that were not deployed: of each its error, what that means, and the hook, pod or
image that is the cause.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.state import DEPLOYED, WORKING, ChartState
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.explain import explain

# In the words of Helm and of registries; the first that fits counts.
_ADVICE: Mapping[str, str] = {
    "certificate signed by unknown authority": "The controllers do not know the authority of the registry: give it as"
    " registries.chartRegistry.caData, or in spec.extensions.helm.repositories of k0s on all controllers",
    "basic credential not found": "The registry wants a login and k0s has none: give mke4k_registry_username and"
    " mke4k_registry_password; k0s before 1.34.1 ignores the ones in spec.extensions.helm.repositories",
    "401": "The registry refuses the login: see mke4k_registry_username and mke4k_registry_password",
    "don't meet the specifications of the schema": "The values do not fit the chart: see values.schema.json in it",
    "failed pre-": "A hook of the chart failed before its objects were made; the log of its pod says why",
    "failed post-": "A hook of the chart failed after its objects were made; the log of its pod says why",
    "context deadline exceeded": "Not all objects of the chart became ready in its time; Helm has undone the install or"
    " upgrade",
    ": not found": "The registry has no such chart, or not this version of it; versions are compared letter by letter,"
    " v1.2.3 is not 1.2.3",
}


def advice(error: str) -> str:
    """What the error of a chart asks of a person; empty where it speaks for itself."""
    return next((text for words, text in _ADVICE.items() if words in error), "")


def told(
    title: str,
    states: Sequence[ChartState],
    api: Api,
    explainer: Callable[[Api, str], List[str]] = explain,
) -> Tuple[str, Dict[str, Any]]:
    """The message, and the same for programs."""
    lines = [title]
    causes: Dict[str, List[str]] = {}
    for state in states:
        if state.state == DEPLOYED:
            continue
        lines.append(f"  {_about(state)}")
        lines += [f"    {text}." for text in (advice(state.error),) if text]
        if state.namespace not in causes:
            causes[state.namespace] = explainer(api, state.namespace)
            lines += [f"    {line}" for line in causes[state.namespace]]
    details: Mapping[str, Any] = {
        "charts": [state.to_dict() for state in states],
        "causes": [line for found in causes.values() for line in found],
    }
    return "\n".join(lines), dict(details)


def _about(state: ChartState) -> str:
    what = f"chart {state.name} ({state.chart} {state.wanted}, release {state.release} in {state.namespace})"
    if state.state == WORKING:
        return f"{what}: k0s works on it, one chart after the other"
    kept = f"; {state.version} goes on running" if state.version else ""
    return f"{what}: {state.error}{kept}"
