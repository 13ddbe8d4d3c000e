# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Begins an upgrade by the autopilot, or goes on with one, and follows it to its end.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.autopilot.model import (
    CONTROL_NODES,
    NODES,
    Host,
    Target,
    targets_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.autopilot.plan import (
    COMPLETED,
    PLAN,
    brings,
    id_of,
    is_ours,
    is_unfinished,
    plan_object,
    state_of,
    version_in,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.autopilot.words import (
    nodes_in_words,
    plan_in_words,
    table,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, TimedOut, WaitFailed

POLL_SECONDS = 2.0


@dataclass(frozen=True)
class Limits:
    """Seconds: for the whole upgrade, and without any news of it."""

    timeout: float
    stall: float
    at_once: int = 1


@dataclass(frozen=True)
class Upgraded:
    changed: bool
    nodes: Dict[str, str] = field(default_factory=dict)


def upgrade(
    api: Api,
    version: str,
    hosts: Sequence[Host],
    limits: Limits,
    stamp: str,
    told: Callable[[str], None],
    each_time: Callable[[], None],
    dry_run: bool = False,
) -> Upgraded:
    """`told` hears what is new, `each_time` is called whenever the nodes are looked at."""
    targets = targets_of(hosts, api.list(CONTROL_NODES).items, api.list(NODES).items)
    there = api.get(PLAN)
    if there is not None:
        _refuse_what_is_not_ours(there, version, targets)
    goes_on = there is not None and is_unfinished(there) and bool(targets)
    if dry_run:
        return Upgraded(bool(targets), {target.name: "would be upgraded" for target in targets})
    if there is not None and not goes_on:
        _remove(api, there)
    if not targets:
        return Upgraded(False)
    if goes_on:
        told(f"The Plan of an earlier run goes on with k0s {version}.")
    else:
        api.create(plan_object(version, targets, limits.at_once, stamp))
    words = _follow(api, limits, told, each_time)
    plan = api.get(PLAN)
    if plan is not None:
        _remove(api, plan)
    return Upgraded(True, words)


def _refuse_what_is_not_ours(plan: Mapping[str, Any], version: str, targets: Tuple[Target, ...]) -> None:
    if not is_ours(plan):
        raise KubeError(
            f"k0s was not upgraded: there is a {PLAN} that this collection did not make (id {id_of(plan) or 'empty'}, "
            f"k0s {version_in(plan)}; it {plan_in_words(plan)}). Let it end, or delete it if it is not needed "
            f"(k0s kubectl delete plan {PLAN.name}), then run again"
        )
    if is_unfinished(plan) and targets and not brings(plan, version, targets):
        raise KubeError(
            f"k0s was not upgraded: the {PLAN} of an earlier run still brings k0s {version_in(plan)} to the cluster; "
            f"it {plan_in_words(plan)}. Let it end by a run with that version, or delete it (k0s kubectl delete plan "
            f"{PLAN.name}), then run again"
        )


def _remove(api: Api, plan: Mapping[str, Any]) -> None:
    """That very Plan."""
    api.delete(PLAN, uid=str(plan["metadata"].get("uid") or ""))


def _follow(api: Api, limits: Limits, told: Callable[[str], None], each_time: Callable[[], None]) -> Dict[str, str]:
    """What every node was at last. Raises WaitFailed where the Plan ended before its nodes were done."""
    clock = api.clock
    began = heard = clock.now()
    before: Dict[str, str] = {}
    while True:
        each_time()
        plan, nodes = _look(api)
        if plan is None:
            raise WaitFailed(
                f"Somebody deleted the {PLAN} while it was in work; at last: {table(before) or 'nothing was done'}. "
                "Run again to go on."
            )
        words = nodes_in_words(plan, nodes)
        news = {name: text for name, text in words.items() if before.get(name) != text}
        if news:
            told(table(news))
            before, heard = words, clock.now()
        if state_of(plan) == COMPLETED:
            return words
        if not is_unfinished(plan):
            raise WaitFailed(_ended(plan, words), nodes=words, state=state_of(plan))
        _judge_time(plan, words, limits, clock.now() - began, clock.now() - heard)
        clock.sleep(POLL_SECONDS)


def _look(api: Api) -> Tuple[Optional[Dict[str, Any]], Dict[str, Mapping[str, Any]]]:
    """The Plan and the objects of its nodes. One that is both a ControlNode and a Node counts as the former."""
    plan = api.get(PLAN)
    nodes: Dict[str, Mapping[str, Any]] = {}
    for kind in (NODES, CONTROL_NODES):
        nodes.update((str(item["metadata"]["name"]), item) for item in api.list(kind).items)
    return plan, nodes


def _ended(plan: Mapping[str, Any], words: Mapping[str, str]) -> str:
    return (
        f"The upgrade by the autopilot stopped: {PLAN} {plan_in_words(plan)}. Nodes: {table(words) or 'none'}. What is "
        "done stays. Look at `journalctl -u k0scontroller -u k0sworker` of the node that failed, mend the cause, and "
        "run again: the nodes that are left get a new Plan."
    )


def _judge_time(
    plan: Mapping[str, Any], words: Mapping[str, str], limits: Limits, since_begin: float, since_news: float
) -> None:
    if since_begin < limits.timeout and since_news < limits.stall:
        return
    how_long = (
        f"nothing moved for {since_news:.0f} s"
        if since_begin < limits.timeout
        else f"it was not done after {since_begin:.0f} s"
    )
    away = [name for name, text in words.items() if text == "moves its pods away"]
    hint = (
        f" Pods of {', '.join(away)} do not leave; a PodDisruptionBudget may forbid it (k0s kubectl get pdb -A)."
        if away
        else ""
    )
    raise TimedOut(
        f"The upgrade by the autopilot is not at its end: {how_long}; {PLAN} {plan_in_words(plan)}. Nodes: "
        f"{table(words) or 'none yet'}.{hint} The autopilot goes on by itself; run again to follow it.",
        nodes=dict(words),
        state=state_of(plan),
    )
