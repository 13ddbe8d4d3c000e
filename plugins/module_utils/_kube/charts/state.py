# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a Chart, judged as k0s' chart controller writes it. Pure.

The status has no generation and stays as it was while work goes on. So a chart is deployed only when error, version,
namespace and the hash of the values all fit, and an error counts only for the values that it was written for.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import values_hash
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import (
    FAILED as WAIT_FAILED,
    MET,
    NOT_THERE,
    PENDING,
    Verdict,
)

DEPLOYED = "deployed"
FAILED = "failed"
WORKING = "working"
# The registry, the API or a controller was away for a moment; k0s tries these again by itself.
_WEATHER = (
    "connection refused",
    "connection reset",
    "i/o timeout",
    "TLS handshake timeout",
    "unexpected EOF",
    "no such host",
    "no route to host",
    "429 Too Many Requests",
    "502 Bad Gateway",
    "503 Service Unavailable",
    "etcdserver:",
    "the server is currently unable",
    "http2: client connection lost",
)
_LOCKED = ("cannot re-use a name that is still in use", "another operation (install/upgrade/rollback) is in progress")


@dataclass(frozen=True)
class ChartState:
    """`version` is the one that runs, `wanted` the one that is asked for."""

    name: str
    chart: str
    release: str
    namespace: str
    wanted: str
    version: str = ""
    app_version: str = ""
    revision: int = 0
    state: str = WORKING
    error: str = ""

    def to_dict(self) -> Dict[str, Any]:
        return asdict(self)


def chart_state(chart: Mapping[str, Any]) -> ChartState:
    spec: Mapping[str, Any] = chart.get("spec") or {}
    status: Mapping[str, Any] = chart.get("status") or {}
    error = str(status.get("error") or "")
    return ChartState(
        name=str((chart.get("metadata") or {}).get("name") or ""),
        chart=str(spec.get("chartName") or ""),
        release=str(spec.get("releaseName") or ""),
        namespace=str(spec.get("namespace") or ""),
        wanted=str(spec.get("version") or ""),
        version=str(status.get("version") or ""),
        app_version=str(status.get("appVersion") or ""),
        revision=int(status.get("revision") or 0),
        state=DEPLOYED if is_deployed(chart) else FAILED if error and _is_about_these_values(chart) else WORKING,
        error=error,
    )


def is_deployed(chart: Mapping[str, Any]) -> bool:
    spec: Mapping[str, Any] = chart.get("spec") or {}
    status: Mapping[str, Any] = chart.get("status") or {}
    return (
        not status.get("error")
        and bool(status.get("version"))
        and status.get("version") == spec.get("version")
        and status.get("namespace") == spec.get("namespace")
        and _is_about_these_values(chart)
    )


def deployed_check() -> Callable[[Optional[Mapping[str, Any]]], Verdict]:
    """For a wait: met when deployed, failed when k0s says why not and a person is needed."""

    def check(chart: Optional[Mapping[str, Any]]) -> Verdict:
        if chart is None:
            return Verdict(PENDING, NOT_THERE)
        found = chart_state(chart)
        if found.state == DEPLOYED:
            return Verdict(MET)
        if found.state == WORKING:
            return Verdict(PENDING, f"k0s works on {found.chart} {found.wanted}")
        return Verdict(PENDING if is_weather(found.error) else WAIT_FAILED, found.error)

    return check


def in_progress(states: Iterable[ChartState]) -> List[str]:
    """Charts that k0s works on. A controller must not be restarted now: the release would stay locked."""
    return [state.name for state in states if state.state == WORKING]


def restart_warning(states: Iterable[ChartState]) -> str:
    """Why controllers must not be restarted now; empty where they may be."""
    names = in_progress(states)
    if not names:
        return ""
    return (
        f"k0s works on the charts {', '.join(names)}. A controller that is restarted in the middle of it leaves their"
        " releases locked. Wait until they are deployed or have failed (k0s_chart waits for that), then run again."
    )


def is_weather(error: str) -> bool:
    return any(text in error for text in _WEATHER)


def is_locked(error: str) -> bool:
    """Helm's record says that somebody works on the release: a controller that died in the middle of it."""
    return any(text in error for text in _LOCKED)


def _is_about_these_values(chart: Mapping[str, Any]) -> bool:
    spec: Mapping[str, Any] = chart.get("spec") or {}
    wanted = values_hash(str(spec.get("releaseName") or ""), str(spec.get("values") or ""))
    return (chart.get("status") or {}).get("valuesHash") == wanted
