# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children are followed on a real API server, through what controllers, other people and the weather do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.follow import streams
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.engine import Manner, follow
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.look import look
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    CLUSTER_NAME_LABEL,
    Cause,
    Child,
    Diagnosis,
    Family,
    Outcome,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube import api as api_module
from tests.api import fault_kinds
from tests.api.bed import Bed
from tests.api.fault_kinds import Fault
from tests.api.faults import ALWAYS, FaultProxy
from tests.integration.api.weather import UNSEEN, api_through

from .followed import Written, condition

# Far longer than anything here takes: a wait that does not end is what fails.
PATIENCE = 120.0
ROOTS = "/mkechildconfigs"


@pytest.fixture
def written(bed: Bed, namespace: str) -> Written:
    return Written(bed, namespace)


def watches(proxy: FaultProxy, count: int) -> Callable[[], bool]:
    return lambda: len(proxy.requests(watch=True)) >= count


def root_of(outcome: Outcome) -> dict[str, Any]:
    assert outcome.family is not None
    assert outcome.family.root is not None
    return outcome.family.root


def states(outcomes: list[Outcome]) -> dict[str, str]:
    return {outcome.name: outcome.state for outcome in outcomes}


def test_children_that_become_ready_at_once_cost_two_watches(
    bed: Bed, proxy: FaultProxy, written: Written, elsewhere: Callable[..., None]
) -> None:
    children = [written.child(f"c{number}") for number in range(60)]

    def come_up() -> None:
        for child in children:
            written.ready(child.name)

    elsewhere(watches(proxy, 2), come_up)
    said: list[str] = []
    api = api_through(bed, proxy)
    outcomes = follow(api, children, "ready", PATIENCE, said.append, manner=Manner(grace=60))
    assert states(outcomes) == {f"c{number}": "ready" for number in range(60)}
    assert [outcome.name for outcome in outcomes] == [child.name for child in children]
    assert api.requests == len(proxy.requests()) == 2
    assert len(said) == 1
    assert said[0].endswith("60/60 ready")


def test_a_child_is_not_ready_before_its_newest_form_was_looked_at(
    bed: Bed, proxy: FaultProxy, written: Written, elsewhere: Callable[..., None]
) -> None:
    child = written.child("prod")
    written.ready("prod")
    changed = written.child("prod", workers=5)
    elsewhere(watches(proxy, 2), lambda: written.ready("prod"))
    assert child != changed
    outcomes = follow(api_through(bed, proxy), [changed], "ready", PATIENCE, print)
    assert states(outcomes) == {"prod": "ready"}
    assert root_of(outcomes[0])["status"]["observedGeneration"] == 2


def machine_deployment(written: Written, replicas: int, ready: int) -> None:
    template = {"spec": {"clusterName": "prod", "bootstrap": {}, "infrastructureRef": {}}}
    spec = {"clusterName": "prod", "replicas": replicas, "selector": {}, "template": template}
    live = written.write("MachineDeployment", "prod-md", spec, labels={CLUSTER_NAME_LABEL: "prod"})
    counted = {"replicas": replicas, "readyReplicas": ready, "updatedReplicas": replicas}
    status = {**counted, "observedGeneration": live["metadata"]["generation"]}
    written.status("MachineDeployment", "prod-md", status)


def test_a_child_that_is_scaled_is_ready_when_its_machines_are(
    bed: Bed, proxy: FaultProxy, written: Written, elsewhere: Callable[..., None]
) -> None:
    written.child("prod", workers=2)
    machine_deployment(written, 2, 2)
    child = written.child("prod", workers=3)
    # The operator says so before anything has happened.
    written.ready("prod")
    said: list[str] = []
    elsewhere(lambda: said, partial(machine_deployment, written, 3, 2), partial(machine_deployment, written, 3, 3))
    api = api_through(bed, proxy)
    manner = Manner(grace=0.5, time_of_day=lambda: "12:03")
    outcomes = follow(api, [child], "ready", PATIENCE, said.append, since={"prod": 2}, manner=manner)
    assert states(outcomes) == {"prod": "ready"}
    assert outcomes[0].family is not None
    assert outcomes[0].family.machine_deployments["prod-md"]["status"]["readyReplicas"] == 3
    assert said[-1] == "12:03 prod  Ready  11/11"
    assert api.requests == 10


def test_a_child_says_at_which_step_of_aws_it_is(
    bed: Bed, proxy: FaultProxy, written: Written, elsewhere: Callable[..., None]
) -> None:
    child = written.child("prod")
    written.deploy("prod", controlPlaneNumber=1, workersNumber=2)
    written.write("Cluster", "prod")
    conditions = [condition("VpcReady", True), condition("SubnetsReady", True)]
    status = {
        "ready": False,
        "conditions": [condition("Ready", True), *conditions, condition("NatGatewaysReady", False)],
    }
    written.write("AWSCluster", "prod", {"region": "eu-west-1"}, status)
    said: list[str] = []
    elsewhere(lambda: any("NatGateways" in line for line in said), lambda: written.ready("prod"))
    manner = Manner(grace=0.2, time_of_day=lambda: "12:03")
    outcomes = follow(api_through(bed, proxy), [child], "ready", PATIENCE, said.append, manner=manner)
    assert states(outcomes) == {"prod": "ready"}
    assert "12:03 prod  NatGatewaysReady  3/11" in said
    assert said[-1] == "12:03 prod  Ready  11/11"


def up_through(
    bed: Bed, proxy: FaultProxy, written: Written, elsewhere: Callable[..., None], watches_seen: int, **manner: Any
) -> list[Outcome]:
    """Two children that become ready once so many watches for roots were opened."""
    children = [written.child(name) for name in ("prod", "test")]
    elsewhere(
        lambda: len(proxy.requests(path=ROOTS, watch=True)) >= watches_seen,
        *(partial(written.ready, child.name) for child in children),
    )
    api = api_through(bed, proxy, deadline=0.3)
    return follow(api, children, "ready", PATIENCE, print, manner=Manner(**manner))


# A watch has no end that could be truncated; what can happen to it is below.
OPENINGS = [name for name in UNSEEN if name not in ("truncated", "truncated to nothing", "lost answer")]


@pytest.mark.parametrize("weather", OPENINGS)
def test_a_storm_does_not_end_the_wait(
    weather: str, bed: Bed, proxy: FaultProxy, written: Written, elsewhere: Callable[..., None]
) -> None:
    times = 1 if weather in ("expired token", "slow") else 6
    proxy.expect(UNSEEN[weather], times=times)
    assert states(up_through(bed, proxy, written, elsewhere, 2 if times > 1 else 1)) == {
        "prod": "ready",
        "test": "ready",
    }
    if times == 1:
        assert proxy.played


@pytest.mark.parametrize(
    ("how", "events", "times"), [("end", 0, 3), ("end", 1, 1), ("torn", 1, 1), ("reset", 1, 1), ("reset", 0, 3)]
)
def test_a_watch_that_is_cut_before_all_children_came_loses_none(
    how: str, events: int, times: int, bed: Bed, proxy: FaultProxy, written: Written, elsewhere: Callable[..., None]
) -> None:
    proxy.expect(fault_kinds.Cut(events, how), times=times, watch=True, path=ROOTS)
    assert states(up_through(bed, proxy, written, elsewhere, times + 1)) == {"prod": "ready", "test": "ready"}
    # Where an answer had begun, one list says what there was, and the watches go on from there. A reset may come before
    # or after the client has read of the answer that it began.
    assert len(proxy.requests("GET", ROOTS, watch=False)) in ((0, 1) if how == "reset" else (1,))
    assert proxy.played


@pytest.mark.parametrize("fault", [fault_kinds.gone(), fault_kinds.gone_in_watch()], ids=["status", "event"])
def test_a_version_that_is_too_old_is_answered_by_a_list(
    fault: Fault, bed: Bed, proxy: FaultProxy, written: Written, elsewhere: Callable[..., None]
) -> None:
    proxy.expect(fault, times=2, watch=True, path=ROOTS)
    assert states(up_through(bed, proxy, written, elsewhere, 3)) == {"prod": "ready", "test": "ready"}


def test_a_watch_that_fell_silent_is_taken_up_again(
    bed: Bed, proxy: FaultProxy, written: Written, elsewhere: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_module, "SILENT_SECONDS", 0.5)
    proxy.expect(fault_kinds.Silent(), times=2, watch=True, path=ROOTS)
    assert states(up_through(bed, proxy, written, elsewhere, 2)) == {"prod": "ready", "test": "ready"}


def test_a_child_that_was_deleted_while_the_watch_was_cut_has_failed(
    bed: Bed, proxy: FaultProxy, written: Written, elsewhere: Callable[..., None]
) -> None:
    children = [written.child(name) for name in ("prod", "test")]
    # The watch ends after both, and the next one is not let through before one of them is deleted.
    proxy.expect(fault_kinds.Cut(2), watch=True, path=ROOTS)
    proxy.expect(fault_kinds.unavailable(), times=ALWAYS, path=ROOTS)
    elsewhere(
        lambda: len(proxy.requests(path=ROOTS)) > 3,
        lambda: written.delete("MkeChildConfig", "prod"),
        lambda: written.ready("test"),
        proxy.forget,
    )
    outcomes = follow(api_through(bed, proxy, deadline=0.3), children, "ready", PATIENCE, print)
    assert states(outcomes) == {"prod": "failed", "test": "ready"}
    assert outcomes[0].message == (
        f"MkeChildConfig {written.namespace}/prod is not there any more: somebody else has deleted it during the wait"
    )


def test_an_api_server_that_dies_and_comes_back_goes_on_with_the_wait(bed: Bed, written: Written) -> None:
    children = [written.child(name) for name in ("prod", "test")]
    said: list[str] = []
    manner = Manner(grace=0.5)
    with ThreadPoolExecutor(1) as pool:
        api = bed.api(deadline=2)
        following = pool.submit(follow, api, children, "ready", PATIENCE, said.append, manner=manner)
        while not said:
            threading.Event().wait(0.02)
        bed.servers.restart_api_server()
        for child in children:
            written.ready(child.name)
        assert states(following.result(PATIENCE)) == {"prod": "ready", "test": "ready"}


def test_a_deletion_goes_on_while_the_api_server_dies_and_comes_back(bed: Bed, written: Written) -> None:
    child = written.child("prod")
    written.write("Cluster", "prod", finalizers=["test/held"])
    written.delete("MkeChildConfig", "prod")
    written.delete("Cluster", "prod")
    said: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        api = bed.api(deadline=2)
        following = pool.submit(follow, api, [child], "gone", PATIENCE, said.append, manner=Manner(grace=0.0))
        while not said:
            threading.Event().wait(0.02)
        bed.servers.restart_api_server()
        assert not following.done()
        bed.client.call("PATCH", written.path("Cluster", "prod"), {"metadata": {"finalizers": None}}, MERGE)
        assert states(following.result(PATIENCE)) == {"prod": "gone"}
    assert "prod  ClusterDeleted" in said[0]


MERGE = "application/merge-patch+json"


def test_somebody_else_deletes_a_child_with_finalizers(
    bed: Bed, proxy: FaultProxy, written: Written, elsewhere: Callable[..., None]
) -> None:
    child = written.child("prod")
    written.write("MkeChildConfig", "prod", child.spec, finalizers=["test/held"])
    elsewhere(watches(proxy, 2), lambda: written.delete("MkeChildConfig", "prod"))
    outcomes = follow(api_through(bed, proxy), [child], "ready", PATIENCE, print)
    assert outcomes[0].failed
    assert "is being deleted since" in outcomes[0].message
    assert outcomes[0].message.endswith("somebody else has asked for that")
    bed.client.call("PATCH", written.path("MkeChildConfig", "prod"), {"metadata": {"finalizers": None}}, MERGE)


def test_a_provider_that_is_not_installed_is_no_trouble(
    bed: Bed,
    proxy: FaultProxy,
    written: Written,
    elsewhere: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "UNSERVED_SECONDS", 0.05)
    missing = fault_kinds.Answers("404", 404, b"404 page not found\n", {"Content-Type": "text/plain"})
    proxy.expect(missing, times=3, path="/k0scontrolplanes")
    child = written.child("prod")
    labels = {CLUSTER_NAME_LABEL: "prod"}
    replicas = {"replicas": 1, "machineTemplate": {"infrastructureRef": {}}, "k0sConfigSpec": {}, "version": "v1.33.4"}
    written.write("K0sControlPlane", "prod-cp", replicas, labels=labels)
    elsewhere(lambda: len(proxy.requests(path="/k0scontrolplanes")) > 3, lambda: written.ready("prod"))
    outcomes = follow(api_through(bed, proxy), [child], "ready", PATIENCE, print, manner=Manner(grace=0.0))
    assert states(outcomes) == {"prod": "ready"}


def test_what_an_event_says_reaches_who_looks_for_causes(bed: Bed, proxy: FaultProxy, written: Written) -> None:
    child = written.child("prod")
    written.write("AWSCluster", "prod", {"region": "eu-west-1"}, labels={CLUSTER_NAME_LABEL: "prod"})
    written.event("AWSCluster", "prod", "FailedAllocateAddress", "api error AddressLimitExceeded: too many")
    written.event("AWSCluster", "other", "FailedCreateVPC", "api error VpcLimitExceeded: too many")
    cause = Cause("eip-quota", "No Elastic IP is left in the region", "Ask AWS for more.")

    def diagnose(family: Family, _now: float) -> Sequence[Diagnosis]:
        return [Diagnosis(cause, item["reason"], item["message"]) for item in family.events]

    said: list[str] = []
    manner = Manner(grace=0.0, settle=0.5)
    outcomes = follow(api_through(bed, proxy), [child], "ready", PATIENCE, said.append, diagnose, manner=manner)
    assert outcomes[0].message == (
        "No Elastic IP is left in the region (FailedAllocateAddress: api error AddressLimitExceeded: too many)."
        " Ask AWS for more."
    )
    assert [item.cause.name for item in outcomes[0].diagnoses] == ["eip-quota"]
    assert said[-1].endswith(f"prod  failed: {outcomes[0].message}")


def test_a_time_out_tells_what_the_deepest_object_says(bed: Bed, proxy: FaultProxy, written: Written) -> None:
    child = written.child("prod")
    told = "operation error EC2: AllocateAddress, api error AddressLimitExceeded: The maximum is reached"
    nat = condition("NatGatewaysReady", False, told, "NatGatewaysReconciliationFailed", severity="Warning")
    status = {"ready": False, "conditions": [condition("VpcReady", True), nat]}
    written.write("AWSCluster", "prod", {"region": "eu-west-1"}, status)
    outcomes = follow(api_through(bed, proxy), [child], "ready", 2.0, print, manner=Manner(grace=0.0))
    where = f"AWSCluster {written.namespace}/prod: NatGatewaysReady is False (NatGatewaysReconciliationFailed)"
    assert outcomes[0].message.startswith(f"not ready after 2 s: {where}: {told}; MkeChildConfig")


def test_children_are_gone_when_nobody_has_anything_of_them(
    bed: Bed, proxy: FaultProxy, written: Written, elsewhere: Callable[..., None]
) -> None:
    children = [written.child(name) for name in ("prod", "test")]
    for child in children:
        written.deploy(child.name)
        written.write("Cluster", child.name)

    def delete() -> None:
        for kind in ("MkeChildConfig", "ClusterDeployment", "Cluster"):
            for child in children:
                written.delete(kind, child.name)

    elsewhere(watches(proxy, 3), delete)
    api = api_through(bed, proxy)
    assert states(follow(api, children, "gone", PATIENCE, print)) == {"prod": "gone", "test": "gone"}
    assert api.requests <= 13


def test_a_cluster_that_nobody_can_ask_for_counts_as_still_there(bed: Bed, proxy: FaultProxy, written: Written) -> None:
    proxy.expect(fault_kinds.unavailable(), times=ALWAYS, path="/clusters$")
    child = Child("prod", {}, written.namespace)
    outcomes = follow(api_through(bed, proxy, deadline=0.3), [child], "gone", 3.0, print)
    assert outcomes[0].failed
    assert "Cluster prod: nobody could tell yet whether it is gone" in outcomes[0].message
    assert "currently unable to handle the request" in outcomes[0].message


def test_a_child_is_paused_when_its_cluster_is(
    bed: Bed, proxy: FaultProxy, written: Written, elsewhere: Callable[..., None]
) -> None:
    child = written.child("prod")
    written.write("Cluster", "prod")
    elsewhere(watches(proxy, 2), lambda: written.write("Cluster", "prod", {"paused": True}))
    api = api_through(bed, proxy)
    assert states(follow(api, [child], "paused", PATIENCE, print, manner=Manner(grace=0.0))) == {"prod": "paused"}
    assert api.requests == 2


def test_who_may_not_look_at_children_is_told_so(bed: Bed, proxy: FaultProxy, written: Written) -> None:
    children = [written.child(name) for name in ("prod", "test")]
    outcomes = follow(api_through(bed, proxy, user="restricted"), children, "ready", PATIENCE, print)
    assert states(outcomes) == {"prod": "failed", "test": "failed"}
    assert "403" in outcomes[0].message
    assert "cluster-admin" in outcomes[0].message


def test_a_look_costs_one_list_a_kind(bed: Bed, proxy: FaultProxy, written: Written) -> None:
    for name in ("prod", "test"):
        written.child(name)
    written.ready("prod")
    dying = written.child("old")
    written.write("MkeChildConfig", "old", dying.spec, finalizers=["test/held"])
    written.delete("MkeChildConfig", "old")
    written.write("AWSCluster", "test", {}, {"ready": False, "conditions": [condition("VpcReady", False, "quota")]})
    api = api_through(bed, proxy)
    outcomes = look(api, written.namespace)
    assert states(outcomes) == {"old": "unfinished", "prod": "ready", "test": "unfinished"}
    assert api.requests == 10
    assert [outcome.progress.phase for outcome in outcomes] == ["Gone", "Ready", "VpcReady"]
    assert outcomes[2].message == f"AWSCluster {written.namespace}/test: VpcReady is False (Because): quota"
    assert states(look(api, written.namespace, ["prod", "none"])) == {"prod": "ready", "none": "gone"}
    assert look(api, f"{written.namespace}-empty") == []
    bed.client.call("PATCH", written.path("MkeChildConfig", "old"), {"metadata": {"finalizers": None}}, MERGE)
