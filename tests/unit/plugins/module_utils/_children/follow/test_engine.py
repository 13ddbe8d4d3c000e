# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.follow import engine, streams
from ansible_collections.mke4k.core.plugins.module_utils._children.follow.engine import Manner, follow
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    AWS_CLUSTER,
    CLUSTER,
    CLUSTER_DEPLOYMENT,
    GONE,
    MKE_CHILD_CONFIG,
    PAUSED,
    READY,
    Cause,
    Child,
    Diagnosis,
    Family,
    Outcome,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Gone
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotReachable, NotServed, Refused
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait import follow as follower
from tests.unit.plugins.module_utils._kube.wait.fakes import Event, FakeApi, Listing, Time

from .objects import DELETED_AT, Manifest, aws_cluster, condition, made

PROD, TEST = Child("prod", {}), Child("test", {})
SURFACE = ["watch MkeChildConfig", "watch ClusterDeployment"]
UP = {"conditions": [condition("Ready")], "observedGeneration": 1}
CAUSE = Cause("eip-quota", "No Elastic IP is left", "Ask for more.")

GONE_BY_OTHERS = "MkeChildConfig k0rdent/prod is not there any more: somebody else has deleted it during the wait"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "FIRST_PAUSE_SECONDS", 0.002)
    monkeypatch.setattr(follower, "LONGEST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(engine, "_SLICE_SECONDS", 0.01)
    monkeypatch.setattr(streams, "UNSERVED_SECONDS", 0.01)


def child(name: str = "prod", version: str = "5", status: Manifest | None = None, **metadata: Any) -> Manifest:
    return made(MKE_CHILD_CONFIG, name, status=status, resourceVersion=version, **metadata)


def added(*items: Manifest) -> list[Any]:
    return [Event("ADDED", item) for item in items]


class Run:
    """One call of follow() against scripted watches, in a time that passes as often as somebody looks at it."""

    def __init__(self, step: float = 0.01) -> None:
        self.api = FakeApi()
        self.said: list[str] = []
        self.time = Time()
        self.step = step

    def watch(self, kind: Kind, *steps: Any, ends: bool = False) -> Run:
        self.api.watches[kind.kind].append((list(steps), ends))
        return self

    def lists(self, kind: Kind, *items: Manifest, version: str = "10") -> Run:
        self.api.lists[kind.kind].append(Listing(list(items), version))
        return self

    def __call__(
        self,
        children: Sequence[Child] = (PROD,),
        goal: str = READY,
        timeout: float = 1800.0,
        diagnose: Callable[[Family, float], Sequence[Diagnosis]] = engine.nothing,
        since: dict[str, int] | None = None,
        **manner: Any,
    ) -> list[Outcome]:
        how = Manner(clock=self.clock, time_of_day=lambda: "12:03", **{"grace": 300.0, **manner})
        return follow(self.api, children, goal, timeout, self.said.append, diagnose, since, how)  # type: ignore[arg-type]

    def clock(self) -> float:
        self.time.pass_by(self.step)
        return self.time.now


def test_children_that_are_ready_at_once_cost_two_watches() -> None:
    run = Run().watch(MKE_CHILD_CONFIG, *added(child(status=UP), child("test", status=UP)))
    outcomes = run([PROD, TEST])
    assert [(one.name, one.state) for one in outcomes] == [("prod", READY), ("test", READY)]
    assert run.api.asked == SURFACE
    assert run.said == ["12:03 prod  Ready  11/11", "12:03 test  Ready  11/11"]
    assert all(watch.closed.is_set() for watch in run.api.opened)


def test_nobody_to_follow_costs_nothing() -> None:
    run = Run()
    assert run([]) == []
    assert run.api.asked == []


def test_the_engine_k0rdent_has_one_watch() -> None:
    manifest = made(CLUSTER_DEPLOYMENT, status=UP, resourceVersion="5")
    run = Run().watch(CLUSTER_DEPLOYMENT, *added(manifest))
    assert run(root_kind=CLUSTER_DEPLOYMENT)[0].state == READY
    assert run.api.asked == ["watch ClusterDeployment"]


def test_the_deeper_kinds_are_looked_at_when_it_takes_longer() -> None:
    run = Run(step=1.0)
    ready = Event("MODIFIED", child(version="6", status=UP))
    nat = aws_cluster(condition("VpcReady"), condition("SubnetsReady", False, "2 of 6"), resourceVersion="3")
    shown = [lambda: wait_for(lambda: any("SubnetsReady" in line for line in run.said)), ready]
    run.watch(MKE_CHILD_CONFIG, *added(child()), *shown)
    run.watch(AWS_CLUSTER, *added(nat))
    outcomes = run(grace=5.0)
    assert outcomes[0].state == READY
    assert {asked.split()[1] for asked in run.api.asked} == {
        "MkeChildConfig",
        *("ClusterDeployment", "HelmRelease", "Cluster", "AWSCluster", "K0sControlPlane", "MachineDeployment"),
        *("Machine", "AWSMachine", "Event"),
    }
    assert len(run.api.asked) == 10
    assert "12:03 prod  SubnetsReady  1/11" in run.said


def wait_for(seen: Callable[[], bool]) -> None:
    while not seen():
        threading.Event().wait(0.002)


def test_the_deeper_kinds_are_looked_at_at_once_when_there_is_trouble() -> None:
    run = Run(step=0.5)
    run.watch(MKE_CHILD_CONFIG, *added(child()))
    found = [Diagnosis(CAUSE, "AWSCluster", "AddressLimitExceeded")]
    outcomes = run(diagnose=lambda _family, _now: found, grace=1e9)
    assert len(run.api.asked) == 10
    assert outcomes[0].failed
    assert outcomes[0].message == "No Elastic IP is left (AWSCluster: AddressLimitExceeded). Ask for more."
    assert 20.0 <= outcomes[0].seconds < 60.0
    assert run.said[-1] == f"12:03 prod  failed: {outcomes[0].message}"


def test_children_that_were_changed_are_done_when_their_machines_are() -> None:
    run = Run(step=0.5)
    run.watch(MKE_CHILD_CONFIG, *added(child(status={**UP, "observedGeneration": 2}, generation=2)))
    assert run(since={"prod": 2}, grace=1e9)[0].state == READY
    assert len(run.api.asked) == 10


def test_one_child_that_fails_does_not_stop_the_others() -> None:
    run = Run(step=0.5)
    ready = Event("MODIFIED", child("test", "7", UP))
    shown = [lambda: wait_for(lambda: bool(run.said)), ready]
    run.watch(MKE_CHILD_CONFIG, *added(child(), child("test")), *shown)

    def diagnose(family: Family, _now: float) -> Sequence[Diagnosis]:
        return [Diagnosis(CAUSE, "x", "y")] if family.name == "prod" else []

    outcomes = run([PROD, TEST], diagnose=diagnose)
    assert [(one.name, one.state) for one in outcomes] == [("prod", "failed"), ("test", READY)]
    assert not outcomes[1].diagnoses


def test_causes_are_said_while_they_may_pass() -> None:
    run = Run(step=1.0)
    ready = Event("MODIFIED", child(version="7", status=UP))
    run.watch(MKE_CHILD_CONFIG, *added(child()), lambda: wait_for(lambda: len(run.said) > 1), ready)
    passing = Diagnosis(
        Cause("throttled", "AWS has too much to do", "", needs_person=False), "AWSCluster", "Throttling"
    )
    run(diagnose=lambda _family, _now: [passing], grace=1.0)
    assert run.said[:2] == [
        "12:03 prod  ClusterDeployment  0/11",
        "12:03 prod  AWS has too much to do (AWSCluster: Throttling)",
    ]


def test_who_diagnoses_may_meet_bad_weather() -> None:
    run = Run(step=0.5)
    run.watch(MKE_CHILD_CONFIG, *added(child()))
    answers: list[Any] = [[Diagnosis(CAUSE, "x", "y")]]

    def diagnose(_family: Family, _now: float) -> Sequence[Diagnosis]:
        if not answers:
            raise NotReachable("503")
        found: Sequence[Diagnosis] = answers.pop()
        return found

    assert run(diagnose=diagnose)[0].message == "No Elastic IP is left (x: y). Ask for more."


def test_a_cause_does_not_get_older_while_the_api_server_is_away() -> None:
    run = Run(step=1.0)
    ready = Event("MODIFIED", child(version="7", status=UP))
    asked: list[float] = []

    def diagnose(_family: Family, now: float) -> Sequence[Diagnosis]:
        asked.append(now)
        return [Diagnosis(CAUSE, "x", "y")]

    def later() -> None:
        start = run.time.now
        wait_for(lambda: run.time.now > start + 200.0)

    run.api.watch = refusing(run.api, "ClusterDeployment", NotReachable("503"))  # type: ignore[method-assign]
    run.watch(MKE_CHILD_CONFIG, *added(child()), later, ready)
    assert run(diagnose=diagnose)[0].state == READY
    assert len(asked) <= 10


def test_a_child_that_somebody_deletes_has_failed_and_says_so() -> None:
    run = Run().watch(MKE_CHILD_CONFIG, *added(child()), Event("DELETED", child(version="6")))
    assert run()[0].message == GONE_BY_OTHERS


def test_a_child_that_is_missing_in_the_list_after_a_cut_is_gone() -> None:
    run = Run().watch(MKE_CHILD_CONFIG, *added(child(), child("test")), ends=True)
    run.lists(MKE_CHILD_CONFIG, child("test", status=UP))
    outcomes = run([PROD, TEST])
    assert [one.state for one in outcomes] == ["failed", READY]


def test_a_server_that_does_not_know_the_kind_for_a_moment_has_deleted_nothing() -> None:
    run = Run().watch(MKE_CHILD_CONFIG, *added(child()), ends=True)
    run.lists(MKE_CHILD_CONFIG, version="").lists(MKE_CHILD_CONFIG, child(status=UP))
    assert run()[0].state == READY


def test_a_time_out_tells_of_the_weather() -> None:
    run = Run(step=1.0)
    run.api.watch = refusing(run.api, "MkeChildConfig", NotReachable("503 again and again"))  # type: ignore[method-assign]
    outcome = run(timeout=60.0)[0]
    assert outcome.message == (
        "not ready after 1 min 1 s: MkeChildConfig prod: it does not exist."
        " The API server could not be asked: 503 again and again"
    )


def refusing(api: FakeApi, kind_name: str, error: Exception) -> Any:
    real = api.watch

    def watch(kind: Kind, **options: Any) -> Any:
        if kind.kind == kind_name:
            raise error
        return real(kind, **options)

    return watch


def test_who_may_not_look_at_children_is_told_for_each_of_them() -> None:
    run = Run()
    run.api.watch = refusing(run.api, "ClusterDeployment", Refused("403 forbidden", 403))  # type: ignore[method-assign]
    outcomes = run([PROD, TEST])
    assert [(one.state, one.message) for one in outcomes] == [("failed", "403 forbidden")] * 2


def test_who_may_not_look_at_deeper_kinds_can_still_wait() -> None:
    run = Run(step=1.0)
    run.api.watch = refusing(run.api, "Event", Refused("403: no events", 403))  # type: ignore[method-assign]
    run.watch(MKE_CHILD_CONFIG, *added(child()))
    outcome = run(timeout=200.0, grace=0.0)[0]
    assert outcome.message.endswith("it names no kubeConfigSecret yet. 403: no events")


def test_a_provider_whose_webhook_is_down_is_named() -> None:
    run = Run(step=1.0)
    down = NotReachable("conversion webhook for AWSCluster failed")
    run.api.watch = refusing(run.api, "AWSCluster", down)  # type: ignore[method-assign]
    run.watch(MKE_CHILD_CONFIG, *added(child()))
    asked: list[float] = []

    def diagnose(_family: Family, now: float) -> Sequence[Diagnosis]:
        asked.append(now)
        return []

    outcome = run(timeout=100.0, grace=0.0, diagnose=diagnose)[0]
    assert outcome.message.endswith("conversion webhook for AWSCluster failed")
    # Everything else goes on.
    assert len(asked) > 10


def test_a_deletion_is_proven_by_lists() -> None:
    dying: dict[str, Any] = {"deletionTimestamp": DELETED_AT, "finalizers": ["x"]}
    run = Run(step=0.5)
    run.lists(MKE_CHILD_CONFIG).lists(CLUSTER_DEPLOYMENT, made(CLUSTER_DEPLOYMENT, **dying))
    run.lists(CLUSTER, version="")
    gone = made(CLUSTER_DEPLOYMENT, resourceVersion="11")
    run.watch(CLUSTER_DEPLOYMENT, lambda: wait_for(lambda: bool(run.said)), Event("DELETED", gone))
    outcomes = run(goal=GONE, grace=0.0)
    assert outcomes[0].state == GONE
    assert run.said == ["12:03 prod  ClusterDeploymentDeleted  10/12", "12:03 prod  Gone  12/12"]
    assert [asked for asked in run.api.asked if asked.startswith("list MkeChild")] == [
        "list MkeChildConfig k0rdent  metadata.name=prod"
    ]


def test_children_that_are_gone_already_cost_three_lists() -> None:
    run = Run().lists(MKE_CHILD_CONFIG).lists(CLUSTER_DEPLOYMENT).lists(CLUSTER)
    assert [one.state for one in run([PROD, TEST], goal=GONE)] == [GONE, GONE]
    assert sorted(run.api.asked) == [
        f"list {kind} k0rdent" for kind in ("Cluster", "ClusterDeployment", "MkeChildConfig")
    ]


def test_a_kind_that_cannot_be_asked_for_counts_as_still_there() -> None:
    run = Run(step=1.0)
    run.lists(MKE_CHILD_CONFIG).lists(CLUSTER_DEPLOYMENT)
    run.api.lists["Cluster"] = [NotReachable("503")]
    outcome = run(goal=GONE, timeout=60.0)[0]
    assert outcome.failed
    assert "Cluster prod: nobody could tell yet whether it is gone" in outcome.message


def test_an_object_that_was_seen_is_not_gone_because_its_kind_is_not_served() -> None:
    run = Run(step=1.0)
    run.lists(MKE_CHILD_CONFIG).lists(CLUSTER_DEPLOYMENT)
    run.api.lists["Cluster"] = [Listing([made(CLUSTER)], "9"), NotServed("no such kind")]
    run.watch(CLUSTER, Gone("too old"), ends=True)
    outcome = run(goal=GONE, timeout=60.0)[0]
    assert "Cluster k0rdent/prod: it is still there" in outcome.message


def test_pausing_looks_at_the_root_and_the_cluster() -> None:
    run = Run().watch(MKE_CHILD_CONFIG, *added(child()))
    run.watch(CLUSTER, *added(made(CLUSTER, spec={"paused": True})))
    assert run(goal=PAUSED, grace=0.0)[0].state == PAUSED
    assert run.api.asked == ["watch MkeChildConfig", "watch Cluster"]


def test_children_of_several_namespaces_have_a_watch_each() -> None:
    other = Child("test", {}, namespace="team")
    run = Run().watch(MKE_CHILD_CONFIG, *added(child(status=UP)))
    run.watch(MKE_CHILD_CONFIG, *added(made(MKE_CHILD_CONFIG, "test", status=UP, namespace="team")))
    # Which of the two comes first is chance: both scripts are about both.
    first, second = run.api.watches[MKE_CHILD_CONFIG.kind]
    both = first[0] + second[0]
    run.api.watches[MKE_CHILD_CONFIG.kind] = [(both, False), (both, False)]
    assert [one.state for one in run([PROD, other])] == [READY, READY]
    assert sorted(run.api.asked) == sorted(SURFACE * 2)
