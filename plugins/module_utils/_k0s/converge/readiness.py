# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host still lacks until it serves. Pure: decides from a `NodeState`.

The unit's state says nothing (it is active 0.1 s after its start), and a worker's kubelet can crash while k0s' status
looks fine: a host serves when etcd, `/readyz` and its Node say so.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, NodeState, RunningState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.etcd import is_embedded
from ansible_collections.mke4k.core.plugins.module_utils._k0s.versions import same_version

ETCD, CONNECTED, SERVING = "etcd", "connected", "serving"
# Kubernetes keeps times in whole seconds.
_CLOCK_STEP = 1.0
_NETWORK_MARKS = ("networkpluginnotready", "cni plugin not initialized", "network plugin is not ready")


def only_network_missing(node: Mapping[str, Any]) -> bool:
    """Whether a Node waits for nothing but its network plugin."""
    text = str(node.get("message") or "").lower()
    return any(mark in text for mark in _NETWORK_MARKS)


def missing(
    spec: NodeSpec, state: NodeState, goal: str = SERVING, replaced_pid: int = 0, whole_cluster: bool = False
) -> str:
    """What is missing, in the words of k0s and the Node; empty when the goal is reached.

    `replaced_pid` is the process that a restart has to replace; `whole_cluster` says that every etcd member must
    answer, as after a step that another step follows.
    """
    running = state.running
    if goal == ETCD and running is None and spec.is_controller and state.etcd is not None:
        return _etcd_lacks(state.etcd, whole_cluster)
    if running is None:
        return "k0s does not answer on its status socket yet"
    if replaced_pid and running.pid == replaced_pid:
        return f"k0s has not restarted yet (still process {replaced_pid})"
    if not same_version(running.version, spec.version):
        return f"k0s {running.version} runs, not {spec.version}"
    if spec.is_controller:
        lack = _controller_lacks(spec, state, running, goal, whole_cluster)
        if lack or goal == ETCD:
            return lack
    if spec.runs_workloads:
        return _node_lacks(spec, state, running, goal)
    return ""


def _etcd_lacks(etcd: Optional[Mapping[str, Any]], whole_cluster: bool) -> str:
    if etcd is None:
        return "etcd does not answer yet"
    if not etcd.get("healthy"):
        return f"etcd is not healthy: {etcd.get('error') or 'it does not answer to a linearizable read'}"
    members: List[Mapping[str, Any]] = list(etcd.get("members") or [])
    if etcd.get("member_id") not in [member.get("id") for member in members]:
        return "this host is no etcd member yet"
    for member in members if whole_cluster else ():
        label = member.get("name") or member.get("peer_url") or member.get("id")
        if not member.get("name"):
            return f"the etcd member {label} has not started"
        if member.get("learner"):
            return f"the etcd member {label} is still a learner"
        if not member.get("answers", True):
            return f"the etcd member {label} does not answer"
    return ""


def _controller_lacks(spec: NodeSpec, state: NodeState, running: RunningState, goal: str, whole_cluster: bool) -> str:
    if is_embedded(running.cluster_config, running.single_node):
        lack = _etcd_lacks(state.etcd, whole_cluster)
        if lack:
            return lack
    if goal == ETCD or state.ready:
        return ""
    if spec.runs_workloads and state.node is not None and not state.node.get("ready"):
        return ""  # the Node is what is not ready, and is judged next
    return f"the API server is not ready: {state.ready_message or '/readyz does not answer'}"


def _node_lacks(spec: NodeSpec, state: NodeState, running: RunningState, goal: str) -> str:
    if not spec.is_controller and not running.connected:
        return f"k0s has no connection to the API: {running.connection_message or 'it gives no reason'}"
    node = state.node
    if node is None:
        return f"its Node cannot be seen yet{': ' + state.ready_message if state.ready_message else ''}"
    heartbeat = float(node.get("heartbeat") or 0.0)
    if heartbeat and heartbeat + _CLOCK_STEP < running.started_at:
        return "its kubelet has not reported to the API since k0s started"
    if node.get("ready") or (goal == CONNECTED and only_network_missing(node)):
        return ""
    reason, message = str(node.get("reason") or "no reason given"), str(node.get("message") or "")
    return f"its Node is not Ready: {reason}{': ' + message if message else ''}"
