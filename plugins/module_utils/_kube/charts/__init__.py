# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts: what layers above use of them.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.engine import (
    ChartsOutcome,
    chart_states,
    install_charts,
    read_charts,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import chart_ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.remove import remove_charts
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.spec import ChartSpec
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.state import (
    ChartState,
    in_progress,
    restart_warning,
)

__all__ = [
    "ChartSpec",
    "ChartState",
    "ChartsOutcome",
    "chart_ref",
    "chart_states",
    "in_progress",
    "install_charts",
    "read_charts",
    "remove_charts",
    "restart_warning",
]
