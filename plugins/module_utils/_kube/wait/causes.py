# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods, Jobs and events put into words. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import find_condition

Manifest = Mapping[str, Any]
_NO_IMAGE = frozenset(
    ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable")
)
_ON_ITS_WAY = frozenset(("ContainerCreating", "PodInitializing"))
_HOOK = "helm.sh/hook"
_LONGEST = 400


def pod_causes(pods: Iterable[Manifest]) -> List[str]:
    """A line for each pod that is not as it should be; those that have done their work are fine."""
    return [line for pod in pods for line in [_pod_cause(pod)] if line]


def job_causes(jobs: Iterable[Manifest]) -> List[str]:
    """A line for each Job that has failed."""
    found = []
    for job in jobs:
        failed = find_condition(job, "Failed")
        if failed is not None and failed.get("status") == "True":
            hook = (_metadata(job).get("annotations") or {}).get(_HOOK)
            which = f" (Helm hook {hook})" if hook else ""
            found.append(f"Job {_name(job)}{which} failed{_because(failed.get('reason'), failed.get('message'))}")
    return found


def event_causes(events: Iterable[Manifest]) -> List[str]:
    """A line for each different warning, the newest first."""
    newest: Dict[Tuple[str, str, str], Tuple[str, int]] = {}
    for event in events:
        if event.get("type") == "Normal":
            continue
        target = event.get("involvedObject") or {}
        key = (f"{target.get('kind')} {_of(target)}", str(event.get("reason") or ""), _tidy(event.get("message")))
        when, count = newest.get(key, ("", 0))
        newest[key] = (max(when, event_time(event)), count + _count(event))
    ordered = sorted(newest.items(), key=lambda item: item[1][0], reverse=True)
    return [_event_line(target, reason, text, when, count) for (target, reason, text), (when, count) in ordered]


def _event_line(target: str, reason: str, text: str, when: str, count: int) -> str:
    # 2026-11-21T06:12:00Z: the time of day is what people compare with the job log.
    moment = when[11:19]
    at = f" at {moment}" if moment else ""
    times = f", {count} times" if count > 1 else ""
    return f"Event{at}{times}, {target}{_because(reason, text)}"


def _pod_cause(pod: Manifest) -> str:
    status: Manifest = pod.get("status") or {}
    phase = str(status.get("phase") or "Pending")
    if phase == "Succeeded" or _is(pod, "Ready"):
        return ""
    name = f"Pod {_name(pod)}"
    if phase == "Failed":
        ended = _containers_cause(status)
        return f"{name} failed{_because(status.get('reason'), status.get('message') or ended)}"
    scheduled = find_condition(pod, "PodScheduled")
    if scheduled is not None and scheduled.get("status") == "False":
        return f"{name} has no node{_because(scheduled.get('reason'), scheduled.get('message'))}"
    cause = _containers_cause(status)
    if cause:
        return f"{name}: {cause}"
    ready = find_condition(pod, "Ready") or {}
    return f"{name} is not ready{_because(ready.get('reason'), ready.get('message'))}"


def _containers_cause(status: Manifest) -> str:
    """What holds the first container that is in trouble; init containers come before the others."""
    for container in [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]:
        cause = _container_cause(container)
        if cause:
            return cause
    return ""


def _container_cause(container: Manifest) -> str:
    state: Manifest = container.get("state") or {}
    name = f"container {container.get('name')}"
    waiting = state.get("waiting")
    if waiting:
        reason = str(waiting.get("reason") or "")
        if reason in _NO_IMAGE:
            return f"image {container.get('image')} can't be pulled{_because(reason, waiting.get('message'))}"
        if reason == "CrashLoopBackOff":
            return f"{name} has crashed {container.get('restartCount', 0)} times{_last_words(container)}"
        return "" if reason in _ON_ITS_WAY else f"{name} waits{_because(reason, waiting.get('message'))}"
    ended = state.get("terminated")
    if ended and int(ended.get("exitCode") or 0) != 0:
        return f"{name} ended{_exit(ended)}"
    return ""


def _last_words(container: Manifest) -> str:
    ended = (container.get("lastState") or {}).get("terminated")
    return f", the last time{_exit(ended)}" if ended else ""


def _exit(ended: Manifest) -> str:
    return f" with exit code {ended.get('exitCode')}{_because(ended.get('reason'), ended.get('message'))}"


def _because(reason: Any, message: Any) -> str:
    """` (Reason): message`, whatever of it there is."""
    text = _tidy(message)
    return (f" ({reason})" if reason else "") + (f": {text}" if text else "")


def _tidy(message: Any) -> str:
    text = " ".join(str(message or "").split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def _is(manifest: Manifest, kind: str) -> bool:
    found: Optional[Manifest] = find_condition(manifest, kind)
    return found is not None and found.get("status") == "True"


def event_time(event: Manifest) -> str:
    """Old and new events keep their time in different fields."""
    series = event.get("series") or {}
    known = (series.get("lastObservedTime"), event.get("lastTimestamp"), event.get("eventTime"))
    return str(next((time for time in known if time), "") or _metadata(event).get("creationTimestamp") or "")


def _count(event: Manifest) -> int:
    return int((event.get("series") or {}).get("count") or event.get("count") or 1)


def _name(manifest: Manifest) -> str:
    return _of(_metadata(manifest))


def _of(holder: Manifest) -> str:
    namespace = holder.get("namespace")
    return f"{namespace}/{holder.get('name')}" if namespace else str(holder.get("name"))


def _metadata(manifest: Manifest) -> Manifest:
    return manifest.get("metadata") or {}
