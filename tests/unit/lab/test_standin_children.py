# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children of the stand-in mothership, as far as they need no API server."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.lab.standin.api import Kind, Object
from tests.lab.standin.children import needs
from tests.lab.standin.children.beginnings import Beginnings
from tests.lab.standin.children.catalogue import ABOVE, FAILURES, MACHINES
from tests.lab.standin.children.commands import Command, NoSuchFailure, command_for
from tests.lab.standin.children.failures import LEAVING, NETWORK, NEW, OLD
from tests.lab.standin.children.pictures import cluster, deployment, machines, network, root
from tests.lab.standin.children.pictures.view import OWN_GENERATION, WHEN, View, Wanted
from tests.lab.standin.children.stages import DOWN, UP, Way
from tests.lab.standin.children.wish import Wish, of_child, of_deployment
from tests.lab.standin.children.writer import Writer, difference

WISH = Wish("prod", "k0rdent", "mke4k-aws-4-1-2", "cred", "v4.1.2", {"region": "eu-west-3"}, ("a", "b", "c", "d"))
THING = Kind("v1", "Thing", "things")


class Clock:
    """Time as a test sets it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def view(position: float, command: Command | None = None, **fields: Any) -> View:
    """A child that far on its way up."""
    given = command or Command()
    failure = given.failure(0.0, down=False)
    way = Way(UP, position, failure.stage if failure else "", only=bool(fields.get("lived")))
    return View(WISH, way, given, failure, **fields)


def told(wanted: Wanted, kind: str) -> Object:
    return next((one for one in wanted.status["conditions"] if one["type"] == kind), {})


def test_stages_end_in_their_order_and_the_next_end_is_known() -> None:
    way = Way(UP, 0.2)
    assert [way.done(name) for name in ("vpc", "subnets", "nat")] == [True, False, False]
    assert [way.begun(name) for name in ("subnets", "igw")] == [True, False]
    assert way.next_end() == 0.22
    assert Way(UP, 1.0).next_end() is None


def test_nothing_gets_past_a_stage_that_fails_and_later_ends_do_not_count() -> None:
    way = Way(UP, 1.0, "nat")
    assert way.fails("nat")
    assert way.done("igw")
    assert not way.done("ready")
    assert way.next_end() is None


def test_of_a_child_that_lived_only_the_failing_stage_is_missing() -> None:
    way = Way(UP, 1.0, "vpc", only=True)
    assert not way.done("vpc")
    assert way.done("ready")


@pytest.mark.parametrize(
    ("infrastructure", "controllers", "workers"),
    [
        ({}, 3, 2),
        ({"controlPlaneNumber": 1, "workersNumber": 0}, 1, 0),
        ({"configuration": {"controlPlaneNumber": 5, "workersNumber": 7}}, 5, 7),
    ],
)
def test_counts_of_both_places_are_taken(infrastructure: Object, controllers: int, workers: int) -> None:
    metadata = {"name": "prod", "namespace": "k0rdent"}
    spec = {"version": "v4.1.3", "infrastructure": {"provider": "aws", "credential": "c", **infrastructure}}
    wish = of_child({"metadata": metadata, "spec": spec})
    assert (wish.controllers, wish.workers) == (controllers, workers)
    assert wish.template == "mke4k-aws-4-1-3"
    assert wish.has_address
    assert "provider" not in wish.config


def test_a_child_of_k0rdent_alone_has_the_services_of_its_own_and_of_others() -> None:
    spec = {"template": "t", "config": {"region": "r"}, "serviceSpec": {"services": [{"template": "web-1"}]}}
    wish = of_deployment({"metadata": {"name": "a", "namespace": "n"}, "spec": spec}, ("other",))
    assert wish.services == ("web-1", "other")
    assert wish.region == "r"


def test_the_aws_cluster_is_ready_with_only_the_vpc_made_and_then_not_any_more() -> None:
    only_vpc = network.coming(view(0.19))
    assert told(only_vpc, "Ready")["status"] == "True"
    assert only_vpc.status["ready"] is False
    later = network.coming(view(0.3))
    assert told(later, "NatGatewaysReady")["reason"] == "NatGatewaysCreationStarted"
    assert told(later, "Ready")["message"] == "3 of 8 completed"
    assert network.coming(view(1.0)).status["ready"] is True


def test_machines_wait_for_the_network_and_then_run() -> None:
    assert machines.coming(view(0.5)) == []
    pending = machines.coming(view(0.6))
    assert {one.status.get("phase") for one in pending if one.kind.kind == "Machine"} == {"Pending"}
    running = machines.coming(view(1.0))
    assert len(running) == 10
    assert {one.status.get("phase") for one in running if one.kind.kind == "Machine"} == {"Running"}


def test_new_workers_are_made_when_the_version_changes_and_controllers_stay() -> None:
    before, after = machines.names(WISH), machines.names(replace(WISH, version="v4.1.3"))
    assert {name for name in before if "-cp-" in name} == {name for name in after if "-cp-" in name}
    assert not {name for name in before if "-md-" in name} & {name for name in after if "-md-" in name}


def test_the_address_is_told_from_release_4_1_3_on() -> None:
    assert "externalAddress" not in root.status(view(1.0))
    newer = replace(view(1.0), wish=replace(WISH, version="v4.1.3"))
    assert root.status(newer)["externalAddress"].startswith("https://prod-apiserver-")


def test_conditions_of_the_root_can_be_left_out() -> None:
    assert "conditions" not in root.status(view(1.0, Command(silent_root=True)))


@pytest.mark.parametrize("capa", [OLD, NEW])
@pytest.mark.parametrize("name", [one.name for one in (*NETWORK, *MACHINES)])
def test_a_failure_keeps_a_child_from_being_ready_and_heals(name: str, capa: str) -> None:
    failing = view(1.0, Command(cause=(name,), capa=capa))
    assert not deployment.is_ready(failing)
    assert deployment.is_ready(view(1.0, Command(capa=capa)))


@pytest.mark.parametrize("name", [one.name for one in ABOVE if one.kind == "ClusterDeployment"])
def test_what_kcm_says_is_a_condition_of_the_cluster_deployment(name: str) -> None:
    failure = FAILURES[name]
    conditions = deployment.status(view(1.0, Command(cause=(name,))))["conditions"]
    found = next(one for one in conditions if one["type"] == failure.condition)
    assert found["status"] == "False"
    assert not deployment.is_ready(view(1.0, Command(cause=(name,))))


def test_errors_of_aws_are_printed_in_both_ways() -> None:
    failure = FAILURES["eip-quota"]
    assert "AddressLimitExceeded: The maximum number of addresses has been reached.\n\tstatus code: 400" in (
        failure.text(OLD)
    )
    assert "operation error EC2: AllocateAddress" in failure.text(NEW)
    assert "api error AddressLimitExceeded: The maximum" in failure.text(NEW)


def test_an_older_provider_hides_the_quota_of_gateways_in_an_event() -> None:
    old = FAILURES["nat-gateway-quota"].told_by(OLD)
    assert "NatGatewayLimitExceeded" not in old.text(OLD)
    assert "NatGatewayLimitExceeded" in old.event_text(OLD)
    new = FAILURES["nat-gateway-quota"].told_by(NEW)
    assert new.condition == "NatGatewaysReady"
    assert "NatGatewayLimitExceeded" in new.text(NEW)


@pytest.mark.parametrize("name", [one.name for one in LEAVING if one.condition])
def test_what_holds_a_deletion_is_said_only_now_and_then(name: str) -> None:
    failure = FAILURES[name]
    way = Way(DOWN, 1.0, failure.down)
    loud, quiet = (
        told(network.going(View(WISH, way, failure=failure, flip=flip, lived=True)), failure.condition)
        for flip in (True, False)
    )
    assert quiet["reason"] == "Deleting"
    assert "message" not in quiet
    assert ("DeletingFailed" in loud["reason"]) == (failure.severity == "Warning")


def test_a_cluster_that_goes_is_in_the_phase_deleting() -> None:
    found = cluster.going(View(WISH, Way(DOWN, 0.2), lived=True))
    assert found[0].status["phase"] == "Deleting"


@pytest.mark.parametrize(
    ("annotations", "faults", "command"),
    [
        ({}, {}, Command()),
        ({}, {"child.prod": "eip-quota"}, Command(cause=("eip-quota",))),
        ({"standin.mke4k/fault": "eip-quota"}, {"child.prod": "none"}, Command()),
        ({"standin.mke4k/ready-after": "7"}, {"children": "{ready-after: 9, capa: 2.11}"},
         Command(ready_after=7, capa="2.11")),
        ({}, {"child.other": "eip-quota"}, Command()),
        ({}, {"child.prod": "{leftovers: volume, light: true}"}, Command(leftovers=("volume",), light=True)),
    ],
)  # fmt: skip
def test_the_nearest_command_counts(annotations: dict[str, str], faults: dict[str, str], command: Command) -> None:
    assert command_for("prod", annotations, faults) == command


@pytest.mark.parametrize("text", ["eip-quotas", "{cause: [eip-quota, nobody]}", "{reday-after: 3}"])
def test_a_misspelt_command_is_told(text: str) -> None:
    with pytest.raises(NoSuchFailure):
        command_for("prod", {}, {"child.prod": text})


def test_a_failure_comes_and_goes_when_it_is_told_to() -> None:
    command = Command(cause=("eip-quota",), after=2, lasts=3)
    assert [command.failure(age, down=False) is not None for age in (1, 3, 5)] == [False, True, False]
    assert [command.next_change(age) for age in (0, 3, 6)] == [2, 2, None]
    assert command.failure(3, down=True) is None


def test_workers_fail_alone_and_in_other_words_when_asked() -> None:
    failure = Command(cause=("vcpu-quota",), role="worker", text="no more").failure(0, down=False)
    assert failure is not None
    assert (failure.stage, failure.text(OLD)) == ("workers", "no more")


def item(generation: int = 1, **metadata: Any) -> Object:
    given = {"name": "prod", "namespace": "k0rdent", "uid": "1", "creationTimestamp": "then", **metadata}
    return {"metadata": {**given, "generation": generation}, "status": {"observedGeneration": 1}}


def test_a_child_goes_on_where_its_age_says_after_a_restart() -> None:
    clock = Clock()
    beginnings = Beginnings(clock, age=lambda _text: 60.0)
    assert beginnings.of(item(), lived=False).life == 40.0
    fresh = Beginnings(clock, age=lambda _text: 1.0)
    assert fresh.of(item(), lived=False).life == 100.0


def test_a_change_begins_when_it_is_first_seen() -> None:
    clock = Clock()
    beginnings = Beginnings(clock, age=lambda _text: 60.0)
    beginnings.of(item(), lived=True)
    clock.now = 130.0
    assert beginnings.of(item(generation=2), lived=True).work == 130.0
    assert Beginnings(clock, age=lambda _text: 60.0).of(item(generation=2), lived=True).work == 130.0


def test_another_child_of_the_same_name_begins_anew() -> None:
    clock = Clock()
    beginnings = Beginnings(clock, age=lambda _text: 0.0)
    first = beginnings.of(item(), lived=False)
    assert beginnings.of(item(), lived=False) is first
    assert beginnings.of(item(uid="2"), lived=False) is not first


class Recorded:
    """An API that takes everything and remembers it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []

    def created(self, kind: Kind, item: Object) -> Object | None:
        self.calls.append(("create", item))
        return {**item, "metadata": {**item["metadata"], "generation": 4}}

    def patch(self, kind: Kind, item: Object, patch: Object, subresource: str = "", manager: str = "") -> Object:
        self.calls.append((subresource or "patch", patch))
        return {**item, "metadata": {**item["metadata"], "generation": 5}}


def wanted(size: int, status: str) -> Wanted:
    conditions = [{"type": "Ready", "status": status, "lastTransitionTime": WHEN, "observedGeneration": OWN_GENERATION}]
    made = THING.made("a", "n", spec={"size": size})
    return Wanted(THING, made, {"conditions": conditions, "observedGeneration": OWN_GENERATION})


def test_a_picture_that_does_not_change_costs_nothing() -> None:
    api, times = Recorded(), iter(["t1", "t2", "t3"])
    writer = Writer(api, lambda: next(times))  # type: ignore[arg-type]
    for _again in range(3):
        writer.write([wanted(1, "False")])
    assert [name for name, _body in api.calls] == ["create", "status"]
    condition = api.calls[1][1]["status"]["conditions"][0]
    assert (condition["lastTransitionTime"], condition["observedGeneration"]) == ("t1", 4)


def test_what_differs_is_written_with_the_time_of_the_change() -> None:
    api, times = Recorded(), iter(["t1", "t2", "t3"])
    writer = Writer(api, lambda: next(times))  # type: ignore[arg-type]
    writer.write([wanted(1, "False")])
    writer.write([wanted(2, "False")])
    writer.write([wanted(2, "True")])
    names = [name for name, _body in api.calls]
    assert names == ["create", "status", "patch", "status", "status"]
    assert api.calls[2][1] == {"spec": {"size": 2}}
    # The generation is new, the status is not.
    assert api.calls[3][1]["status"]["conditions"][0]["lastTransitionTime"] == "t1"
    assert api.calls[4][1]["status"]["conditions"][0]["lastTransitionTime"] == "t2"


@pytest.mark.parametrize(
    ("before", "after", "patch"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1, "b": {"c": 1, "d": 2}}, {"b": {"c": 3}}, {"a": None, "b": {"c": 3, "d": None}}),
        ({"a": [1, 2]}, {"a": [1]}, {"a": [1]}),
    ],
)
def test_a_merge_patch_makes_the_one_the_other(before: Object, after: Object, patch: Object) -> None:
    assert difference(before, after) == patch


@pytest.mark.parametrize(
    ("allowed", "answer"),
    [
        (None, False),
        ({}, True),
        ({"list": None, "selector": {}}, True),
        ({"list": []}, False),
        ({"list": ["k0rdent"]}, True),
        ({"list": ["other"]}, False),
        ({"selector": {"matchLabels": {}}}, False),
        ({"selector": {"matchLabels": {"a": "b"}}}, True),
    ],
)
def test_identities_allow_namespaces_as_the_provider_reads_it(allowed: Any, answer: bool) -> None:
    assert needs.allows(allowed, "k0rdent") is answer
