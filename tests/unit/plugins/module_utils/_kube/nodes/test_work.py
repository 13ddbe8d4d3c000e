# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.back import kubelet_at_least, until_ready
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.present import Marks
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.work import Done, Work, work
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.wait.fakes import Event, FakeApi, Listing

from .cluster import READY, Cluster


@pytest.fixture
def cluster() -> Cluster:
    found = Cluster()
    found.node("w1")
    found.node("w2")
    found.node("w3", unschedulable=True)
    found.replica_set("web", replicas=2, ready=2)
    found.pod("web-1", "w1")
    found.pod("web-2", "w2")
    return found


def worked(cluster: Cluster, state: str, *names: str, **order: Any) -> list[Done]:
    return work(cluster.api(), names, Work(state, **order))


def test_cordons_of_ours_come_and_go_and_others_stay(cluster: Cluster) -> None:
    done = worked(cluster, "cordoned", "w1", "w3")
    assert [(item.name, item.changed, item.cordoned) for item in done] == [("w1", True, True), ("w3", False, True)]
    done = worked(cluster, "uncordoned", "w1", "w2", "w3", "w9")
    assert [(item.name, item.changed, item.cordoned) for item in done] == [
        ("w1", True, False), ("w2", False, False), ("w3", False, True), ("w9", False, False)
    ]  # fmt: skip


def test_nothing_to_take_off_costs_one_request(cluster: Cluster) -> None:
    api = cluster.api()
    work(api, ["w1", "w2", "w3"], Work("uncordoned"))
    assert api.requests == 1


def test_nodes_are_drained_one_after_another_with_their_pods_back_in_between(cluster: Cluster) -> None:
    cluster.node("other")
    done = worked(cluster, "drained", "w1", "w2")
    assert [item.evicted for item in done] == [("shop/web-1",), ("shop/web-2",)]
    order = [path.rsplit("/", 1)[-1] for _method, path, _query, _body in cluster.seen]
    between = order[order.index("eviction") + 1 : len(order) - 1 - order[::-1].index("eviction")]
    assert "web" in between


def test_a_dry_run_of_a_drain_tells_which_pods_would_move(cluster: Cluster) -> None:
    (done,) = worked(cluster, "drained", "w1", dry_run=True)
    assert done.to_dict() == {
        "name": "w1",
        "changed": True,
        "cordoned": True,
        "evicted": ["shop/web-1"],
        "changes": ["cordoned", "evicted shop/web-1"],
    }
    assert cluster.writes() == []
    with pytest.raises(KubeError, match="has no Node w9"):
        worked(cluster, "drained", "w9", dry_run=True)


def test_marks_are_told_in_words(cluster: Cluster) -> None:
    (done, again) = worked(cluster, "present", "w1", "w1", marks=Marks(labels={"a": "1"}))
    assert (done.lines, again.lines) == (("label a set to 1",), ())
    with pytest.raises(KubeError, match="has no Node w9"):
        worked(cluster, "present", "w9")


def test_a_node_is_deleted_once(cluster: Cluster) -> None:
    (done,) = worked(cluster, "absent", "w1")
    (again,) = worked(cluster, "absent", "w1")
    assert (done.lines, again.changed) == (("deleted",), False)
    assert "/api/v1/nodes/w1" not in cluster.objects


def test_a_dry_run_deletes_nothing(cluster: Cluster) -> None:
    (done,) = worked(cluster, "absent", "w1", dry_run=True)
    assert done.changed
    assert "/api/v1/nodes/w1" in cluster.objects


@pytest.mark.parametrize(
    ("kubelet", "wanted", "met"),
    [
        ("v1.33.13+k0s", "v1.33.13+k0s.0", True),
        ("v1.33.13", "v1.33.12+k0s.1", True),
        ("v1.33.12+k0s", "v1.33.13+k0s.0", False),
        ("v1.33.12", "v1.34.1+k0s.0", False),
        ("", "v1.33.13+k0s.0", False),
        ("v1.33.12", "", True),
    ],
)
def test_the_kubelet_is_of_the_new_k0s(kubelet: str, wanted: str, met: bool) -> None:
    verdict = kubelet_at_least(wanted)({"status": {"nodeInfo": {"kubeletVersion": kubelet}}})
    assert (verdict.state == "met") is met


def test_a_changed_node_is_waited_for_until_its_new_kubelet_is_ready() -> None:
    api: Any = FakeApi()
    old, new = (
        {"metadata": {"name": "w1"}, "status": {"conditions": READY, "nodeInfo": {"kubeletVersion": version}}}
        for version in ("v1.33.12+k0s", "v1.33.13+k0s")
    )
    api.lists["Node"] = [Listing([old], "1")]
    api.watches["Node"] = [([Event("MODIFIED", new)], False)]
    until_ready(api, "w1", "v1.33.13+k0s.0", 30)
    assert len(api.opened) == 1
