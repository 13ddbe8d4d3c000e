# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the kinds that Kubernetes itself brings: workloads, pods, jobs, nodes. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import (
    FAILED,
    MET,
    NOT_THERE,
    PENDING,
    Check,
    Manifest,
    Verdict,
    all_of,
    condition,
    fails_when,
    field,
    in_turn,
    observed,
)


def deployment_available(deadline_fails: bool = True) -> Check:
    """All replicas are of the newest revision and available. With `deadline_fails` its own deadline ends the wait."""
    late = fails_when("Progressing", "False", ("ProgressDeadlineExceeded",))
    available = in_turn(observed(), _told, _deployed)
    return all_of(late, available) if deadline_fails else available


def daemonset_ready(at_least: int = 0) -> Check:
    """A pod of the newest revision is available on every node that wants one, and on so many at least."""

    def check(manifest: Optional[Manifest]) -> Verdict:
        status = _status(manifest)
        wanted = max(_number(status, "desiredNumberScheduled"), at_least)
        updated, available = _number(status, "updatedNumberScheduled"), _number(status, "numberAvailable")
        return _progress(wanted, updated, available, "nodes")

    return in_turn(observed(), _told, check)


def statefulset_ready() -> Check:
    def check(manifest: Optional[Manifest]) -> Verdict:
        status, wanted = _status(manifest), _replicas(manifest)
        return _progress(wanted, _number(status, "updatedReplicas"), _number(status, "readyReplicas"), "replicas")

    return in_turn(observed(), _told, check)


def job_complete() -> Check:
    return all_of(fails_when("Failed"), condition("Complete", generation=False))


def pod_ready() -> Check:
    """Running and ready; a pod that has ended never will be."""

    def check(manifest: Optional[Manifest]) -> Verdict:
        phase = str(_status(manifest).get("phase") or "")
        return Verdict(FAILED, _ended(manifest, phase)) if phase in ("Failed", "Succeeded") else Verdict(MET)

    return all_of(check, condition("Ready", generation=False))


def pod_succeeded() -> Check:
    def check(manifest: Optional[Manifest]) -> Verdict:
        phase = str(_status(manifest).get("phase") or "")
        return Verdict(FAILED, _ended(manifest, phase)) if phase == "Failed" else Verdict(MET)

    return all_of(check, field("status.phase", "Succeeded"))


def node_ready() -> Check:
    """Ready, with a network."""
    return all_of(fails_never("NetworkUnavailable"), condition("Ready", generation=False))


def fails_never(kind: str) -> Check:
    """That condition, where there is one, is False."""

    def check(manifest: Optional[Manifest]) -> Verdict:
        verdict = fails_when(kind)(manifest)
        return Verdict(PENDING, verdict.message) if verdict.state == FAILED else verdict

    return check


def _deployed(manifest: Optional[Manifest]) -> Verdict:
    status, wanted = _status(manifest), _replicas(manifest)
    old = _number(status, "replicas") - _number(status, "updatedReplicas")
    counted = _progress(wanted, _number(status, "updatedReplicas"), _number(status, "availableReplicas"), "replicas")
    if counted.state == MET and old > 0:
        return Verdict(PENDING, f"{old} replicas of an older revision have not ended yet")
    return counted


def _told(manifest: Optional[Manifest]) -> Verdict:
    if manifest is None:
        return Verdict(PENDING, NOT_THERE)
    if not _status(manifest).get("observedGeneration"):
        return Verdict(PENDING, "its controller has not looked at it yet")
    return Verdict(MET)


def _progress(wanted: int, updated: int, available: int, what: str) -> Verdict:
    if updated < wanted:
        return Verdict(PENDING, f"{updated} of {wanted} {what} have the newest revision")
    if available < wanted:
        return Verdict(PENDING, f"{available} of {wanted} {what} are available")
    return Verdict(MET)


def _ended(manifest: Optional[Manifest], phase: str) -> str:
    status = _status(manifest)
    reason, message = str(status.get("reason") or ""), str(status.get("message") or "")
    text = f"it has ended with {phase}" + (f" ({reason})" if reason else "")
    return text + (f": {message}" if message else "")


def _status(manifest: Optional[Manifest]) -> Mapping[str, Any]:
    return (manifest or {}).get("status") or {}


def _replicas(manifest: Optional[Manifest]) -> int:
    wanted = ((manifest or {}).get("spec") or {}).get("replicas")
    return 1 if wanted is None else int(wanted)


def _number(status: Mapping[str, Any], name: str) -> int:
    return int(status.get(name) or 0)


READINESS: Dict[str, Check] = {
    "Deployment": deployment_available(),
    "DaemonSet": daemonset_ready(),
    "StatefulSet": statefulset_ready(),
    "Job": job_complete(),
    "Pod": pod_ready(),
    "Node": node_ready(),
}
