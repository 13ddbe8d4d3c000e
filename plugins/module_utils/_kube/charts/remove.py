# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes charts away again, with what they installed.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import ABSENT, DELETED, Change
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.engine import ChartsOutcome
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import FINALIZER, chart_ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.spec import is_exact
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.state import WORKING, chart_state
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import TimedOut
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import MET, PENDING, Verdict, absent
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all

Progress = Callable[[str], None]


def remove_charts(
    api: Api,
    names: Sequence[str],
    *,
    dry_run: bool,
    timeout: float,
    progress: Optional[Progress] = None,
    wait: bool = True,
) -> ChartsOutcome:
    """Uninstalls the releases and waits until their Charts are gone. Namespaces and jobs of hooks stay, as in Helm."""
    charts = {name: api.get(chart_ref(name)) for name in names}
    there = {name: chart for name, chart in charts.items() if chart is not None}
    changes = tuple(_change(name, charts[name]) for name in names)
    if dry_run or not there:
        return ChartsOutcome(changes)
    there.update(_after_first_install(api, there, timeout, progress))
    for name, chart in there.items():
        _set_finalizers(api, chart, name)
        api.delete(chart_ref(name))
    if wait:
        wait_all(api, [Wanted(chart_ref(name), absent(), f"chart {name}") for name in there], timeout, progress)
    return ChartsOutcome(changes)


def _change(name: str, live: Optional[Mapping[str, Any]]) -> Change:
    ref = chart_ref(name)
    if live is None:
        return Change(ref, ABSENT)
    return Change(ref, DELETED, {"chart": live["spec"].get("chartName"), "version": live["spec"].get("version")})


def _after_first_install(
    api: Api, charts: Mapping[str, Dict[str, Any]], timeout: float, progress: Optional[Progress]
) -> Dict[str, Dict[str, Any]]:
    """Charts whose first install was running, as they are after it. Without that wait its release would stay behind:
    k0s learns of the deletion only then, and by that time nobody has told it to uninstall.
    """
    names = [
        name
        for name, chart in charts.items()
        if chart_state(chart).state == WORKING and not _is_installed(chart) and is_exact(chart_state(chart).wanted)
    ]
    wanted = [Wanted(chart_ref(name), _settled, f"chart {name}") for name in names]
    try:
        found = wait_all(api, wanted, timeout, progress, explain_in=())
    except TimedOut:
        # Nobody works on it: there is no k0s that would, or it cannot.
        return {}
    return {ref.name: chart for ref, chart in found.items()}


def _settled(chart: Optional[Mapping[str, Any]]) -> Verdict:
    if chart is None or chart_state(chart).state != WORKING:
        return Verdict(MET)
    return Verdict(PENDING, "k0s still installs it; it is removed after that")


def _set_finalizers(api: Api, live: Mapping[str, Any], name: str) -> None:
    """With the finalizer k0s uninstalls the release. A Chart whose first install failed has none, and with the
    finalizer it could never be deleted.
    """
    metadata: Mapping[str, Any] = live.get("metadata") or {}
    present = list(metadata.get("finalizers") or ())
    others = [item for item in present if item != FINALIZER]
    wanted = [*others, FINALIZER] if _is_installed(live) else others
    # What is being deleted takes no new finalizer.
    is_refused = bool(metadata.get("deletionTimestamp")) and len(wanted) > len(present)
    if sorted(wanted) != sorted(present) and not is_refused:
        api.patch(chart_ref(name), {"metadata": {"finalizers": wanted or None}})


def _is_installed(live: Mapping[str, Any]) -> bool:
    return bool((live.get("status") or {}).get("releaseName"))
