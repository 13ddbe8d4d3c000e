# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which PodDisruptionBudgets would never let a pod go. Pure.

A budget whose pods are not all healthy may allow something later; one that wants as many healthy pods as there are
never will, and a drain would only find that out when its time is over.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence, Tuple, Union

from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.objects import (
    Manifest,
    full_name,
    has_ended,
    is_leaving,
    is_ready,
    labels_of,
    metadata_of,
    namespace_of,
    spec_of,
    status_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.selectors import matches

NEVER, LATER, FREE = "never", "later", ""


def budgets_of(pod: Manifest, budgets: Sequence[Manifest]) -> List[Manifest]:
    return [
        budget
        for budget in budgets
        if namespace_of(budget) == namespace_of(pod) and matches(spec_of(budget).get("selector"), labels_of(pod))
    ]


def judge(budget: Manifest, pod: Manifest, pods: Sequence[Manifest]) -> Tuple[str, str]:
    """Whether the budget lets this pod go (`never`, `later`, or empty), and why. `pods`: all of the cluster."""
    if has_ended(pod) or is_leaving(pod) or status_of(pod).get("phase") == "Pending":
        return FREE, ""
    if not is_ready(pod) and _lets_broken_ones_go(budget):
        return FREE, ""
    failure = _failure(budget)
    if failure:
        return NEVER, f"the cluster cannot tell what it means: {failure}"
    expected, healthy, desired = _numbers(budget, pods)
    if not is_ready(pod) and 0 < desired <= healthy:
        return FREE, ""
    if expected and desired >= expected:
        return NEVER, f"it wants {desired} of {expected} pods healthy ({_wish(budget)})"
    if healthy <= desired:
        return LATER, f"{healthy} of its {expected} pods are healthy, and {desired} must stay ({_wish(budget)})"
    return FREE, ""


def _lets_broken_ones_go(budget: Manifest) -> bool:
    return spec_of(budget).get("unhealthyPodEvictionPolicy") == "AlwaysAllow"


def _failure(budget: Manifest) -> str:
    for found in status_of(budget).get("conditions") or ():
        if found.get("type") == "DisruptionAllowed" and found.get("reason") == "SyncFailed":
            return str(found.get("message") or "SyncFailed")
    return ""


def _numbers(budget: Manifest, pods: Sequence[Manifest]) -> Tuple[int, int, int]:
    """Pods that it is about, healthy ones, and how many of them must stay; counted here where nobody has looked yet."""
    status = status_of(budget)
    if status.get("observedGeneration") and status["observedGeneration"] == metadata_of(budget).get("generation"):
        return _number(status, "expectedPods"), _number(status, "currentHealthy"), _number(status, "desiredHealthy")
    mine = [pod for pod in pods if budgets_of(pod, [budget]) and not has_ended(pod) and not is_leaving(pod)]
    return len(mine), sum(map(is_ready, mine)), _desired(spec_of(budget), len(mine))


def _desired(spec: Mapping[str, Any], expected: int) -> int:
    if spec.get("maxUnavailable") is not None:
        return max(expected - _share(spec["maxUnavailable"], expected), 0)
    return _share(spec.get("minAvailable", 0), expected)


def _share(value: Union[int, str], whole: int) -> int:
    """A number, or a percentage, of which Kubernetes takes the next whole number above."""
    text = str(value)
    return -(-int(text[:-1]) * whole // 100) if text.endswith("%") else int(text)


def _number(status: Mapping[str, Any], name: str) -> int:
    return int(status.get(name) or 0)


def _wish(budget: Manifest) -> str:
    spec = spec_of(budget)
    return next((f"{key}: {spec[key]}" for key in ("minAvailable", "maxUnavailable") if spec.get(key) is not None), "")


def named(budgets: Sequence[Manifest]) -> str:
    return " and ".join(full_name(budget) for budget in budgets)
