# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a cluster without a network to one whose pods reach each other.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.releases import TIGERA
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import (
    CUSTOM,
    KUBEROUTER,
    NAME,
    Expectations,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.checks import NAMESPACES, wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.differences import differences
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.guard import REMEDY, refusals
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.seen import (
    DAEMON_SET,
    INSTALLATION,
    IP_POOL,
    Seen,
    spec_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import ChartSpec, install_charts, read_charts
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.state import DEPLOYED
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Board, Lack, Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.follow import list_of

# The operator carries a change of the Installation on to the IPPools and to Felix in that time.
SETTLE_SECONDS = 60.0
SETTLE_PAUSE = 2.0

UNCHANGED = "unchanged"
ADOPTED = "adopted"
CREATED = "created"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """`chart_action`: created, updated, unchanged, or adopted where somebody else has installed Calico; empty where
    there is no chart. `differing` are settings that are not as mke4.yaml asks for, `lacking` what is not ready: neither
    is there after a run that was no dry run, but for an adopted network.
    """

    changed: bool
    chart_action: str
    seen: Seen
    differing: Tuple[str, ...] = ()
    lacking: Tuple[str, ...] = ()
    diffs: Tuple[Mapping[str, Any], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Request:
    """What is to be done. `chart` is None where no chart brings the network."""

    expected: Expectations
    chart: Optional[Mapping[str, Any]]
    timeout: float
    chart_timeout: int
    dry_run: bool = False


def bring(api: Api, request: Request, progress: Progress) -> Outcome:
    """Installs what has to be installed, waits for the network, and holds it against what mke4.yaml asks for."""
    chart = _Chart(api, request, progress)
    chart.look()
    if request.expected.engine == CUSTOM:
        _refuse(request.expected, Seen(), our_chart=chart.is_mke)
    if chart.action not in ("", UNCHANGED, ADOPTED):
        _refuse(request.expected, read_live(api), our_chart=chart.is_mke)
        chart.install()
    return _verified(api, request, chart, progress)


def read_live(api: Api) -> Seen:
    """What tells which network a cluster has already."""
    installation = api.get(INSTALLATION)
    pools, daemon_sets = (tuple(api.list(kind).items) for kind in (IP_POOL, DAEMON_SET))
    return Seen(installation=installation, pools=pools, daemon_sets=daemon_sets)


def look(api: Api, wishes: Sequence[Wanted]) -> Board:
    """Everything that a wait would look at, once."""
    board = Board(wishes)
    for stream in board.streams:
        board.replace(stream, list_of(api, stream).items)
    return board


class _Chart:
    """The chart of the Tigera operator, and what was decided about it."""

    def __init__(self, api: Api, request: Request, progress: Progress) -> None:
        self._api = api
        self._request = request
        self._progress = progress
        self.action = ""
        self.is_mke = False
        self.generation = 0
        self.diffs: Tuple[Mapping[str, Any], ...] = ()

    def look(self) -> None:
        if self._request.expected.engine not in (TIGERA, CUSTOM):
            return
        charts = read_charts(self._api)
        names = [name for name, item in charts.items() if is_tigera(item)]
        self.is_mke = bool(names)
        if self._request.expected.engine == CUSTOM:
            return
        if NAME in names:
            working = not self._apply(dry_run=True, known=charts)
            if working and self.action == UNCHANGED and not self._request.dry_run:
                self._apply(dry_run=False)
        elif names or self._api.get(INSTALLATION) is not None:
            self.action = ADOPTED
        else:
            self.action = CREATED

    def install(self) -> None:
        verb = "installing" if self.action == CREATED else "updating"
        if not self._request.dry_run:
            self._progress(f"{verb} Calico {self._request.expected.version}")
        self._apply(dry_run=self._request.dry_run)
        if not self._request.dry_run:
            installation = self._api.get(INSTALLATION) or {}
            self.generation = int((installation.get("metadata") or {}).get("generation") or 0)

    def _apply(self, *, dry_run: bool, known: Optional[Mapping[str, Dict[str, Any]]] = None) -> bool:
        """Whether k0s is done with it."""
        spec = ChartSpec.from_dict({**(self._request.chart or {}), "timeout_seconds": self._request.chart_timeout})
        timeout = float(self._request.chart_timeout)
        done = install_charts(self._api, [spec], dry_run=dry_run, timeout=timeout, progress=self._progress, known=known)
        (change,) = done.changes
        self.action = change.action
        self.diffs = (change.diff(),) if change.changed else ()
        return all(state.state == DEPLOYED for state in done.states)


def is_tigera(chart: Mapping[str, Any]) -> bool:
    """Whether a Chart is that of the Tigera operator, ours or mkectl's."""
    return str(spec_of(chart).get("chartName") or "").endswith("tigera-operator")


def _refuse(expected: Expectations, live: Seen, *, our_chart: bool) -> None:
    found = refusals(expected, live, our_chart=our_chart)
    if found:
        raise KubeError("\n".join([*found, REMEDY]), refused=found)


def _verified(api: Api, request: Request, chart: _Chart, progress: Progress) -> Outcome:
    expected = request.expected
    wishes = wanted(expected, chart.generation)
    board = look(api, wishes)
    changed = chart.action not in ("", UNCHANGED, ADOPTED)
    lacking: List[Lack] = board.lacking()
    seen = Seen.of(board.objects())
    if lacking and not request.dry_run:
        if not changed and not chart.action:
            # Nobody has looked yet whether another network is in the way.
            _refuse(expected, read_live(api), our_chart=chart.is_mke)
        progress(waiting(expected.engine, request.timeout))
        namespaces = NAMESPACES.get(expected.engine, [])
        found = wait_all(api, wishes, request.timeout, progress, explain_in=namespaces)
        seen, lacking = Seen.of(found), []
    if chart.action == ADOPTED:
        _refuse(expected, seen, our_chart=chart.is_mke)
    differing = differences(expected, seen)
    if differing and not request.dry_run:
        if changed:
            seen, differing = _settled(api, expected, wishes)
        if differing and chart.action != ADOPTED:
            raise KubeError(_not_as_asked(differing), differences=differing)
    return Outcome(changed, chart.action, seen, tuple(differing), tuple(map(str, lacking)), chart.diffs)


def _settled(api: Api, expected: Expectations, wishes: Sequence[Wanted]) -> Tuple[Seen, List[str]]:
    """What still differs when the operator has had its time."""
    until = api.clock.now() + SETTLE_SECONDS
    while True:
        seen = Seen.of(look(api, wishes).objects())
        found = differences(expected, seen)
        if not found or api.clock.now() >= until:
            return seen, found
        api.clock.sleep(SETTLE_PAUSE)


def waiting(engine: str, timeout: float) -> str:
    """mkectl's own words."""
    provider = {CUSTOM: "custom", KUBEROUTER: "kuberouter"}.get(engine, "calico")
    span = f"{timeout / 60:g} minutes" if timeout >= 60 and timeout % 60 == 0 else f"{timeout:g} seconds"
    return f"waiting {span} for cluster networking to be established using {provider} CNI provider"


def _not_as_asked(differing: Sequence[str]) -> str:
    remedy = (
        "Somebody has changed it in the cluster, or another value has to go into mke4.yaml or mke4k_calico_vxlan_vni."
        " Change one of the two and run again."
    )
    listed = [f"  {line}" for line in differing]
    return "\n".join(["The network is up, but not as mke4.yaml asks for:", *listed, remedy])


def chart_result(chart: Optional[Mapping[str, Any]], action: str) -> Dict[str, Any]:
    """The chart as a task returns it."""
    if not chart or not action:
        return {}
    return {"name": chart["name"], "reference": chart["chart"], "version": chart["version"], "action": action}
