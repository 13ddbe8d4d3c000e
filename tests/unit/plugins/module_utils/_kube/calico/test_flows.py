# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a cluster without a network to one that has it, on a cluster in memory."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import Expectations
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import Change
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico import network, probe
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.network import Outcome, Request, bring
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.probe import Reached, run_probe
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.probe_objects import SELECTOR, Probe
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.seen import CONFIRMED, INSTALLATION, PROXY_CONFIG
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import ChartsOutcome, ChartState
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

from .memory import Memory, calico, chart, cluster, daemon_set, nodes, pods_that_work
from .networks import CUSTOM, K0S, TIGERA

CHART: Dict[str, Any] = {
    "name": "tigera-operator",
    "chart": "oci://r/mirrored-chart-tigera-operator",
    "version": "v3.30.200",
    "release": "tigera-operator",
    "namespace": "tigera-operator",
    "values": {},
}
REF = Ref("helm.k0sproject.io/v1beta1", "Chart", "tigera-operator", "kube-system")


class Charts:
    """k0s' chart controller: what it answers, and what becomes of the cluster then."""

    def __init__(self) -> None:
        self.action = "created"
        self.state = "deployed"
        self.calls: List[bool] = []
        self.then: Callable[[], None] = lambda: None

    def install(self, _api: Memory, _specs: Any, *, dry_run: bool, **_options: Any) -> ChartsOutcome:
        self.calls.append(dry_run)
        if not dry_run:
            self.then()
        state = ChartState("tigera-operator", "", "", "", "", state=self.state)
        return ChartsOutcome((Change(REF, self.action),), (state,))


@pytest.fixture
def charts(monkeypatch: pytest.MonkeyPatch) -> Charts:
    found = Charts()
    monkeypatch.setattr(network, "install_charts", found.install)
    return found


def run(memory: Memory, expected: Expectations = TIGERA, said: Optional[List[str]] = None, **options: Any) -> Outcome:
    report = said.append if said is not None else lambda text: None
    asked: Dict[str, Any] = {"timeout": 1.0, "chart_timeout": 60, **options}
    found: Outcome = bring(memory, Request(expected, CHART, **asked), report)  # type: ignore[arg-type]
    return found


def test_calico_is_installed_and_seen_to_be_as_asked(charts: Charts) -> None:
    memory = cluster()
    said: List[str] = []
    charts.then = lambda: calico(memory)
    found = run(memory, said=said)
    assert (found.changed, found.chart_action, found.differing) == (True, "created", ())
    assert charts.calls == [False]
    assert said == ["installing Calico v3.30.200"]


def test_a_converged_network_is_only_read(charts: Charts) -> None:
    memory = cluster()
    calico(memory)
    chart(memory, "tigera-operator")
    charts.action = "unchanged"
    found = run(memory)
    assert (found.changed, charts.calls, found.lacking) == (False, [True], ())


def test_a_chart_that_k0s_still_works_on_is_waited_for(charts: Charts) -> None:
    memory = cluster()
    calico(memory)
    chart(memory, "tigera-operator")
    charts.action, charts.state = "unchanged", "working"
    assert not run(memory).changed
    assert charts.calls == [True, False]


def test_check_mode_predicts_without_a_change(charts: Charts) -> None:
    memory = cluster()
    said: List[str] = []
    found = run(memory, said=said, dry_run=True)
    assert (found.changed, charts.calls, said) == (True, [True], [])
    assert "Installation default: it does not exist" in found.lacking


def test_a_change_is_given_time_to_reach_calico(charts: Charts) -> None:
    memory = cluster()
    calico(memory, vni=10000)
    chart(memory, "tigera-operator")
    charts.action = "updated"
    memory.clock = memory.clock.__class__(lambda: memory.time, lambda _seconds: calico(memory), lambda: 0.0)
    found = run(memory)
    assert (found.changed, found.differing) == (True, ())


def test_a_change_that_never_reaches_calico_is_an_error(charts: Charts) -> None:
    memory = cluster()
    calico(memory, vni=10000)
    chart(memory, "tigera-operator")
    charts.action = "updated"
    with pytest.raises(KubeError, match="vxlanVNI is 10000, not 4096"):
        run(memory)
    assert memory.time >= network.SETTLE_SECONDS


def test_calico_of_somebody_else_is_left_alone(charts: Charts) -> None:
    for name in ("", "k0s-addon-chart-tigera-operator"):
        memory = cluster()
        calico(memory, vni=10000)
        if name:
            chart(memory, name)
        found = run(memory)
        assert (found.changed, found.chart_action) == (False, "adopted")
        assert found.differing == ("FelixConfiguration default: vxlanVNI is 10000, not 4096",)
    assert charts.calls == []


def test_calico_of_somebody_else_with_another_range_is_refused(charts: Charts) -> None:
    memory = cluster()
    calico(memory, "10.99.0.0/16")
    with pytest.raises(KubeError, match=r"addresses of 10\.99\.0\.0/16.*\n.*fixed once it exists"):
        run(memory)


def test_nothing_is_installed_over_another_plugin(charts: Charts) -> None:
    memory = cluster()
    daemon_set(memory, "cilium", "kube-system")
    with pytest.raises(KubeError, match="This cluster has Cilium"):
        run(memory)
    assert charts.calls == []


def test_with_a_plugin_of_one_s_own_only_nodes_are_waited_for(charts: Charts) -> None:
    memory = cluster()
    said: List[str] = []
    assert run(memory, CUSTOM, said).chart_action == ""
    nodes(memory, "n1", ready=False)
    with pytest.raises(KubeError):
        run(memory, CUSTOM, said)
    assert said[0] == "waiting 1 seconds for cluster networking to be established using custom CNI provider"
    chart(memory, "tigera-operator")
    with pytest.raises(KubeError, match="network plugin of the user's own"):
        run(memory, CUSTOM)


def test_calico_of_k0s_is_held_against_its_settings(charts: Charts) -> None:
    memory = cluster()
    with pytest.raises(KubeError):
        run(memory, K0S)
    calico(memory)
    with pytest.raises(KubeError, match="has Calico run by the Tigera operator"):
        run(memory, K0S)
    del memory.objects[INSTALLATION]
    daemon_set(memory, "calico-node", "kube-system", FELIX_VXLANVNI="4096", FELIX_VXLANPORT="4789")
    assert run(memory, K0S).differing == ()


def reach(memory: Memory, said: Optional[List[str]] = None) -> Reached:
    report = said.append if said is not None else lambda text: None
    asked = Probe("probe-1", "agnhost:1", 80)
    found: Reached = run_probe(memory, asked, "tigera", 5.0, report)  # type: ignore[arg-type]
    return found


def test_pods_reach_each_other_and_a_service_and_leave_only_the_memory_of_it() -> None:
    memory = cluster("n1", "n2")
    said: List[str] = []
    pods_that_work(memory)
    found = reach(memory, said)
    assert (found.nodes, found.ways, found.with_service, found.changed) == (("n1", "n2"), 6, True, True)
    assert memory.deleted == ["probe-1"]
    assert said[0] == "using port 80 to verify networking"
    assert said[-1] == "Confirmed available networking"
    assert not reach(memory).changed


def test_what_was_left_behind_is_deleted_unless_it_is_going_already() -> None:
    memory = cluster()
    pods_that_work(memory)
    name, _equals, value = SELECTOR.partition("=")
    for old, more in (("old", {}), ("going", {"deletionTimestamp": "2026-01-01T00:00:00Z"})):
        memory.put("v1", "Namespace", {"metadata": {"name": old, "labels": {name: value}, **more}})
    reach(memory)
    assert memory.deleted == ["old", "probe-1"]


def test_without_kube_proxy_no_service_is_tried() -> None:
    memory = cluster()
    del memory.objects[PROXY_CONFIG]
    pods_that_work(memory)
    found = reach(memory)
    assert (found.ways, found.with_service) == (1, False)
    assert found.warnings == (probe.NO_PROXY,)


def test_a_cluster_without_usable_nodes_is_not_probed() -> None:
    memory = Memory()
    with pytest.raises(KubeError, match="no node is ready"):
        reach(memory)


def test_a_failing_way_is_told_and_everything_is_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = cluster("n1", "n2")
    pods_that_work(memory, broken=("client-on-n2",))
    monkeypatch.setattr(memory, "watch", lambda *_parts, **_options: Silence())
    with pytest.raises(KubeError, match=r"do not reach each other.*client on n2: to-n1: TIMEOUT"):
        reach(memory)
    assert memory.deleted == ["probe-1"]
    assert CONFIRMED not in memory.objects


class Silence:
    """A watch on which nothing happens."""

    def __iter__(self) -> Any:
        return iter(())

    def close(self) -> None:
        return None


def test_what_cannot_be_deleted_is_said_and_does_not_hide_the_result() -> None:
    memory = cluster()
    said: List[str] = []
    pods_that_work(memory)
    memory.refuse_deletion = True
    found = reach(memory, said)
    assert "the namespace probe-1 is left behind, the next probe deletes it" in found.warnings[0]
    assert found.warnings[0] in said
