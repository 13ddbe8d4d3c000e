# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import FAILED, MET, PENDING, Verdict
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.workloads import (
    daemonset_ready,
    deployment_available,
    job_complete,
    node_ready,
    pod_ready,
    pod_succeeded,
    statefulset_ready,
)

MISSING = Verdict(PENDING, "it does not exist")
UNSEEN = Verdict(PENDING, "its controller has not looked at it yet")


def workload(wanted: Any = 2, generation: int = 1, **status: Any) -> Dict[str, Any]:
    return {"metadata": {"generation": generation}, "spec": {"replicas": wanted}, "status": status}


def conditions(**states: str) -> Dict[str, Any]:
    return {"conditions": [{"type": kind, "status": status} for kind, status in states.items()]}


def counts(updated: int, available: int, total: int = 0) -> Dict[str, Any]:
    return {
        "observedGeneration": 1,
        "replicas": total or updated,
        "updatedReplicas": updated,
        "availableReplicas": available,
        "readyReplicas": available,
    }


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (None, MISSING),
        (workload(), UNSEEN),
        (workload(generation=2, **counts(2, 2)),
         Verdict(PENDING, "its controller has looked at generation 1 of it, not yet at 2")),
        (workload(**counts(1, 1)), Verdict(PENDING, "1 of 2 replicas have the newest revision")),
        (workload(**counts(2, 1)), Verdict(PENDING, "1 of 2 replicas are available")),
        (workload(**counts(2, 2, 3)), Verdict(PENDING, "1 replicas of an older revision have not ended yet")),
        (workload(**counts(2, 2)), Verdict(MET)),
        (workload(None, **counts(1, 1)), Verdict(MET)),
        (workload(0, observedGeneration=1), Verdict(MET)),
    ],
)  # fmt: skip
def test_a_deployment_is_available_when_all_new_replicas_are(found: Any, verdict: Verdict) -> None:
    assert deployment_available()(found) == verdict


def test_a_deployment_beyond_its_own_deadline_ends_the_wait_unless_told_otherwise() -> None:
    late = workload(**counts(2, 1))
    late["status"]["conditions"] = [{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}]
    assert deployment_available()(late) == Verdict(FAILED, "Progressing is False (ProgressDeadlineExceeded)")
    assert deployment_available(deadline_fails=False)(late).state == PENDING


def daemonset(desired: int, updated: int, available: int) -> Dict[str, Any]:
    return workload(
        observedGeneration=1,
        desiredNumberScheduled=desired,
        updatedNumberScheduled=updated,
        numberAvailable=available,
    )


@pytest.mark.parametrize(
    ("found", "at_least", "verdict"),
    [
        (None, 0, MISSING),
        (workload(), 0, UNSEEN),
        (daemonset(3, 2, 3), 0, Verdict(PENDING, "2 of 3 nodes have the newest revision")),
        (daemonset(3, 3, 2), 0, Verdict(PENDING, "2 of 3 nodes are available")),
        (daemonset(3, 3, 3), 0, Verdict(MET)),
        (daemonset(0, 0, 0), 0, Verdict(MET)),
        (daemonset(0, 0, 0), 1, Verdict(PENDING, "0 of 1 nodes have the newest revision")),
    ],
)
def test_a_daemonset_is_ready_on_every_node_that_wants_it(found: Any, at_least: int, verdict: Verdict) -> None:
    assert daemonset_ready(at_least)(found) == verdict


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (None, MISSING),
        (workload(), UNSEEN),
        (workload(**counts(2, 1)), Verdict(PENDING, "1 of 2 replicas are available")),
        (workload(**counts(2, 2)), Verdict(MET)),
    ],
)
def test_a_statefulset_is_ready_when_all_replicas_are(found: Any, verdict: Verdict) -> None:
    assert statefulset_ready()(found) == verdict


@pytest.mark.parametrize(
    ("check", "status", "state"),
    [
        (job_complete(), {}, PENDING),
        (job_complete(), conditions(Complete="True"), MET),
        (job_complete(), conditions(Failed="True"), FAILED),
        (pod_ready(), {"phase": "Pending"}, PENDING),
        (pod_ready(), {"phase": "Running", **conditions(Ready="True")}, MET),
        (pod_ready(), {"phase": "Succeeded"}, FAILED),
        (pod_succeeded(), {"phase": "Running"}, PENDING),
        (pod_succeeded(), {"phase": "Succeeded"}, MET),
        (node_ready(), conditions(Ready="False"), PENDING),
        (node_ready(), conditions(Ready="True"), MET),
        (node_ready(), conditions(Ready="True", NetworkUnavailable="True"), PENDING),
        (node_ready(), conditions(Ready="True", NetworkUnavailable="False"), MET),
    ],
)
def test_jobs_pods_and_nodes(check: Any, status: Any, state: str) -> None:
    assert check({"metadata": {}, "status": status}).state == state


def test_why_a_pod_failed_is_said() -> None:
    found = {"status": {"phase": "Failed", "reason": "Evicted", "message": "The node was low on memory."}}
    assert pod_succeeded()(found) == Verdict(FAILED, "it has ended with Failed (Evicted): The node was low on memory.")
