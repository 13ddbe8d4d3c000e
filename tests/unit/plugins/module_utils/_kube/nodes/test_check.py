# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.check import check
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.wish import DrainWish

from .cluster import Cluster

WISH = DrainWish()


@pytest.fixture
def cluster() -> Cluster:
    found = Cluster()
    found.node("w1")
    found.node("w2")
    found.pod("web-1", "w1")
    found.pod("web-2", "w2")
    return found


def names(cluster: Cluster, *nodes: str, wish: DrainWish = WISH, purpose: str = "change") -> list[str]:
    found = check(cluster.api(), list(nodes or ("w1", "w2")), wish, purpose)
    return [f"{item.severity} {item.name} {item.path}" for item in found]


def volume(cluster: Cluster, node: str = "", claim: str = "data", **source: Any) -> None:
    terms = [{"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": [node]}]}]
    affinity = {"nodeAffinity": {"required": {"nodeSelectorTerms": terms}}} if node else {}
    spec = {"claimRef": {"namespace": "shop", "name": claim} if claim else None, **affinity, **source}
    path = f"/api/v1/persistentvolumes/pv-{len(cluster.objects)}"
    cluster.objects[path] = {"metadata": {"name": path.rpartition("/")[2]}, "spec": spec}


def test_nothing_is_found_where_nothing_is_wrong_and_nothing_is_written(cluster: Cluster) -> None:
    cluster.budget("web", "web", maxUnavailable=1)
    cluster.pod("proxy", "w1", owner="DaemonSet/proxy")
    assert names(cluster) == []
    assert cluster.writes() == []


def test_a_budget_that_never_lets_go_is_found_for_every_node_before_the_first(cluster: Cluster) -> None:
    cluster.budget("web", "web", minAvailable=2)
    assert names(cluster) == ["error pdb-blocks host w1", "error pdb-blocks host w2"]
    (first, _second) = check(cluster.api(), ["w1", "w2"], WISH)
    assert first.message == (
        "PodDisruptionBudget shop/web would never let shop/web-1 go: it wants 2 of 2 pods healthy (minAvailable: 2)"
    )
    assert "300 s" in first.remedy


def test_pods_of_one_budget_are_told_together(cluster: Cluster) -> None:
    cluster.budget("web", "web", minAvailable="100%")
    cluster.pod("web-3", "w1")
    (found,) = check(cluster.api(), ["w1"], WISH)
    assert "let shop/web-1, shop/web-3 go" in found.message


def test_a_budget_that_is_not_met_now_is_a_warning(cluster: Cluster) -> None:
    seen = {"observedGeneration": 1, "expectedPods": 2, "currentHealthy": 1, "desiredHealthy": 1}
    cluster.budget("web", "web", seen, minAvailable=1)
    assert names(cluster, "w1") == ["warning pdb-waits host w1"]


def test_two_budgets_for_one_pod_block_it(cluster: Cluster) -> None:
    cluster.budget("web", "web", maxUnavailable=1)
    cluster.budget("web-too", "web", maxUnavailable=1)
    (found,) = check(cluster.api(), ["w1"], WISH)
    assert (found.name, "shop/web and shop/web-too" in found.message) == ("pdb-blocks", True)


def test_a_drain_that_moves_nothing_is_blocked_by_nothing(cluster: Cluster) -> None:
    cluster.budget("web", "web", minAvailable=2)
    assert names(cluster, wish=DrainWish(enabled=False)) == []
    assert names(cluster, wish=DrainWish(pod_selector="app=db")) == []


def test_pods_that_nobody_makes_anew_are_found(cluster: Cluster) -> None:
    cluster.pod("alone", "w2", owner="")
    assert names(cluster) == ["error bare-pods host w2"]
    assert names(cluster, wish=DrainWish(force=True)) == []


def test_data_in_an_empty_dir_is_found_when_it_may_not_be_lost(cluster: Cluster) -> None:
    cluster.pod("cache", "w2", volumes=[{"emptyDir": {}}])
    assert names(cluster, wish=DrainWish(delete_emptydir_data=False)) == ["error empty-dir host w2"]


def test_a_node_that_is_not_there_is_told(cluster: Cluster) -> None:
    assert names(cluster, "w9") == ["warning node-unknown host w9"]


@pytest.mark.parametrize(("purpose", "severity"), [("change", "warning"), ("removal", "error")])
@pytest.mark.parametrize("source", [{"local": {"path": "/x"}}, {"hostPath": {"path": "/x"}}])
def test_a_volume_that_only_one_node_has_is_found_there(
    cluster: Cluster, purpose: str, severity: str, source: dict[str, Any]
) -> None:
    volume(cluster, "w2", **source)
    assert names(cluster, purpose=purpose) == [f"{severity} local-volume host w2"]


def test_a_host_path_without_a_node_is_where_its_pod_is(cluster: Cluster) -> None:
    volume(cluster, hostPath={"path": "/x"})
    assert names(cluster) == []
    cluster.pod("db-0", "w1", owner="StatefulSet/db", volumes=[{"persistentVolumeClaim": {"claimName": "data"}}])
    (found,) = check(cluster.api(), ["w1", "w2"], WISH, "removal")
    assert (found.path, "shop/data, used by shop/db-0" in found.message) == ("host w1", True)


def writes(path: str = "/data", read_only: bool = False, **host_path: Any) -> dict[str, Any]:
    """The parts of a pod that mounts a folder of its host."""
    return {
        "volumes": [{"name": "folder", "hostPath": {"path": path, **host_path}}],
        "containers": [{"name": "db", "volumeMounts": [{"name": "folder", "readOnly": read_only}]}],
    }


@pytest.mark.parametrize(("purpose", "severity"), [("change", "warning"), ("removal", "error")])
def test_folders_of_the_host_that_pods_write_into_are_told(cluster: Cluster, purpose: str, severity: str) -> None:
    cluster.pod("db-0", "w2", **writes("/srv/db"))
    (found,) = check(cluster.api(), ["w1", "w2"], WISH, purpose)
    assert (found.severity, found.name, found.path) == (severity, "host-path", "host w2")
    assert "shop/db-0 (/srv/db)" in found.message


@pytest.mark.parametrize(
    ("owner", "parts"),
    [
        ("ReplicaSet/web", writes(read_only=True)),
        ("ReplicaSet/web", writes(type="Socket")),
        ("ReplicaSet/web", writes("/var/run/docker.sock")),
        ("ReplicaSet/web", writes("/dev/shm/")),
        ("ReplicaSet/web", {**writes(), "containers": [{"name": "db"}]}),
        ("DaemonSet/logs", writes()),
        ("Job/once", {**writes(), "status": {"phase": "Succeeded"}}),
    ],
    ids=["read only", "a socket", "made at boot", "of the kernel", "not mounted", "not moved", "ended"],
)
def test_folders_of_the_host_without_data_of_the_pod_hinder_nobody(
    cluster: Cluster, owner: str, parts: dict[str, Any]
) -> None:
    cluster.pod("db-0", "w2", owner, **parts)
    assert names(cluster, purpose="removal") == []


@pytest.mark.parametrize("source", [{"csi": {"driver": "x"}}, {"nfs": {"server": "x"}}])
def test_volumes_that_any_node_can_use_are_not_local(cluster: Cluster, source: dict[str, Any]) -> None:
    volume(cluster, "w2", **source)
    volume(cluster, "w2", claim="", local={"path": "/unclaimed"})
    assert names(cluster, purpose="removal") == []


def test_attached_volumes_hinder_a_removal_and_no_change(cluster: Cluster) -> None:
    spec = {"nodeName": "w1", "attacher": "ebs.csi.aws.com", "source": {"persistentVolumeName": "pv-1"}}
    path = "/apis/storage.k8s.io/v1/volumeattachments/csi-1"
    cluster.objects[path] = {"metadata": {"name": "csi-1"}, "spec": spec}
    assert names(cluster) == []
    (found,) = check(cluster.api(), ["w1", "w2"], WISH, "removal")
    assert (found.name, found.path) == ("volume-attached", "host w1")
    assert "pv-1 (ebs.csi.aws.com)" in found.message
