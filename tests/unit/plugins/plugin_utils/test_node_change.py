# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host's change: what is done in which order, and what is left behind where it stops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.cordon import cordon
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.wish import DrainWish
from ansible_collections.mke4k.core.plugins.plugin_utils import _node_change
from ansible_collections.mke4k.core.plugins.plugin_utils._node_change import NodeChange, Wish
from ansible_collections.mke4k.core.plugins.plugin_utils._run_marks import RunMarks
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.nodes.cluster import Cluster, over_budget

VERSION = "v1.33.13+k0s.0"
RESTART = [{"kind": "restart", "target": "k0sworker", "detail": ""}]
FILE = [{"kind": "file", "target": "/etc/x", "detail": ""}]


class Host:
    """What k0s_node would do there, and did."""

    def __init__(self, cluster: Cluster, changes: list[dict[str, str]], *, running: bool = True) -> None:
        self.cluster = cluster
        self.changes = changes
        self.running = running
        self.failure = ""
        self.lost = False
        self.calls: list[str] = []

    def k0s_node(self, only_ask: bool) -> dict[str, Any]:
        pods = ",".join(self.cluster.names_on("w1"))
        cordoned = "cordoned" if is_cordoned(self.cluster) else "open"
        self.calls.append(f"{'ask' if only_ask else 'change'} {cordoned} {pods}".strip())
        if self.lost and not only_ask:
            raise ConnectionError("the host is gone")
        if self.failure and not only_ask:
            return {"failed": True, "msg": self.failure}
        return {"changed": bool(self.changes), "changes": self.changes, "node": {"running": self.running}}


def is_cordoned(cluster: Cluster) -> bool:
    return bool(cluster.of_node("w1")["spec"].get("unschedulable"))


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    found = Cluster()
    found.node("w1")
    found.replica_set("web", replicas=1, ready=1)
    found.pod("web-1", "w1")
    # The wait itself follows watches and has tests of its own.
    monkeypatch.setattr(_node_change, "until_ready", lambda *_given: None)
    return found


@pytest.fixture
def marks(tmp_path: Path) -> RunMarks:
    return RunMarks("workers", str(tmp_path))


def changed(cluster: Cluster, host: Host, marks: RunMarks, **wish: Any) -> dict[str, Any]:
    wanted = Wish(**{"host": "w1", "node": "w1", "version": VERSION, **wish})
    time = cluster.time
    found = NodeChange(
        wanted, cluster.api, host.k0s_node, marks, lambda _line: None, now=lambda: time.now, sleep=time.sleep
    ).run()
    return {**found, "steps": [step["name"] for step in found["steps"]]}


def test_k0s_is_changed_while_the_pods_are_elsewhere(cluster: Cluster, marks: RunMarks) -> None:
    host = Host(cluster, RESTART)
    result = changed(cluster, host, marks)
    assert host.calls == ["ask open web-1", "change cordoned"]
    assert result["steps"] == ["check", "drain", "change", "ready", "uncordon", "owners"]
    assert (result["changed"], result["drained"], result["evicted"]) == (True, True, ["shop/web-1"])
    assert not is_cordoned(cluster)


def test_a_plan_that_knows_of_the_restart_saves_the_question(cluster: Cluster, marks: RunMarks) -> None:
    host = Host(cluster, RESTART)
    assert changed(cluster, host, marks, restarts=True)["drained"]
    assert host.calls == ["change cordoned"]


@pytest.mark.parametrize(("changes", "running"), [(FILE, True), (RESTART, False)])
def test_pods_stay_where_k0s_goes_on_or_does_not_run(
    cluster: Cluster, marks: RunMarks, changes: list[dict[str, str]], running: bool
) -> None:
    result = changed(cluster, Host(cluster, changes, running=running), marks)
    assert (result["changed"], result["drained"], cluster.evictions) == (True, False, [])


def test_a_host_that_needs_no_change_only_loses_the_cordon_of_a_run_that_was_killed(
    cluster: Cluster, marks: RunMarks
) -> None:
    host = Host(cluster, [])
    assert changed(cluster, host, marks)["changed"] is False
    cordon(cluster.api(), "w1")
    assert changed(cluster, host, marks)["changed"] is True
    assert not is_cordoned(cluster)
    assert host.calls == ["ask open web-1", "ask cordoned web-1"]


def test_a_host_without_a_node_is_just_changed(cluster: Cluster, marks: RunMarks) -> None:
    for node in ("", "w9"):
        result = changed(cluster, Host(cluster, RESTART), marks, node=node)
        assert (result["changed"], result["drained"]) == (True, False)


def test_pods_of_a_dead_kubelet_are_not_evicted_for_ever(cluster: Cluster, marks: RunMarks) -> None:
    cluster.of_node("w1")["status"] = {"conditions": [{"type": "Ready", "status": "Unknown"}]}
    host = Host(cluster, RESTART)
    result = changed(cluster, host, marks)
    assert (host.calls[-1], cluster.evictions) == ("change cordoned web-1", [])
    assert (result["drained"], is_cordoned(cluster)) == (True, False)


def test_a_failed_drain_leaves_k0s_alone_and_the_node_open(cluster: Cluster, marks: RunMarks) -> None:
    cluster.holds["web-1"] = over_budget
    host = Host(cluster, RESTART)
    result = changed(cluster, host, marks, drain=DrainWish(timeout=30))
    assert (result["failed"], result["stopped_at"], result["changed"]) == (True, "drain", False)
    assert "not cordoned any more" in result["msg"]
    assert (host.calls, is_cordoned(cluster), marks.failed()) == (["ask open web-1"], False, ["w1"])


def test_a_failed_change_leaves_the_cordon_and_says_so(cluster: Cluster, marks: RunMarks) -> None:
    host = Host(cluster, RESTART)
    host.failure = "k0s keeps ending"
    result = changed(cluster, host, marks)
    assert (result["stopped_at"], result["changed"]) == ("change", True)
    assert result["msg"].startswith("k0s keeps ending The node stays cordoned")
    assert is_cordoned(cluster)
    host.failure = ""
    changed(cluster, host, marks)
    assert not is_cordoned(cluster)


def test_a_host_that_cannot_be_asked_keeps_its_pods(cluster: Cluster, marks: RunMarks) -> None:
    host = Host(cluster, RESTART)
    host.k0s_node = lambda only_ask: {"failed": True, "msg": "refused"}  # type: ignore[method-assign]
    result = changed(cluster, host, marks)
    assert (result["stopped_at"], result["msg"], cluster.evictions) == ("check", "refused", [])


def test_pods_that_do_not_come_back_fail_the_host_whose_node_is_open(cluster: Cluster, marks: RunMarks) -> None:
    cluster.comes_back = False
    result = changed(cluster, Host(cluster, RESTART), marks, drain=DrainWish(owners_timeout=20))
    assert (result["stopped_at"], is_cordoned(cluster)) == ("owners", False)
    assert "ReplicaSet shop/web has 0 ready pods, 1 before" in result["msg"]


def test_owners_are_not_waited_for_where_that_is_not_wanted(cluster: Cluster, marks: RunMarks) -> None:
    cluster.comes_back = False
    assert "owners" not in changed(cluster, Host(cluster, RESTART), marks, drain=DrainWish(owners_timeout=0))["steps"]


@pytest.mark.parametrize(("most", "begins"), [(0, False), (1, False), (2, True)])
def test_hosts_refuse_to_begin_after_more_failures_than_allowed(
    cluster: Cluster, marks: RunMarks, most: int, begins: bool
) -> None:
    marks.has_failed("w7")
    marks.has_failed("w8")
    host = Host(cluster, RESTART)
    result = changed(cluster, host, marks, max_failures=most)
    assert bool(host.calls) is begins
    if not begins:
        assert (result["stopped_at"], result["not_begun"], result["changed"]) == ("begin", True, False)
        assert "w1 was not changed: w7, w8 failed before it" in result["msg"]
        assert marks.failed() == ["w7", "w8"]


def test_a_host_that_goes_away_in_the_middle_counts_as_failed(cluster: Cluster, marks: RunMarks) -> None:
    host = Host(cluster, RESTART)
    host.lost = True
    with pytest.raises(ConnectionError):
        changed(cluster, host, marks)
    assert marks.failed() == ["w1"]
    assert is_cordoned(cluster)


def test_a_pause_is_kept_after_a_change_and_only_then(cluster: Cluster, marks: RunMarks) -> None:
    assert changed(cluster, Host(cluster, RESTART), marks, pause=40)["steps"][-1] == "pause"
    assert cluster.time.now >= 40
    assert "pause" not in changed(cluster, Host(cluster, []), marks, pause=40)["steps"]


def test_check_mode_tells_which_pods_would_move(cluster: Cluster, marks: RunMarks) -> None:
    host = Host(cluster, RESTART)
    marks.has_failed("w8")
    result = changed(cluster, host, marks, dry_run=True)
    assert (result["changed"], result["evicted"], host.calls) == (True, ["shop/web-1"], ["ask open web-1"])
    assert cluster.writes() == []


def test_leaders_are_looked_at_once_for_a_while_and_anew_after_a_controller(cluster: Cluster, marks: RunMarks) -> None:
    changed(cluster, Host(cluster, RESTART), marks)
    assert marks.leaders_seen()
    changed(cluster, Host(cluster, RESTART), marks, leads=True)
    assert not marks.leaders_seen()


def test_what_was_seen_of_leaders_is_old_soon(tmp_path: Path) -> None:
    now = [1000.0]
    found = RunMarks("", str(tmp_path), lambda: now[0])
    assert not found.leaders_seen()
    found.have_seen_leaders()
    assert found.leaders_seen()
    now[0] += 11
    assert not found.leaders_seen()


def test_batches_count_for_themselves(tmp_path: Path) -> None:
    RunMarks("a", str(tmp_path)).has_failed("n1")
    assert RunMarks("b", str(tmp_path)).failed() == []
    assert RunMarks("a", str(tmp_path)).failed() == ["n1"]
