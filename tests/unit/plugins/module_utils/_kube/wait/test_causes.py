# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.causes import event_causes, job_causes, pod_causes


def pod(phase: str = "Pending", name: str = "ui-0", **status: Any) -> Dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "mke"}, "status": {"phase": phase, **status}}


def container(state: Dict[str, Any], **rest: Any) -> List[Dict[str, Any]]:
    return [{"name": "main", "image": "registry.example.com/ui:1", "state": state, **rest}]


def waiting(reason: str, message: str = "") -> Dict[str, Any]:
    return {"waiting": {"reason": reason, "message": message}}


def condition(kind: str, status: str, reason: str = "", message: str = "") -> List[Dict[str, Any]]:
    return [{"type": kind, "status": status, "reason": reason, "message": message}]


CRASHED = {"terminated": {"exitCode": 1, "reason": "Error", "message": "no such file: /etc/x\n"}}


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (pod("Succeeded"), ""),
        (pod("Running", conditions=condition("Ready", "True")), ""),
        (
            pod(containerStatuses=container(waiting("ErrImagePull", "not found"))),
            "Pod mke/ui-0: image registry.example.com/ui:1 can't be pulled (ErrImagePull): not found",
        ),
        (
            pod(
                "Running", containerStatuses=container(waiting("CrashLoopBackOff"), restartCount=4, lastState=CRASHED)
            ),
            (
                "Pod mke/ui-0: container main has crashed 4 times, the last time with exit code 1 (Error): "
                "no such file: /etc/x"
            ),
        ),
        (
            pod("Running", containerStatuses=container(waiting("CrashLoopBackOff"), restartCount=1)),
            "Pod mke/ui-0: container main has crashed 1 times",
        ),
        (
            pod(containerStatuses=container(waiting("CreateContainerConfigError", 'secret "x" not found'))),
            'Pod mke/ui-0: container main waits (CreateContainerConfigError): secret "x" not found',
        ),
        (pod("Running", initContainerStatuses=container(CRASHED)),
         "Pod mke/ui-0: container main ended with exit code 1 (Error): no such file: /etc/x"),
        (
            pod(conditions=condition("PodScheduled", "False", "Unschedulable", "0/3 nodes are available")),
            "Pod mke/ui-0 has no node (Unschedulable): 0/3 nodes are available",
        ),
        (
            pod("Running", conditions=condition("Ready", "False", "ContainersNotReady", "unready: [main]")),
            "Pod mke/ui-0 is not ready (ContainersNotReady): unready: [main]",
        ),
        (pod("Failed", reason="Evicted", message="low on memory"), "Pod mke/ui-0 failed (Evicted): low on memory"),
        (pod("Failed", containerStatuses=container(CRASHED)),
         "Pod mke/ui-0 failed: container main ended with exit code 1 (Error): no such file: /etc/x"),
        (pod(containerStatuses=container(waiting("ContainerCreating"))), "Pod mke/ui-0 is not ready"),
    ],
)  # fmt: skip
def test_a_pods_trouble_is_one_line(found: Dict[str, Any], line: str) -> None:
    assert pod_causes([found]) == ([line] if line else [])


def test_a_failed_hook_is_named() -> None:
    failed = {
        "metadata": {"name": "pre", "namespace": "mke", "annotations": {"helm.sh/hook": "pre-install"}},
        "status": {"conditions": condition("Failed", "True", "BackoffLimitExceeded", "Job has reached the limit")},
    }
    done = {"metadata": {"name": "done"}, "status": {"conditions": condition("Complete", "True")}}
    text = "Job mke/pre (Helm hook pre-install) failed (BackoffLimitExceeded): Job has reached the limit"
    assert job_causes([failed, done]) == [text]


def event(reason: str, message: str, when: str, name: str = "ui-0", **rest: Any) -> Dict[str, Any]:
    target = {"kind": "Pod", "name": name, "namespace": "mke"}
    return {"type": "Warning", "reason": reason, "message": message, "lastTimestamp": when, "involvedObject": target,
            **rest}  # fmt: skip


def test_warnings_are_told_once_and_the_newest_first() -> None:
    found = event_causes(
        [
            event("FailedMount", "no secret", "2026-11-21T06:00:00Z", count=3),
            event("BackOff", "back-off", "2026-11-21T06:10:00Z"),
            event("FailedMount", "no secret", "2026-11-21T06:05:00Z", count=2),
            {**event("Pulled", "fine", "2026-11-21T06:20:00Z"), "type": "Normal"},
        ]
    )
    assert found == [
        "Event at 06:10:00, Pod mke/ui-0 (BackOff): back-off",
        "Event at 06:05:00, 5 times, Pod mke/ui-0 (FailedMount): no secret",
    ]


@pytest.mark.parametrize(
    "time",
    [
        {"series": {"lastObservedTime": "2026-11-21T06:07:08.123456Z", "count": 1}, "lastTimestamp": None},
        {"eventTime": "2026-11-21T06:07:08.000000Z", "lastTimestamp": None},
        {"metadata": {"creationTimestamp": "2026-11-21T06:07:08Z"}, "lastTimestamp": None},
    ],
)
def test_every_form_of_event_has_its_time(time: Dict[str, Any]) -> None:
    found = event_causes([{**event("X", "y", ""), **time}])
    assert found == ["Event at 06:07:08, Pod mke/ui-0 (X): y"]
