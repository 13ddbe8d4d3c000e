# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The owners of pods that were moved: whether they have as many ready pods again as before.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import TimedOut
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.objects import (
    POD,
    controller_of,
    is_leaving,
    is_ready,
    metadata_of,
    spec_of,
    status_of,
    uid_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.explain import explain

# Those that keep a number of pods ready. Pods of others end by themselves, or are counted by somebody else.
_KINDS = frozenset(("ReplicaSet", "StatefulSet", "ReplicationController"))
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 2.0


@dataclass(frozen=True)
class Owner:
    """`ready`: how many of its pods were ready before."""

    ref: Ref
    uid: str
    selector: str
    ready: int


def owners_of(api: Api, pods: Iterable[Mapping[str, Any]]) -> Tuple[Owner, ...]:
    """The owners of these pods, as they are before the first of them goes."""
    refs = {owner: None for owner in map(controller_of, pods) if owner is not None and owner.kind in _KINDS}
    found: List[Owner] = []
    for ref in refs:
        live = api.get(ref)
        if live is not None:
            ready = int(status_of(live).get("readyReplicas") or 0)
            found.append(Owner(ref, uid_of(live), _selector(live), ready))
    return tuple(owner for owner in found if owner.ready)


def until_back(api: Api, owners: Iterable[Owner], timeout: float) -> None:
    """Counts pods, as an owner's own status lags behind."""
    left = dict.fromkeys(owners, "")
    until = api.clock.now() + timeout
    pause = _FIRST_PAUSE
    while True:
        left = {owner: lack for owner, lack in ((owner, _lack(api, owner)) for owner in left) if lack}
        if not left:
            return
        if api.clock.now() >= until:
            raise _not_back(api, left, timeout)
        api.clock.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def _lack(api: Api, owner: Owner) -> str:
    """What an owner lacks; empty where it has its pods, wants fewer by now, or is gone."""
    live = api.get(owner.ref)
    if live is None or uid_of(live) != owner.uid:
        return ""
    wanted = spec_of(live).get("replicas")
    target = min(owner.ready, 1 if wanted is None else int(wanted))
    pods = api.list(POD, namespace=owner.ref.namespace, labels=owner.selector).items
    ready = sum(1 for pod in pods if is_ready(pod) and not is_leaving(pod) and _belongs(pod, owner))
    return "" if ready >= target else f"{owner.ref} has {ready} ready pods, {target} before"


def _belongs(pod: Mapping[str, Any], owner: Owner) -> bool:
    return any(item.get("uid") == owner.uid for item in metadata_of(pod).get("ownerReferences") or ())


def _selector(live: Mapping[str, Any]) -> str:
    """Labels that every pod of it has; a ReplicationController has them without `matchLabels`."""
    selector: Mapping[str, Any] = spec_of(live).get("selector") or {}
    labels: Mapping[str, str] = selector.get("matchLabels", {} if "matchExpressions" in selector else selector) or {}
    return ",".join(f"{key}={labels[key]}" for key in sorted(labels))


def _not_back(api: Api, left: Dict[Owner, str], timeout: float) -> TimedOut:
    lines = list(left.values())
    causes = [line for name in sorted({owner.ref.namespace for owner in left}) for line in explain(api, name)]
    said = "".join(f"\n  {line}" for line in causes)
    return TimedOut(
        f"{timeout:.0f} s after the pods were moved not all are back on other nodes of {api.server}:"
        f" {'; '.join(lines)}.{said}\nSee why they do not start, then run again; owners_timeout says how long to wait.",
        lacking=lines,
        causes=causes,
    )
