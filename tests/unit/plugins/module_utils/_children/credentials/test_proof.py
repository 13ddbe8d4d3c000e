# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts as a proof that a cluster works, and what speaks against it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.proof import (
    Judge,
    Patience,
    Scene,
    look,
    prove,
    refusal_in,
    touch,
    unproven,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.model import AWS_CLUSTER, AWS_MACHINE, CLUSTER
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Time, api_of, refused

from .world import World

REF = Ref(AWS_CLUSTER.api_version, AWS_CLUSTER.kind, "berlin", "k0rdent")
# As CAPA 2.8 and 2.11 write them.
OLD_TEXT = "failed to query ec2 for VPCs: AuthFailure: AWS was not able to validate\n\tstatus code: 401, request id: 1"
NEW_TEXT = (
    "operation error EC2: DescribeVpcs, https response error StatusCode: 401, api error AuthFailure: AWS was not able"
)


def cluster(ready: bool = True, *conditions: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    named = {"name": "berlin", "namespace": "k0rdent", **metadata}
    return {"kind": "AWSCluster", "metadata": named, "status": {"ready": ready, "conditions": list(conditions)}}


def machine(*conditions: dict[str, Any], name: str = "berlin-1", of: str = "berlin") -> dict[str, Any]:
    labels = {"cluster.x-k8s.io/cluster-name": of}
    metadata = {"name": name, "namespace": "k0rdent", "labels": labels}
    return {"kind": AWS_MACHINE.kind, "metadata": metadata, "status": {"conditions": list(conditions)}}


def failing(message: str) -> dict[str, Any]:
    return {"type": "VpcReady", "status": "False", "reason": "VpcReconciliationFailed", "message": message}


def event(message: str, count: int = 1, kind: str = "AWSCluster", name: str = "berlin", **more: Any) -> dict[str, Any]:
    about = {"kind": kind, "name": name, "namespace": "k0rdent"}
    return {"metadata": {"uid": "e"}, "involvedObject": about, "message": message, "count": count, **more}


def scene(found: dict[str, Any] | None = None, **more: Any) -> Scene:
    return Scene({REF: found or cluster()}, **more)


def judged(*looks: tuple[float, Scene], known: Scene | None = None, ready: bool = True) -> Any:
    judge = Judge([REF], {REF} if ready else (), 30.0)
    if known is not None:
        judge.known(known)
    for now, seen in looks:
        judge.take(seen, now)
    return judge.proofs()[0]


def test_thirty_quiet_seconds_are_a_proof() -> None:
    assert not judged((0.0, scene()), (29.0, scene())).proven
    assert judged((0.0, scene()), (30.0, scene())).proven


@pytest.mark.parametrize(
    "text", [OLD_TEXT, NEW_TEXT, "x ExpiredToken: y", "AccessDenied: z", "api error UnauthorizedOperation: q"]
)
def test_a_refusal_starts_the_time_anew(text: str) -> None:
    trouble = scene(cluster(True, failing(text)))
    found = judged((0.0, scene()), (20.0, trouble), (40.0, scene()), (60.0, scene()))
    assert not found.proven
    assert text.split(":", maxsplit=1)[0] in found.message
    assert judged((0.0, trouble), (10.0, scene()), (40.0, scene())).proven


@pytest.mark.parametrize("text", ["VpcLimitExceeded: too many", "RequestLimitExceeded", "MyAuthFailureX"])
def test_other_troubles_have_nothing_to_do_with_keys(text: str) -> None:
    trouble = scene(cluster(True, failing(text)))
    assert judged((0.0, trouble), (30.0, trouble)).proven


def test_a_refusal_of_a_machine_counts_for_its_cluster_only() -> None:
    mine, other = machine(failing(NEW_TEXT)), machine(failing(NEW_TEXT), of="paris")
    assert "AWSMachine berlin-1" in judged((0.0, scene(machines=[mine])), (30.0, scene(machines=[mine]))).message
    assert judged((0.0, scene(machines=[other])), (30.0, scene(machines=[other]))).proven


def test_events_count_once_they_are_new_or_happen_again() -> None:
    before = scene(events=[event(OLD_TEXT, 3)])
    again = scene(events=[event(OLD_TEXT, 4)])
    assert judged((0.0, before), (30.0, before), known=before).proven
    found = judged((0.0, before), (20.0, again), (30.0, again), known=before)
    assert not found.proven
    assert found.message.startswith("event of AWSCluster berlin")
    series = scene(events=[event(OLD_TEXT, 0, series={"count": 2})])
    assert not judged((0.0, series), known=before).proven


def test_events_of_others_and_of_other_kinds_do_not_count() -> None:
    others = scene(events=[event(OLD_TEXT, name="paris"), event("FailedCreateVPC: throttled")])
    assert judged((0.0, others), (30.0, others)).proven
    machines = scene(machines=[machine()], events=[event(OLD_TEXT, kind="AWSMachine", name="berlin-1")])
    assert not judged((0.0, machines)).proven


def test_a_cluster_that_was_ready_has_to_stay_ready() -> None:
    away = scene(cluster(False))
    assert judged((0.0, away), (30.0, away)).message == "it was ready and is not any more"
    assert judged((0.0, away), (30.0, away), ready=False).proven


def test_a_paused_cluster_proves_nothing() -> None:
    marked = scene(cluster(annotations={"cluster.x-k8s.io/paused": ""}))
    assert "paused" in judged((0.0, marked), (30.0, marked)).message
    parent = Ref(CLUSTER.api_version, CLUSTER.kind, "berlin", "k0rdent")
    assert "paused" in judged((0.0, scene(paused={parent})), (30.0, scene(paused={parent}))).message


def test_a_cluster_that_goes_away_needs_no_proof() -> None:
    assert judged((0.0, Scene())).message == "it is gone"


def test_conditions_of_every_generation_are_read() -> None:
    newer = {
        "kind": "AWSCluster",
        "metadata": {"name": "a"},
        "status": {"v1beta2": {"conditions": [failing(NEW_TEXT)]}},
    }
    assert "VpcReady is False (VpcReconciliationFailed)" in refusal_in(newer)


def test_one_look_costs_a_request_a_kind_whatever_the_number_of_clusters() -> None:
    world = World()
    for number in range(20):
        world.cluster(f"c{number}")
    world.put("/apis/cluster.x-k8s.io/v1beta1/namespaces/k0rdent/clusters/c1", spec={"paused": True})
    api = api_of(world)
    first = look(api)
    world.seen.clear()
    assert look(api) == first
    assert len(world.seen) == 4
    assert [ref.name for ref in first.paused] == ["c1"]


def test_a_proof_that_does_not_come_ends_with_the_last_words() -> None:
    world, time = World(), Time()
    world.cluster("berlin", conditions=[failing(OLD_TEXT)])
    clusters = list(look(api_of(world)).clusters.values())
    found = prove(api_of(world), clusters, Patience(30.0, 60.0, time.clock()), lambda _line: None)
    assert "AuthFailure" in str(unproven(found))
    assert 60 <= time.now <= 63
    assert unproven([]) is None
    assert prove(api_of(world), [], Patience(), lambda _line: None) == []


def test_a_cluster_that_cannot_be_touched_is_no_proof() -> None:
    world = World()
    touch(api_of(world), [REF], "1")
    world.cluster("berlin")
    world.troubles = [refused(403, "Forbidden", "no")]
    with pytest.raises(Refused):
        touch(api_of(world), [REF], "1")
