# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drains on a cluster that lives: budgets are counted, evicted pods come back, leases are renewed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, Refused, TimedOut
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.check import check
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.cordon import uncordon
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.drain import drain
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.present import Marks, make_present
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.wish import DrainWish
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.work import Work, work
from tests.api.controllers import Controllers

WISH = DrainWish()


def only_on(*names: str) -> dict[str, object]:
    """Keeps the pods of a Deployment to the nodes of a test."""
    item = {"key": "kubernetes.io/hostname", "operator": "In", "values": list(names)}
    terms = [{"matchExpressions": [item]}]
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    return {"affinity": {"nodeAffinity": required}}


@contextmanager
def watched(living: Controllers, namespace: str, app: str) -> Iterator[list[int]]:
    """How many pods were ready, the whole time."""
    seen: list[int] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.02):
            seen.append(living.ready(namespace, app))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


def test_a_deployment_never_has_fewer_ready_pods_than_its_budget_asks_for(
    living: Controllers, nodes: tuple[str, ...], own_namespace: str
) -> None:
    two = nodes[:2]
    living.deploy(own_namespace, "web", 4, **only_on(*two))
    living.budget(own_namespace, "web", maxUnavailable=1)
    api = living.bed.api()
    with watched(living, own_namespace, "web") as ready:
        for name in two:
            done = drain(api, name, WISH)
            assert done.evicted
            assert name not in living.nodes_of(own_namespace, "web")
            assert uncordon(api, name)
    assert min(ready) >= 3


def test_no_pod_is_taken_away_while_nobody_makes_or_places_new_ones(
    living: Controllers, nodes: tuple[str, ...], own_namespace: str
) -> None:
    living.deploy(own_namespace, "web", 2, **only_on(*nodes))
    victim = living.nodes_of(own_namespace, "web")[0]
    living.stop_leaders()
    before = {pod["metadata"]["uid"] for pod in living.pods(own_namespace, "web")}
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(drain, living.bed.api(), victim, WISH)
        living.until(lambda: living.node(victim)["spec"].get("unschedulable"), "the node cordoned")
        assert {pod["metadata"]["uid"] for pod in living.pods(own_namespace, "web")} == before
        assert not job.done()
        living.free_leases()
        living.start_leaders()
        assert job.result(120).evicted
    living.until(lambda: living.ready(own_namespace, "web") == 2, "two pods ready")


def test_a_budget_that_never_lets_go_is_found_before_and_told_in_the_drain(
    living: Controllers, nodes: tuple[str, ...], own_namespace: str
) -> None:
    living.deploy(own_namespace, "web", 2, **only_on(*nodes))
    living.budget(own_namespace, "web", minAvailable=2)
    victim = living.nodes_of(own_namespace, "web")[0]
    api = living.bed.api()
    found = [item for item in check(api, nodes, WISH) if item.path == f"host {victim}"]
    assert [item.name for item in found] == ["pdb-blocks"]
    assert f"PodDisruptionBudget {own_namespace}/web would never let" in found[0].message
    with pytest.raises(TimedOut, match=r"disruption budget (.|\n)*not cordoned any more"):
        drain(api, victim, DrainWish(timeout=3))
    living.until(lambda: living.is_open(victim), "the node open again")
    assert living.ready(own_namespace, "web") == 2


def test_two_budgets_for_one_pod_are_refused_by_the_server_at_once(
    living: Controllers, nodes: tuple[str, ...], own_namespace: str
) -> None:
    living.deploy(own_namespace, "web", 2, **only_on(*nodes))
    for name in ("one", "two"):
        selector = {"matchLabels": {"app": "web"}}
        manifest = {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": {"name": name, "namespace": own_namespace},
            "spec": {"selector": selector, "maxUnavailable": 1},
        }
        path = f"/apis/policy/v1/namespaces/{own_namespace}/poddisruptionbudgets/{name}"
        living.bed.client.apply(path, manifest)
    victim = living.nodes_of(own_namespace, "web")[0]
    api = living.bed.api()
    assert [item.name for item in check(api, [victim], WISH)] == ["pdb-blocks"]
    with pytest.raises(Refused, match="more than one PodDisruptionBudget"):
        drain(api, victim, WISH)
    living.until(lambda: living.is_open(victim), "the node open again")


def test_pods_without_an_owner_refuse_a_drain_and_force_removes_them(
    living: Controllers, nodes: tuple[str, ...], own_namespace: str
) -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "alone", "namespace": own_namespace},
        "spec": {"nodeName": nodes[0], "containers": [{"name": "c", "image": "played"}]},
    }
    living.bed.client.apply(f"/api/v1/namespaces/{own_namespace}/pods/alone", pod)
    api = living.bed.api()
    with pytest.raises(KubeError, match=f"{own_namespace}/alone"):
        drain(api, nodes[0], WISH)
    assert drain(api, nodes[0], DrainWish(force=True)).evicted == (f"{own_namespace}/alone",)
    assert living.pods(own_namespace) == []


def test_marks_cordons_and_taints_of_others_survive_ours(living: Controllers, nodes: tuple[str, ...]) -> None:
    name = nodes[0]
    api = living.bed.api()
    theirs = {"key": "theirs", "value": "x", "effect": "NoSchedule"}
    body = {"metadata": {"labels": {"theirs": "1"}}, "spec": {"taints": [theirs], "unschedulable": True}}
    living.bed.client.call("PATCH", f"/api/v1/nodes/{name}", body, "application/merge-patch+json")
    ours = Marks({"a": "1"}, {"b": "2"}, [{"key": "ours", "value": "", "effect": "NoExecute"}])
    assert len(make_present(api, name, ours)) == 3
    assert make_present(api, name, ours) == ()
    drain(api, name, WISH)
    assert not uncordon(api, name)
    assert len(make_present(api, name, Marks({}, {}, []))) == 3
    node = living.node(name)
    keys = {taint["key"] for taint in node["spec"]["taints"]}
    assert keys - {"node.kubernetes.io/unschedulable"} == {"theirs"}
    assert (node["spec"]["unschedulable"], node["metadata"]["labels"]["theirs"]) == (True, "1")
    assert not {"a", "b"} & {*node["metadata"]["labels"], *node["metadata"]["annotations"]}


def test_a_node_is_drained_and_deleted(living: Controllers, nodes: tuple[str, ...], own_namespace: str) -> None:
    living.deploy(own_namespace, "web", 3, **only_on(*nodes))
    api = living.bed.api()
    work(api, nodes[:2], Work("drained"))
    assert living.nodes_of(own_namespace, "web") == [nodes[2]] * 3
    (done,) = work(api, [nodes[0]], Work("absent"))
    assert done.lines == ("deleted",)
    assert living.node(nodes[0]) == {}
    living.add_nodes(nodes[0])
