# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits until k0s works on no chart, so that a controller can be restarted without leaving a release locked.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Callable, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import CHARTS, NAMESPACE
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.state import (
    WORKING,
    ChartState,
    chart_state,
    in_progress,
    restart_warning,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import TimedOut
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Selection, Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import MET, NOT_THERE, PENDING, Verdict
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all


def settle_charts(api: Api, timeout: float, progress: Optional[Callable[[str], None]] = None) -> List[ChartState]:
    """All charts, once k0s works on none of them. A failed one is at rest; k0s leaves nothing locked behind it."""
    wanted = [Wanted(Selection(CHARTS, NAMESPACE, at_least=0), _at_rest, "charts")]
    try:
        objects = wait_all(api, wanted, timeout, progress)
    except TimedOut as error:
        states = [chart_state(item) for item in api.list(CHARTS, namespace=NAMESPACE).items]
        raise TimedOut(restart_warning(states) or str(error), charts=in_progress(states)) from error
    return [chart_state(item) for item in objects.values()]


def _at_rest(chart: Optional[Mapping[str, Any]]) -> Verdict:
    if chart is None:
        return Verdict(PENDING, NOT_THERE)
    found = chart_state(chart)
    if found.state != WORKING:
        return Verdict(MET)
    return Verdict(PENDING, f"k0s works on {found.chart} {found.wanted}")
