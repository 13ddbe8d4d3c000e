# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, Refused, TimedOut
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.cordon import cordon, uncordon
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.drain import Drained, drain
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.objects import CORDONED, node_ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.owners import until_back
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.wish import DrainWish
from ansible_collections.mke4k.core.plugins.module_utils._kube.transport import Answer
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import refused

from .cluster import BUDGET_SAYS, Cluster, over_budget


@pytest.fixture
def cluster() -> Cluster:
    found = Cluster()
    found.node("w1")
    found.replica_set("web", replicas=2, ready=2)
    found.pod("web-1", "w1")
    found.pod("web-2", "w2")
    return found


def drained(cluster: Cluster, wish: DrainWish | None = None, said: list[str] | None = None) -> Drained:
    return drain(cluster.api(), "w1", wish or DrainWish(), (said if said is not None else []).append)


def is_cordoned(cluster: Cluster) -> bool:
    return bool(cluster.of_node("w1")["spec"].get("unschedulable"))


def test_a_drained_node_is_cordoned_and_its_pods_are_elsewhere(cluster: Cluster) -> None:
    done = drained(cluster)
    assert (done.cordoned, done.evicted) == (True, ("shop/web-1",))
    assert cluster.names_on("w1") == []
    assert is_cordoned(cluster)
    assert CORDONED in cluster.of_node("w1")["metadata"]["annotations"]


def test_a_drain_returns_only_when_pods_are_gone(cluster: Cluster) -> None:
    cluster.pods_take = 40
    drained(cluster)
    assert cluster.time.now >= 40
    assert cluster.evictions == ["web-1"]


def test_pods_of_daemon_sets_and_static_pods_stay(cluster: Cluster) -> None:
    cluster.pod("proxy", "w1", owner="DaemonSet/proxy")
    cluster.pod("static", "w1", owner="Node/w1", metadata={"annotations": {"kubernetes.io/config.mirror": "x"}})
    assert drained(cluster).evicted == ("shop/web-1",)
    assert cluster.names_on("w1") == ["proxy", "static"]


def test_a_pod_without_an_owner_refuses_the_drain_before_anything_moves(cluster: Cluster) -> None:
    cluster.pod("alone", "w1", owner="")
    with pytest.raises(KubeError, match=r"nobody would make these pods anew: shop/alone .*not cordoned any more"):
        drained(cluster)
    assert (cluster.evictions, is_cordoned(cluster)) == ([], False)


def test_force_removes_a_pod_without_an_owner(cluster: Cluster) -> None:
    cluster.pod("alone", "w1", owner="")
    assert drained(cluster, DrainWish(force=True)).evicted == ("shop/web-1", "shop/alone")


def test_a_pod_without_an_owner_that_has_ended_hinders_nobody(cluster: Cluster) -> None:
    cluster.pod("ran-once", "w1", owner="", status={"phase": "Succeeded"})
    assert "shop/ran-once" in drained(cluster).evicted


@pytest.mark.parametrize("allowed", [True, False])
def test_data_in_an_empty_dir_is_only_given_up_when_that_is_allowed(cluster: Cluster, allowed: bool) -> None:
    cluster.pod("cache", "w1", volumes=[{"name": "x", "emptyDir": {}}])
    if allowed:
        assert "shop/cache" in drained(cluster).evicted
        return
    with pytest.raises(KubeError, match="data in an emptyDir: shop/cache"):
        drained(cluster, DrainWish(delete_emptydir_data=False))


def test_only_selected_pods_move(cluster: Cluster) -> None:
    cluster.pod("db", "w1", owner="StatefulSet/db")
    assert drained(cluster, DrainWish(pod_selector="app=db")).evicted == ("shop/db",)
    assert cluster.names_on("w1") == ["web-1"]


def test_a_drain_that_is_not_wanted_only_cordons(cluster: Cluster) -> None:
    assert drained(cluster, DrainWish(enabled=False)).evicted == ()
    assert is_cordoned(cluster)
    assert cluster.names_on("w1") == ["web-1"]


@pytest.mark.parametrize(
    ("grace", "sent"), [(-1, {}), (0, {"gracePeriodSeconds": 0}), (30, {"gracePeriodSeconds": 30})]
)
def test_the_very_pod_is_evicted_with_its_grace(cluster: Cluster, grace: int, sent: dict[str, int]) -> None:
    drained(cluster, DrainWish(grace_period=grace))
    (body,) = [body for _method, path, _query, body in cluster.seen if path.endswith("/eviction")]
    assert body["deleteOptions"] == {"preconditions": {"uid": "uid-web-1"}, **sent}


def test_a_budget_that_does_not_let_go_is_asked_again_and_told_once(cluster: Cluster) -> None:
    cluster.holds["web-1"] = lambda: over_budget() if cluster.time.now < 20 else None
    said: list[str] = []
    drained(cluster, said=said)
    assert cluster.evictions == ["web-1"]
    assert said == ["w1: budgets do not let go yet of shop/web-1"]


def test_a_budget_that_never_lets_go_ends_the_drain_with_its_words_and_uncordons(cluster: Cluster) -> None:
    cluster.holds["web-1"] = over_budget
    with pytest.raises(
        TimedOut, match=r"After 60 s Node w1 (.|\n)* needs 2 healthy pods(.|\n)*not cordoned any more"
    ) as caught:
        drained(cluster, DrainWish(timeout=60))
    assert BUDGET_SAYS.rstrip(".") in str(caught.value)
    assert not is_cordoned(cluster)


def test_a_pod_that_does_not_end_is_named(cluster: Cluster) -> None:
    cluster.pods_take = 1000
    with pytest.raises(TimedOut, match=r"shop/web-1: evicted, but not gone yet"):
        drained(cluster, DrainWish(timeout=30))


def test_a_pod_that_does_not_end_is_given_up_when_that_is_asked_for(cluster: Cluster) -> None:
    cluster.pods_take = 1000
    drained(cluster, DrainWish(skip_wait_for_delete_timeout=10))
    assert 10 <= cluster.time.now < 20


def test_two_budgets_for_one_pod_end_the_drain_at_once(cluster: Cluster) -> None:
    text = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
    cluster.holds["web-1"] = refused(500, "", text)
    with pytest.raises(Refused, match="more than one PodDisruptionBudget"):
        drained(cluster, DrainWish(timeout=30))


def test_a_pod_that_is_gone_by_itself_is_no_failure(cluster: Cluster) -> None:
    path = "/api/v1/namespaces/shop/pods/web-1"

    def gone() -> Answer:
        del cluster.objects[path]
        return refused(404, "NotFound", "no such pod")()

    cluster.holds["web-1"] = gone
    assert drained(cluster).evicted == ("shop/web-1",)


def test_the_cordon_of_somebody_else_stays_theirs(cluster: Cluster) -> None:
    cluster.node("w1", unschedulable=True)
    assert not drained(cluster).cordoned
    assert not uncordon(cluster.api(), "w1")
    assert is_cordoned(cluster)


def test_a_failed_drain_leaves_the_cordon_of_somebody_else(cluster: Cluster) -> None:
    cluster.node("w1", unschedulable=True)
    cluster.pod("alone", "w1", owner="")
    with pytest.raises(KubeError, match="cordoned by somebody else, as before"):
        drained(cluster)
    assert is_cordoned(cluster)


def test_a_cordon_of_a_run_that_was_killed_is_taken_off_by_the_next(cluster: Cluster) -> None:
    assert cordon(cluster.api(), "w1")
    drained(cluster)
    assert uncordon(cluster.api(), "w1")
    assert (is_cordoned(cluster), cluster.of_node("w1")["metadata"]["annotations"]) == (False, {})
    assert not uncordon(cluster.api(), "w1")


def test_a_change_by_others_in_between_is_looked_at_anew(cluster: Cluster) -> None:
    node = cluster.of_node("w1")
    api = cluster.api()
    stale = dict(node, metadata={**node["metadata"], "resourceVersion": "0"})
    answers = iter([stale])
    get = api.get
    api.get = lambda ref: next(answers, None) or get(ref)  # type: ignore[method-assign]
    assert cordon(api, "w1")
    assert [call.partition(" ")[0] for call in cluster.writes()] == ["PATCH", "PATCH"]


def test_a_node_that_nobody_knows_cannot_be_drained(cluster: Cluster) -> None:
    with pytest.raises(KubeError, match="has no Node w9"):
        drain(cluster.api(), "w9", DrainWish())


def test_no_pod_is_touched_before_both_leaders_have_renewed_their_leases(cluster: Cluster) -> None:
    cluster.lease("kube-scheduler")
    cluster.lease("kube-controller-manager", renews=False)
    cluster.after(12, lambda: cluster.leads.update({"kube-controller-manager": True}))
    drained(cluster)
    assert cluster.time.now >= 12
    assert cluster.evictions == ["web-1"]


def test_without_a_live_leader_nothing_is_drained(cluster: Cluster) -> None:
    cluster.lease("kube-scheduler")
    cluster.lease("kube-controller-manager", renews=False)
    with pytest.raises(TimedOut, match="no kube-controller-manager has renewed its lease"):
        drained(cluster)
    assert (cluster.evictions, is_cordoned(cluster)) == ([], False)


def test_leaders_that_were_seen_a_moment_ago_are_not_asked_again(cluster: Cluster) -> None:
    cluster.lease("kube-scheduler", renews=False)
    assert drain(cluster.api(), "w1", DrainWish(), leaders_seen=True).evicted == ("shop/web-1",)


def test_owners_are_back_when_they_have_as_many_ready_pods_as_before(cluster: Cluster) -> None:
    cluster.comes_back = False
    done = drained(cluster)
    cluster.after(30, lambda: cluster.pod("web-3", "w2"))
    until_back(cluster.api(), done.owners, 60)
    assert cluster.time.now >= 30


def test_owners_that_do_not_come_back_are_named(cluster: Cluster) -> None:
    cluster.comes_back = False
    done = drained(cluster)
    with pytest.raises(TimedOut, match=r"60 s after .*ReplicaSet shop/web has 1 ready pods, 2 before"):
        until_back(cluster.api(), done.owners, 60)


@pytest.mark.parametrize("now", [0, None])
def test_owners_that_want_fewer_by_now_or_are_gone_hold_nobody(cluster: Cluster, now: int | None) -> None:
    cluster.comes_back = False
    done = drained(cluster)
    if now is None:
        del cluster.objects["/apis/apps/v1/namespaces/shop/replicasets/web"]
    else:
        cluster.replica_set("web", replicas=now, ready=now)
    until_back(cluster.api(), done.owners, 1)


def test_owners_that_had_nothing_ready_are_not_waited_for(cluster: Cluster) -> None:
    cluster.comes_back = False
    cluster.replica_set("web", replicas=2, ready=0)
    assert drained(cluster).owners == ()


def test_a_node_that_others_change_all_the_time_is_told(cluster: Cluster) -> None:
    api = cluster.api()
    stale = {**cluster.of_node("w1"), "metadata": {"name": "w1", "resourceVersion": "0"}}
    api.get = lambda ref: stale  # type: ignore[method-assign]
    with pytest.raises(KubeError, match=r"Node w1 was changed by others .* 10 times"):
        cordon(api, "w1")


def test_a_patch_that_the_server_refuses_is_no_conflict(cluster: Cluster) -> None:
    api = cluster.api()
    node = api.get(node_ref("w1"))
    api.get = lambda ref: node  # type: ignore[method-assign]
    cluster.troubles = [refused(403, "Forbidden", "no")]
    with pytest.raises(Refused, match="403 no"):
        cordon(api, "w1")


def test_a_cordon_that_cannot_be_taken_off_after_a_failed_drain_is_told(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> bool:
        raise KubeError("no answer")

    monkeypatch.setattr("ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.drain.uncordon", refuse)
    cluster.pod("alone", "w1", owner="")
    with pytest.raises(KubeError, match="still cordoned, as that could not be undone either: no answer"):
        drained(cluster)
