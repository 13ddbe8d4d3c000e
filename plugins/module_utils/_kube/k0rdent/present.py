# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes k0rdent what was asked for: chart, Secrets, providers, and the wait for its components.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import CREATED, UNCHANGED, UPDATED
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import ChartSpec, install_charts
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.components import (
    available_providers,
    component_table,
    components,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.decide import ADOPT, INSTALL, Intent
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.find import Found
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.install import (
    Patience,
    add_providers,
    bring_up,
    is_up,
    prepare,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.names import MANAGEMENT, UI_SECRET

# What became of the chart; the others are those of `apply`.
ADOPTED = "adopted"


@dataclass(frozen=True)
class Terms:
    """How it is to be done."""

    patience: Patience
    make_password: Callable[[], str]
    password: str = field(default="", repr=False)
    chart_seconds: int = 1200
    wait: bool = True
    dry_run: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was done. `diffs` hold no secret."""

    changed: bool
    action: str
    intent: Intent
    management: Optional[Mapping[str, Any]] = None
    diffs: Tuple[Dict[str, Any], ...] = ()

    def to_dict(self, found: Found) -> Dict[str, Any]:
        rows = components(self.management)
        chart = self.intent.chart
        installed = {"name": chart["release"], "reference": chart["chart"], "version": chart["version"]}
        if self.intent.action != INSTALL:
            installed = {"name": chart["release"], "reference": "", "version": found.version}
        return {
            "changed": self.changed,
            "chart": {**installed, "action": self.action},
            "namespace": self.intent.namespace,
            "adopted": self.intent.action == ADOPT,
            "components": [row.to_dict() for row in rows],
            "providers": available_providers(self.management),
            "ui_secret": UI_SECRET if self.intent.has_ui else "",
            "notes": list(self.intent.notes),
            "text": [*component_table(rows), *self._absence(rows), *self.intent.notes],
        }

    def _absence(self, rows: Sequence[Any]) -> List[str]:
        if rows:
            return []
        place = f"in namespace {self.intent.namespace}"
        return [f"k0rdent has no components yet; {self.intent.chart['version']} {place} is asked for."]


def present(api: Api, cluster: Cluster, found: Found, intent: Intent, terms: Terms) -> Outcome:
    """What this collection has installed is brought up to date; every k0rdent gets the providers that are needed."""
    action = UNCHANGED if intent.action != ADOPT else ADOPTED
    diffs: List[Dict[str, Any]] = []
    if intent.action == INSTALL:
        action = _install(api, cluster, found, intent, terms, diffs)
    management = found.management
    patched = management is not None and bool(add_providers(api, intent, management, dry_run=terms.dry_run))
    if patched:
        diffs.append(_provider_diff(management or {}, intent))
    waits = action in (CREATED, UPDATED) or patched or not is_up(management, intent)
    if waits and terms.wait and not terms.dry_run:
        management = bring_up(api, intent, terms.patience)
    return Outcome(action in (CREATED, UPDATED) or bool(diffs), action, intent, management, tuple(diffs))


def predicted(intent: Intent) -> Outcome:
    """What check mode says of a cluster that is still to come."""
    return Outcome(changed=True, action=CREATED, intent=intent)


def _install(
    api: Api, cluster: Cluster, found: Found, intent: Intent, terms: Terms, diffs: List[Dict[str, Any]]
) -> str:
    """What became of the chart; what is shown in diff mode goes into `diffs`."""
    prepared = prepare(api, intent, cluster, terms.password, terms.make_password, dry_run=terms.dry_run)
    diffs += prepared.diffs()
    spec = ChartSpec.from_dict({**intent.chart, "timeout_seconds": terms.chart_seconds})
    known = None if found.chart is None else {spec.name: dict(found.chart)}
    done = install_charts(api, [spec], dry_run=terms.dry_run, progress=terms.patience.progress, known=known)
    diffs += done.diffs()
    return next((change.action for change in done.changes), UNCHANGED)


def _provider_diff(management: Mapping[str, Any], intent: Intent) -> Dict[str, Any]:
    before = [str(item.get("name")) for item in (management.get("spec") or {}).get("providers") or ()]
    after = before + [item.name for item in intent.providers if item.name not in before]
    header = f"{MANAGEMENT} spec.providers"
    return {"before_header": header, "after_header": header, "before": before, "after": after}
