# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes charts away again, with what they installed.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import ABSENT, DELETED, Change
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.engine import ChartsOutcome
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import FINALIZER, chart_ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import absent
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all


def remove_charts(
    api: Api,
    names: Sequence[str],
    *,
    dry_run: bool,
    timeout: float,
    progress: Optional[Callable[[str], None]] = None,
) -> ChartsOutcome:
    """Uninstalls the releases and waits until their Charts are gone. Namespaces and jobs of hooks stay, as in Helm."""
    changes = [_remove(api, name, dry_run) for name in names]
    gone = [Wanted(change.ref, absent(), f"chart {change.ref.name}") for change in changes if change.changed]
    if gone and not dry_run:
        wait_all(api, gone, timeout, progress)
    return ChartsOutcome(tuple(changes))


def _remove(api: Api, name: str, dry_run: bool) -> Change:
    ref = chart_ref(name)
    live = api.get(ref)
    if live is None:
        return Change(ref, ABSENT)
    if not dry_run:
        _set_finalizers(api, live, name)
        api.delete(ref)
    return Change(ref, DELETED, {"chart": live["spec"].get("chartName"), "version": live["spec"].get("version")})


def _set_finalizers(api: Api, live: Mapping[str, Any], name: str) -> None:
    """With the finalizer k0s uninstalls the release. A Chart whose first install failed has none, and with the
    finalizer it could never be deleted.
    """
    present = list((live.get("metadata") or {}).get("finalizers") or ())
    others = [item for item in present if item != FINALIZER]
    installed = bool((live.get("status") or {}).get("releaseName"))
    wanted = [*others, FINALIZER] if installed else others
    if sorted(wanted) != sorted(present):
        api.patch(chart_ref(name), {"metadata": {"finalizers": wanted or None}})
