# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at all nodes before the first is touched: what would stop a drain, or lose data.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes import budgets, volumes
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.objects import (
    ATTACHMENT,
    BUDGET,
    NODE,
    POD,
    VOLUME,
    Manifest,
    full_name,
    name_of,
    node_of,
    some,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.pods import Sorted, sort
from ansible_collections.mke4k.core.plugins.module_utils._kube.nodes.wish import DrainWish

CHANGE, REMOVAL = "change", "removal"


@dataclass(frozen=True)
class Seen:
    """Everything that is asked for, of the whole cluster: a page more costs less than a request for every node."""

    nodes: Mapping[str, Manifest]
    pods: Tuple[Dict[str, Any], ...]
    selected: Mapping[str, Tuple[Dict[str, Any], ...]]
    budgets: Tuple[Manifest, ...]
    volumes: Tuple[Manifest, ...]
    attachments: Tuple[Manifest, ...] = ()


def look(api: Api, names: Sequence[str], wish: DrainWish, purpose: str = CHANGE) -> Seen:
    pods = api.list(POD).items
    chosen = api.list(POD, labels=wish.pod_selector).items if wish.pod_selector else pods
    return Seen(
        nodes={name_of(node): node for node in api.list(NODE).items},
        pods=tuple(pods),
        selected={name: tuple(pod for pod in chosen if node_of(pod) == name) for name in names},
        budgets=tuple(api.list(BUDGET).items),
        volumes=tuple(api.list(VOLUME).items),
        attachments=tuple(api.list(ATTACHMENT).items) if purpose == REMOVAL else (),
    )


def findings(seen: Seen, names: Sequence[str], wish: DrainWish, purpose: str = CHANGE) -> List[Finding]:
    found: List[Finding] = []
    for name in names:
        node = seen.nodes.get(name)
        if node is None:
            found.append(_unknown(name))
            continue
        moved = sort(seen.selected.get(name, ()), wish)
        found += _budgets(name, moved, seen, wish)
        found += _refused(name, moved)
        found += _volumes(name, node, seen, purpose)
    return found


def check(api: Api, names: Sequence[str], wish: DrainWish, purpose: str = CHANGE) -> List[Finding]:
    return findings(look(api, names, wish, purpose), names, wish, purpose)


def _unknown(name: str) -> Finding:
    return Finding(WARNING, "node-unknown", f"host {name}", f"the cluster has no Node {name}", "see kubectl get nodes")


def _budgets(name: str, moved: Sorted, seen: Seen, wish: DrainWish) -> Iterator[Finding]:
    """One finding for each budget, or pair of them, with the pods of this node that it holds."""
    held: Dict[Tuple[str, str, str], List[str]] = {}
    for pod in moved.moved:
        mine = budgets.budgets_of(pod, seen.budgets)
        if len(mine) > 1:
            text = "more than one budget is about the same pods, which the eviction API refuses"
            held.setdefault((budgets.NEVER, budgets.named(mine), text), []).append(full_name(pod))
            continue
        for budget in mine:
            verdict, why = budgets.judge(budget, pod, seen.pods)
            if verdict:
                held.setdefault((verdict, full_name(budget), why), []).append(full_name(pod))
    for (verdict, budget_name, why), pods in held.items():
        yield _held(name, verdict, f"PodDisruptionBudget {budget_name}", why, pods, wish)


def _held(name: str, verdict: str, budget: str, why: str, pods: List[str], wish: DrainWish) -> Finding:
    if verdict == budgets.NEVER:
        return Finding(
            ERROR,
            "pdb-blocks",
            f"host {name}",
            f"{budget} would never let {some(sorted(pods))} go: {why}",
            "let it allow one disruption while nodes change (maxUnavailable: 1, or another replica), or waive this"
            f" finding and do so while the drain waits ({wish.timeout} s)",
        )
    return Finding(
        WARNING,
        "pdb-waits",
        f"host {name}",
        f"{budget} does not let {some(sorted(pods))} go now: {why}",
        "see why its other pods are not ready; the drain waits for them",
    )


def _refused(name: str, moved: Sorted) -> Iterator[Finding]:
    if moved.bare:
        yield Finding(
            ERROR,
            "bare-pods",
            f"host {name}",
            f"nobody would make these pods anew: {some(list(moved.bare))}",
            "delete them or give them a Deployment, or set force for the drain, which removes them",
        )
    if moved.with_data:
        yield Finding(
            ERROR,
            "empty-dir",
            f"host {name}",
            f"these pods have data in an emptyDir, which is lost when they move: {some(list(moved.with_data))}",
            "save the data, or set delete_emptydir_data for the drain",
        )


def _host_paths(name: str, seen: Seen, purpose: str) -> Iterator[Finding]:
    """Data that no volume tells of: on another node these pods find another folder."""
    writing = volumes.host_paths(name, seen.pods)
    if writing and purpose == REMOVAL:
        yield Finding(
            ERROR,
            "host-path",
            f"host {name}",
            f"these pods write into folders of it, which are lost with it: {some(writing)}",
            "save what is needed of these folders, or waive this finding, which loses them",
        )
    elif writing:
        yield Finding(
            WARNING,
            "host-path",
            f"host {name}",
            f"these pods write into folders of it, and find others where they move to: {some(writing)}",
        )


def _volumes(name: str, node: Manifest, seen: Seen, purpose: str) -> Iterator[Finding]:
    local = [str(item) for item in volumes.local_volumes(node, seen.pods, seen.volumes)]
    if local and purpose == REMOVAL:
        yield Finding(
            ERROR,
            "local-volume",
            f"host {name}",
            f"the only copy of these volumes is on it: {some(local)}",
            "move the data and delete the claims, or waive this finding, which loses the data",
        )
    elif local:
        yield Finding(
            WARNING,
            "local-volume",
            f"host {name}",
            f"these volumes are only on it: {some(local)}. Their pods wait until the node is back",
        )
    yield from _host_paths(name, seen, purpose)
    there = volumes.attached(name, seen.attachments)
    if there:
        yield Finding(
            ERROR,
            "volume-attached",
            f"host {name}",
            f"these volumes are attached to it: {some(there)}",
            "drain it and wait until the driver has detached them (kubectl get volumeattachments)",
        )
