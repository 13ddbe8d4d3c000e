# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.budgets import FREE, LATER, NEVER, judge
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.selectors import matches

from .cluster import READY, Cluster

BROKEN = [{"type": "Ready", "status": "False"}]


def status(expected: int, healthy: int, desired: int, **more: Any) -> dict[str, Any]:
    numbers = {"expectedPods": expected, "currentHealthy": healthy, "desiredHealthy": desired}
    return {"observedGeneration": 1, **numbers, **more}


@pytest.mark.parametrize(
    ("seen", "spec", "verdict"),
    [
        (status(4, 4, 3), {"minAvailable": 3}, FREE),
        (status(4, 3, 3), {"minAvailable": 3}, LATER),
        (status(4, 4, 4), {"minAvailable": 4}, NEVER),
        (status(4, 4, 5), {"minAvailable": 5}, NEVER),
        (status(1, 1, 1), {"minAvailable": 1}, NEVER),
        (status(4, 3, 4), {"maxUnavailable": 0}, NEVER),
        (status(4, 4, 4, conditions=[{"type": "DisruptionAllowed", "reason": "SyncFailed", "message": "no scale"}]),
         {"maxUnavailable": 1}, NEVER),
        (status(0, 0, 0), {"maxUnavailable": 0}, LATER),
    ],
)  # fmt: skip
def test_a_budget_is_judged_by_what_its_controller_counted(
    seen: dict[str, Any], spec: dict[str, Any], verdict: str
) -> None:
    cluster = Cluster()
    pod = cluster.pod("web-1", "w1")
    assert judge(cluster.budget("web", "web", seen, **spec), pod, [pod])[0] == verdict


@pytest.mark.parametrize(
    ("spec", "verdict"),
    [
        ({"minAvailable": 2}, FREE),
        ({"minAvailable": 3}, NEVER),
        ({"minAvailable": "50%"}, FREE),
        ({"minAvailable": "67%"}, NEVER),
        ({"minAvailable": "100%"}, NEVER),
        ({"maxUnavailable": 1}, FREE),
        ({"maxUnavailable": "0%"}, NEVER),
        ({"maxUnavailable": "1%"}, FREE),
        ({"maxUnavailable": "100%"}, FREE),
        ({}, FREE),
    ],
)
def test_a_budget_that_nobody_has_counted_yet_is_counted_here(spec: dict[str, Any], verdict: str) -> None:
    cluster = Cluster()
    pods = [cluster.pod(f"web-{number}", "w1") for number in range(3)]
    strangers = [
        cluster.pod("db-1", "w1", owner="StatefulSet/db"),
        cluster.pod("old", "w1", status={"phase": "Failed"}),
    ]
    assert judge(cluster.budget("web", "web", **spec), pods[0], pods + strangers)[0] == verdict


@pytest.mark.parametrize(
    ("phase", "policy", "seen", "verdict"),
    [
        ("Pending", None, status(3, 2, 3), FREE),
        ("Succeeded", None, status(3, 2, 3), FREE),
        ("Running", "AlwaysAllow", status(3, 2, 3), FREE),
        ("Running", None, status(3, 2, 2), FREE),
        ("Running", None, status(3, 1, 2), LATER),
        ("Running", "IfHealthyBudget", status(3, 2, 3), NEVER),
    ],
)
def test_a_pod_that_is_not_ready_may_go_as_the_eviction_api_has_it(
    phase: str, policy: str | None, seen: dict[str, Any], verdict: str
) -> None:
    cluster = Cluster()
    pod = cluster.pod("web-1", "w1", status={"phase": phase, "conditions": BROKEN})
    spec = {"unhealthyPodEvictionPolicy": policy} if policy else {}
    assert judge(cluster.budget("web", "web", seen, minAvailable=2, **spec), pod, [pod])[0] == verdict


def test_the_reason_says_what_the_budget_wants() -> None:
    cluster = Cluster()
    pod = cluster.pod("web-1", "w1")
    assert pod["status"]["conditions"] == READY
    why = judge(cluster.budget("web", "web", status(2, 2, 2), minAvailable="100%"), pod, [pod])[1]
    assert why == "it wants 2 of 2 pods healthy (minAvailable: 100%)"


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (None, False),
        ({}, True),
        ({"matchLabels": {"app": "web"}}, True),
        ({"matchLabels": {"app": "db"}}, False),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "db"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["x"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, False),
        ({"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "tier", "operator": "Exists"}]}, False),
    ],
)
def test_selectors_select_as_kubernetes_does(selector: dict[str, Any] | None, expected: bool) -> None:
    assert matches(selector, {"app": "web"}) is expected
