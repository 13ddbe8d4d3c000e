# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.follow.ends import gone, paused, ready
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    CLUSTER_DEPLOYMENT,
    MKE_CHILD_CONFIG,
    Family,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import FAILED, MET, PENDING

from .objects import DELETED_AT, cluster, condition, control_plane, deployment, helm_release, made, named, root, workers

READY = condition("Ready")
SEEN: dict[str, Any] = {"observedGeneration": 2}
SAYS = "MkeChildConfig k0rdent/prod"
LATE = "its controller has looked at generation 1 of it, not yet at 2"


def counts(workers_number: int) -> dict[str, object]:
    return {"infrastructure": {"controlPlaneNumber": 1, "configuration": {"workersNumber": workers_number}}}


@pytest.mark.parametrize(
    ("family", "message"),
    [
        (Family("prod"), "MkeChildConfig prod: it does not exist"),
        (Family("prod", root()), f"{SAYS}: it names no kubeConfigSecret yet"),
        (Family("prod", root(READY)), "ClusterDeployment prod: it does not exist"),
        (Family("prod", root(READY), deployment()), "ClusterDeployment k0rdent/prod: it has no condition Ready yet"),
        (
            Family("prod", root(kubeConfigSecret="s"), deployment(condition("Ready", False, "why", "Failed"))),
            "ClusterDeployment k0rdent/prod: Ready is False (Failed): why",
        ),
        (
            Family("prod", root(condition("Ready", False, "no license", "Bad"), observedGeneration=1)),
            f"{SAYS}: Ready is False (Bad): no license",
        ),
        (Family("prod", root(READY, generation=2, observedGeneration=1)), f"{SAYS}: {LATE}"),
        (
            Family("prod", root(condition("Ready", observedGeneration=1), generation=2, observedGeneration=2)),
            f"{SAYS}: {LATE}",
        ),
        (
            Family("prod", root(READY), deployment(READY, generation=2, observedGeneration=1)),
            f"ClusterDeployment k0rdent/prod: {LATE}",
        ),
        (
            Family("prod", root(READY), deployment(READY, spec={"dryRun": True})),
            "ClusterDeployment k0rdent/prod has spec.dryRun set: nothing is made from it",
        ),
        (
            Family("prod", root(READY, spec=counts(5)), deployment(READY, spec={"config": {"workersNumber": 2}})),
            f"workersNumber is 2 in ClusterDeployment k0rdent/prod, 5 in {SAYS}",
        ),
    ],
)
def test_a_child_is_not_ready_before_its_objects_say_so_of_what_they_are_now(family: Family, message: str) -> None:
    verdict = ready(family)
    assert (verdict.state, verdict.message) == (PENDING, message)


@pytest.mark.parametrize(
    "family",
    [
        Family("prod", root(READY, observedGeneration=1)),
        Family("prod", root(condition("Ready", observedGeneration=2), generation=2)),
        Family("prod", root(READY), deployment(READY, observedGeneration=1)),
        Family("prod", root(kubeConfigSecret="s"), deployment(READY)),
        Family("prod", root(READY, spec=counts(5)), deployment(READY, spec={"config": {"workersNumber": 5}})),
    ],
)
def test_a_child_is_ready_when_its_newest_form_is(family: Family) -> None:
    assert ready(family).state == MET


def test_the_form_that_was_sent_has_to_come_back_first() -> None:
    before = ready(Family("prod", root(READY, generation=1, observedGeneration=1)), since=2)
    assert before.message == f"{SAYS}: generation 2 of it, which was sent, has not come back yet"
    assert ready(Family("prod", root(READY, generation=3, observedGeneration=3)), since=2).state == MET


def test_after_a_change_the_machines_have_to_follow() -> None:
    family = Family("prod", root(READY, generation=2, spec=counts(5), **SEEN))
    family.control_plane = control_plane(1, 1)
    family.machine_deployments = named([workers(2, 2)])
    behind = "MachineDeployment k0rdent/prod-md: it is for 2 machines, not yet for 5"
    assert ready(family, since=2).message == behind
    assert ready(family, since=1).state == MET
    family.machine_deployments = named([workers(5, 4)])
    assert ready(family, since=2).message == "MachineDeployment k0rdent/prod-md: 4 of 5 machines are ready"
    family.machine_deployments = named([workers(5, 5)])
    assert ready(family, since=2).state == MET


def test_after_a_change_helm_has_to_follow() -> None:
    family = Family("prod", root(READY, generation=2, **SEEN))
    release = "HelmRelease k0rdent/prod"
    family.helm_release = {**helm_release(READY, generation=2), "status": {"observedGeneration": 1}}
    assert ready(family, since=2).message == f"{release}: {LATE}"
    family.helm_release = helm_release(condition("Ready", False, "timed out waiting", "UpgradeFailed"))
    assert ready(family, since=2).message == f"{release}: Ready is False (UpgradeFailed): timed out waiting"
    family.helm_release = helm_release(READY)
    assert ready(family, since=2).state == MET


def test_a_child_that_somebody_deletes_will_not_become_ready() -> None:
    family = Family("prod", made(MKE_CHILD_CONFIG, status={"conditions": [READY]}, deletionTimestamp=DELETED_AT))
    verdict = ready(family)
    assert verdict.state == FAILED
    assert verdict.message == f"{SAYS} is being deleted since {DELETED_AT}; somebody else has asked for that"


def test_the_engine_k0rdent_has_the_clusterdeployment_as_root() -> None:
    family = Family("prod", deployment=deployment(READY, generation=2, **SEEN))
    assert ready(family, 2, CLUSTER_DEPLOYMENT).state == MET
    assert ready(Family("prod"), 0, CLUSTER_DEPLOYMENT).message == "ClusterDeployment prod: it does not exist"


def test_a_child_is_gone_when_its_root_its_deployment_and_its_cluster_are() -> None:
    assert gone(Family("prod")).state == MET
    left = Family("prod", root(), deployment(), cluster=cluster(deletionTimestamp=DELETED_AT, finalizers=["f"]))
    message = gone(left).message
    assert f"{SAYS}: it is still there, and nobody has asked to delete it" in message
    held = f"Cluster k0rdent/prod: it is being deleted since {DELETED_AT}, held by the finalizers f"
    assert held in message


def test_what_nobody_could_look_at_counts_as_still_there() -> None:
    verdict = gone(Family("prod"), ["Cluster"])
    assert verdict.state == PENDING
    assert verdict.message == "Cluster prod: nobody could tell yet whether it is gone"


@pytest.mark.parametrize(
    ("family", "message"),
    [
        (Family("prod"), "MkeChildConfig prod: it does not exist"),
        (Family("prod", root()), f"{SAYS} has no mark mke4k.core/paused"),
        (Family("prod", root(), cluster=cluster()), "Cluster k0rdent/prod is not paused yet"),
        (
            Family("prod", root(), cluster=cluster(annotations={"cluster.x-k8s.io/paused": "true"})),
            "Cluster k0rdent/prod is not paused yet",
        ),
        (
            Family("prod", root(), cluster=cluster(condition("Paused", False, reason="No"), spec={"paused": True})),
            "Cluster k0rdent/prod: Paused is False (No)",
        ),
    ],
)
def test_a_child_is_not_paused_before_cluster_api_says_so(family: Family, message: str) -> None:
    assert paused(family).message == message


@pytest.mark.parametrize(
    "family",
    [
        Family("prod", made(MKE_CHILD_CONFIG, annotations={"mke4k.core/paused": "true"})),
        Family("prod", root(), cluster=cluster(condition("Paused"), spec={"paused": True})),
    ],
)
def test_a_child_is_paused_by_its_cluster_or_its_mark(family: Family) -> None:
    assert paused(family).state == MET
