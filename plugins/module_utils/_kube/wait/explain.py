# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why something does not become ready: which hook, pod or image is the cause.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.causes import (
    event_causes,
    job_causes,
    pod_causes,
)

PODS = Kind("v1", "Pod")
JOBS = Kind("batch/v1", "Job")
EVENTS = Kind("v1", "Event")
# Kubernetes keeps events for an hour; a busy namespace has hundreds of them.
MOST_EVENTS = 8


def explain(api: Api, namespace: str, labels: str = "", names: Sequence[str] = ()) -> List[str]:
    """What keeps pods of a namespace from being ready, its failed Jobs, and its warnings, the newest first.

    With `labels` only pods and Jobs that have them, with `names` only what is so called or begins with it, are told,
    and only events about those. Three requests; what can't be read is said instead.
    """
    lines: List[str] = []
    pods = _listed(api, PODS, namespace, labels, lines)
    jobs = _listed(api, JOBS, namespace, labels, lines)
    events = _listed(api, EVENTS, namespace, "", lines)
    pods, jobs = [_named(items, names) for items in (pods, jobs)]
    about = {str((item.get("metadata") or {}).get("name")) for item in (*pods, *jobs)} if labels else set()
    events = [event for event in events if _concerns(event, names, about, everything=not names and not labels)]
    told = [*job_causes(jobs), *pod_causes(pods), *event_causes(events)[:MOST_EVENTS]]
    return [*list(dict.fromkeys(told)), *lines]


def _listed(api: Api, kind: Kind, namespace: str, labels: str, lines: List[str]) -> List[Dict[str, Any]]:
    try:
        return list(api.list(kind, namespace=namespace, labels=labels).items)
    except KubeError as error:
        lines.append(f"The {kind.kind} objects in {namespace} could not be looked at: {error}")
        return []


def _named(items: Sequence[Dict[str, Any]], names: Sequence[str]) -> List[Dict[str, Any]]:
    return [item for item in items if not names or _begins(str((item.get("metadata") or {}).get("name")), names)]


def _concerns(event: Mapping[str, Any], names: Sequence[str], about: set[str], everything: bool) -> bool:
    target = str((event.get("involvedObject") or {}).get("name") or "")
    return everything or target in about or (bool(names) and _begins(target, names))


def _begins(name: str, names: Sequence[str]) -> bool:
    return any(name == each or name.startswith(f"{each}-") for each in names)
