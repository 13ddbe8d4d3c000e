# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict, Optional

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.readiness import missing
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, NodeState, RunningState

VERSION = "v1.33.13+k0s.0"
READY = {"ready": True, "reason": "KubeletReady", "message": "kubelet is posting ready status"}
NO_NETWORK = {
    "ready": False,
    "reason": "KubeletNotReady",
    "message": "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady "
    "message:Network plugin returns error: cni plugin not initialized",
}


def member(**values: Any) -> Dict[str, Any]:
    return {"id": "1", "name": "c1", "peer_url": "https://10.0.0.1:2380", "learner": False, "answers": True, **values}


def etcd(*others: Dict[str, Any], **values: Any) -> Dict[str, Any]:
    return {"member_id": "1", "healthy": True, "members": [member(), *others], "error": "", **values}


def running(**values: Any) -> RunningState:
    return RunningState(**{"version": VERSION, "role": "worker", "pid": 7, "connected": True, **values})


def lack(role: str, state: NodeState, goal: str = "serving", **values: Any) -> str:
    return missing(NodeSpec(role, VERSION), state, goal, **values)


def test_a_host_serves_when_everything_says_so() -> None:
    assert lack("controller", NodeState(running=running(), ready=True, etcd=etcd())) == ""
    assert lack("worker", NodeState(running=running(), node=READY)) == ""
    assert lack("controller+worker", NodeState(running=running(), ready=True, etcd=etcd(), node=READY)) == ""
    assert lack("single", NodeState(running=running(single_node=True), ready=True, node=READY)) == ""


@pytest.mark.parametrize("role", ["controller", "worker", "controller+worker", "single"])
def test_a_silent_k0s_comes_first(role: str) -> None:
    assert lack(role, NodeState()) == "k0s does not answer on its status socket yet"


def test_the_wait_for_etcd_ends_before_k0s_tells_anything_about_itself() -> None:
    joined = NodeState(etcd=etcd())
    assert lack("controller", joined, "etcd") == ""
    assert "status socket" in lack("controller", joined, "serving")
    assert "not healthy" in lack("controller", NodeState(etcd=etcd(healthy=False)), "etcd")
    assert "status socket" in lack("worker", joined, "etcd")


def test_a_restart_is_over_only_with_another_process_of_the_right_version() -> None:
    state = NodeState(running=running(), node=READY)
    assert "still process 7" in lack("worker", state, replaced_pid=7)
    assert lack("worker", state, replaced_pid=6) == ""
    old = NodeState(running=running(version="v1.32.9+k0s.0"), node=READY)
    assert lack("worker", old) == "k0s v1.32.9+k0s.0 runs, not v1.33.13+k0s.0"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (None, "etcd does not answer yet"),
        ({"healthy": False, "error": "context deadline exceeded"}, "etcd is not healthy: context deadline exceeded"),
        ({"healthy": False}, "it does not answer to a linearizable read"),
        (etcd(member_id="9"), "this host is no etcd member yet"),
        (etcd(member(id="2", name="", peer_url="https://c2:2380")), "the etcd member https://c2:2380 has not started"),
        (etcd(member(id="2", name="c2", learner=True)), "the etcd member c2 is still a learner"),
        (etcd(member(id="2", name="c2", answers=False)), "the etcd member c2 does not answer"),
    ],
)
def test_etcd_is_judged_whole(state: Optional[Dict[str, Any]], words: str) -> None:
    found = lack("controller", NodeState(running=running(), ready=True, etcd=state), "etcd", whole_cluster=True)
    assert words in found


def test_a_lost_member_does_not_hold_up_one_that_only_starts() -> None:
    state = etcd(member(id="2", name="c2", answers=False))
    assert lack("controller", NodeState(running=running(), ready=True, etcd=state)) == ""


@pytest.mark.parametrize(
    "storage",
    [
        {"type": "kine"},
        {"type": "etcd", "etcd": {"externalCluster": {"endpoints": ["https://db:2379"]}}},
    ],
)
def test_an_outside_database_has_no_members_to_ask(storage: Dict[str, Any]) -> None:
    state = NodeState(running=running(cluster_config={"spec": {"storage": storage}}), ready=True)
    assert lack("controller", state) == ""


def test_a_controller_waits_for_its_api_unless_etcd_is_enough() -> None:
    state = NodeState(running=running(), ready=False, ready_message="[-]poststarthook/rbac failed", etcd=etcd())
    assert lack("controller", state) == "the API server is not ready: [-]poststarthook/rbac failed"
    assert lack("controller", state, "etcd") == ""


def test_a_controller_with_workloads_waits_for_api_and_node() -> None:
    broken = {"ready": False, "reason": "KubeletNotReady", "message": "PLEG is not healthy"}
    state = NodeState(running=running(), ready=False, etcd=etcd(), node=broken)
    assert lack("controller+worker", state) == "its Node is not Ready: KubeletNotReady: PLEG is not healthy"
    state = NodeState(running=running(), ready=False, etcd=etcd(), node=READY)
    assert "the API server is not ready" in lack("controller+worker", state)
    state = NodeState(running=running(), ready=True, etcd=etcd())
    assert lack("controller+worker", state) == "its Node cannot be seen yet"


def test_a_worker_tells_k0s_own_words() -> None:
    state = NodeState(running=running(connected=False, connection_message="x509: unknown authority"), node=READY)
    assert lack("worker", state) == "k0s has no connection to the API: x509: unknown authority"
    state = NodeState(running=running(), ready_message="nodes n1 not found")
    assert lack("worker", state) == "its Node cannot be seen yet: nodes n1 not found"


def test_a_node_without_a_network_is_enough_where_the_network_comes_later() -> None:
    state = NodeState(running=running(), node=NO_NETWORK)
    assert lack("worker", state, "connected") == ""
    assert "cni plugin not initialized" in lack("worker", state)
    broken = NodeState(running=running(), node={"ready": False, "reason": "", "message": ""})
    assert lack("worker", broken, "connected") == "its Node is not Ready: no reason given"


def test_a_ready_from_before_the_start_does_not_count() -> None:
    stale = {**READY, "heartbeat": 95.0}
    state = NodeState(running=running(started_at=100.5), node=stale)
    assert lack("worker", state) == "its kubelet has not reported to the API since k0s started"
    state = NodeState(running=running(started_at=100.5), node={**READY, "heartbeat": 100.0})
    assert lack("worker", state) == ""
