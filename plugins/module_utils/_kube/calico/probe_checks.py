# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pods of a probe say. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Iterator, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.causes import pod_causes
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import FAILED, MET, PENDING, Verdict

Manifest = Mapping[str, Any]
# No node can ever pull such an image.
_FINAL = frozenset(("InvalidImageName",))


def server_is_up(pod: Optional[Manifest]) -> Verdict:
    """It listens, and has an address."""
    if pod is None:
        return Verdict(PENDING, "it does not exist")
    final = _final(pod)
    if final:
        return Verdict(FAILED, final)
    status: Manifest = pod.get("status") or {}
    ready = any(item.get("type") == "Ready" and item.get("status") == "True" for item in status.get("conditions") or ())
    if ready and status.get("podIP"):
        return Verdict(MET)
    return Verdict(PENDING, _cause(pod))


def client_is_done(pod: Optional[Manifest]) -> Verdict:
    """All its containers have ended well; else which of its ways do not work, and what was tried there last."""
    if pod is None:
        return Verdict(PENDING, "it does not exist")
    status: Manifest = pod.get("status") or {}
    if status.get("phase") == "Succeeded":
        return Verdict(MET)
    final = _final(pod)
    if final or status.get("phase") == "Failed":
        return Verdict(FAILED, final or _cause(pod))
    failing = list(failing_ways(pod))
    return Verdict(PENDING, "; ".join(failing) if failing else _cause(pod))


def failing_ways(pod: Manifest) -> Iterator[str]:
    """`to-n2: TIMEOUT` for each container that has tried in vain."""
    for container in (pod.get("status") or {}).get("containerStatuses") or ():
        state: Manifest = container.get("state") or {}
        ended = state.get("terminated") or {}
        if ended and not ended.get("exitCode"):
            continue
        tried = ended or (container.get("lastState") or {}).get("terminated")
        if tried and tried.get("exitCode"):
            words = " ".join(str(tried.get("message") or tried.get("reason") or "failed").split())
            yield f"{container.get('name')}: {words[:200]}"


def _cause(pod: Manifest) -> str:
    """What holds the pod, without its name, which stands before it anyway."""
    found = pod_causes([pod])
    name = f"Pod {(pod.get('metadata') or {}).get('namespace')}/{(pod.get('metadata') or {}).get('name')}"
    text = found[0] if found else "it is not ready yet"
    return text[len(name) :].lstrip(": ") if text.startswith(name) else text


def _final(pod: Manifest) -> str:
    statuses: List[Manifest] = (pod.get("status") or {}).get("containerStatuses") or []
    for container in statuses:
        waiting = (container.get("state") or {}).get("waiting") or {}
        if waiting.get("reason") in _FINAL:
            return f"image {container.get('image')} can't be pulled ({waiting['reason']})"
    return ""
