# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict, Optional

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.calico import probe_objects as objects
from ansible_collections.mke4k.core.plugins.module_utils._kube.calico.probe_checks import (
    client_is_done,
    failing_ways,
    server_is_up,
)

PROBE = objects.Probe("probe-1", "registry.example.com/agnhost:1", 8080)


def node(name: str, ready: bool = True, **more: Any) -> Dict[str, Any]:
    conditions = [{"type": "Ready", "status": "True" if ready else "False"}]
    return {"metadata": {"name": name, "labels": more.pop("labels", {})}, "status": {"conditions": conditions}, **more}


def manager(name: str, label: str = "node-role.kubernetes.io/control-plane", value: str = "true") -> Dict[str, Any]:
    return node(name, labels={label: value})


def pod(phase: str = "Running", *containers: Dict[str, Any], **status: Any) -> Dict[str, Any]:
    state = {"phase": phase, "containerStatuses": list(containers), **status}
    return {"metadata": {"name": "p", "namespace": "probe-1"}, "status": state}


def container(name: str = "to-n2", **state: Any) -> Dict[str, Any]:
    return {"name": name, "image": "x", "state": state}


def test_two_managers_and_two_workers_are_probed() -> None:
    nodes = [
        *(node(name) for name in ("w3", "w2", "w1")),
        *(manager(name) for name in ("m3", "m1")),
        manager("m2", "node.k0sproject.io/role", "control-plane"),
    ]
    assert objects.probed_nodes(nodes) == ["m1", "m2", "w1", "w2"]


def test_a_single_node_is_enough() -> None:
    assert objects.probed_nodes([manager("m1")]) == ["m1"]


def test_nodes_that_take_no_pods_are_left_out() -> None:
    nodes = [node("w1", ready=False), node("w2", spec={"unschedulable": True}), node("w3")]
    assert objects.probed_nodes(nodes) == ["w3"]
    assert objects.probed_nodes([]) == []


def test_pods_run_on_their_node_whatever_its_taints() -> None:
    made = objects.server(PROBE, "n1.example.com")
    assert made["metadata"]["name"] == "server-on-n1-example-com"
    assert made["spec"]["nodeSelector"]["kubernetes.io/hostname"] == "n1.example.com"
    assert made["spec"]["tolerations"] == [{"operator": "Exists"}]
    assert made["spec"]["containers"][0]["args"] == ["netexec", "--http-port=8080", "--udp-port=-1"]


def test_each_way_is_a_container_of_its_own_that_says_why_it_fails() -> None:
    made = objects.client(PROBE, "n1", [("to-n2", "10.0.0.2"), ("to-service", "fd00::1")])
    assert made["spec"]["restartPolicy"] == "OnFailure"
    first, second = made["spec"]["containers"]
    assert first["args"] == ["connect", "10.0.0.2:8080", "--timeout=5s"]
    assert second["args"] == ["connect", "[fd00::1]:8080", "--timeout=5s"]
    assert first["terminationMessagePolicy"] == "FallbackToLogsOnError"


def test_names_of_long_nodes_are_still_names() -> None:
    name = "a" * 60 + ".example.com"
    assert len(objects.server(PROBE, name)["metadata"]["name"]) <= 63
    assert len(objects.target_name(name)) <= 63


def test_the_namespace_can_be_found_again_and_takes_pods_on_low_ports() -> None:
    labels = objects.namespace(PROBE)["metadata"]["labels"]
    assert f"{objects.LABEL}={labels[objects.LABEL]}" == objects.SELECTOR
    assert labels["pod-security.kubernetes.io/enforce"] == "privileged"


@pytest.mark.parametrize(
    ("manifest", "state", "words"),
    [
        (None, "pending", "does not exist"),
        (pod(conditions=[{"type": "Ready", "status": "True"}], podIP="10.0.0.1"), "met", ""),
        (pod(conditions=[{"type": "Ready", "status": "True"}]), "pending", "not ready yet"),
        (
            pod("Pending", container(waiting={"reason": "ErrImagePull", "message": "nope"})),
            "pending",
            "image x can't be pulled (ErrImagePull): nope",
        ),
        (pod("Pending", container(waiting={"reason": "InvalidImageName"})), "failed", "image x can't be pulled"),
    ],
)
def test_a_server_is_up_when_it_is_ready_and_has_an_address(
    manifest: Optional[Dict[str, Any]], state: str, words: str
) -> None:
    verdict = server_is_up(manifest)
    assert (verdict.state, words in verdict.message) == (state, True)


@pytest.mark.parametrize(
    ("manifest", "state", "words"),
    [
        (None, "pending", "does not exist"),
        (pod("Succeeded"), "met", ""),
        (pod("Failed", reason="Evicted"), "failed", "Evicted"),
        (pod("Running", container(running={})), "pending", ""),
        (
            pod(
                "Running",
                container("to-n1", terminated={"exitCode": 0}),
                container("to-n2", terminated={"exitCode": 1, "message": "TIMEOUT\n"}),
                {**container("to-n3", waiting={}), "lastState": {"terminated": {"exitCode": 1, "reason": "Error"}}},
            ),
            "pending",
            "to-n2: TIMEOUT; to-n3: Error",
        ),
        (pod("Pending", container(waiting={"reason": "InvalidImageName"})), "failed", "can't be pulled"),
    ],
)
def test_a_client_is_done_when_all_its_ways_work(manifest: Optional[Dict[str, Any]], state: str, words: str) -> None:
    verdict = client_is_done(manifest)
    assert (verdict.state, words in verdict.message) == (state, True)


def test_a_way_that_was_not_tried_yet_does_not_fail() -> None:
    assert list(failing_ways(pod("Running", container(running={}), container(waiting={})))) == []
