# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cluster, K0sControlPlane and MachineDeployment. Pure."""

from __future__ import annotations

from typing import List

from tests.lab.standin.api import Object
from tests.lab.standin.children.kinds import AWS_CLUSTER, CLUSTER, CONTROL_PLANE, MACHINE_DEPLOYMENT

from . import machines, network
from .view import OWN_GENERATION, View, Wanted, new_condition, old_condition, owned

TEMPLATE = "infrastructure.cluster.x-k8s.io/v1beta2"


def coming(view: View) -> List[Wanted]:
    return [
        _cluster(view, _status(view)),
        network.coming(view),
        _control_plane(view),
        _deployment(view),
        *machines.coming(view),
    ]


def problems(view: View) -> List[str]:
    """What kcm repeats of the Cluster's conditions."""
    return [f"* {one['type']}: {one['message']}" for one in _news(view) if one["status"] != "True" and one["message"]]


def going(view: View) -> List[Wanted]:
    """The Cluster and its network while they are being deleted."""
    text = "Cluster deletion in progress, waiting for infrastructure cluster to be deleted"
    if not view.way.done("machines"):
        text = "* Control plane Machines: deletion in progress\n* Worker Machines: deletion in progress"
    reason = "WaitingForInfrastructureDeletion" if view.way.done("machines") else "WaitingForWorkersDeletion"
    deleting = [new_condition("Deleting", True, reason, text, 1), new_condition("Paused", False, "NotPaused")]
    return [_cluster(view, {"phase": "Deleting", "v1beta2": {"conditions": deleting}}), network.going(view)]


def _cluster(view: View, status: Object) -> Wanted:
    wish = view.wish
    networks = wish.config.get("clusterNetwork") or {}
    pods = (networks.get("pods") or {}).get("cidrBlocks") or ["10.244.0.0/16"]
    services = (networks.get("services") or {}).get("cidrBlocks") or ["10.96.0.0/12"]
    spec: Object = {
        "clusterNetwork": {"pods": {"cidrBlocks": pods}, "services": {"cidrBlocks": services}},
        "infrastructureRef": _reference(view, AWS_CLUSTER.api_version, AWS_CLUSTER.kind, wish.name),
        "controlPlaneRef": _reference(view, CONTROL_PLANE.api_version, CONTROL_PLANE.kind, f"{wish.name}-cp"),
    }
    made = owned(
        view, CLUSTER, wish.name, ["cluster.cluster.x-k8s.io"], spec, **(wish.config.get("clusterLabels") or {})
    )
    if wish.config.get("clusterAnnotations"):
        made["metadata"]["annotations"] = dict(wish.config["clusterAnnotations"])
    return Wanted(CLUSTER, made, status)


def _status(view: View) -> Object:
    ready = network.is_ready(view)
    return {
        "phase": "Provisioned" if ready else "Provisioning",
        "infrastructureReady": ready,
        "controlPlaneReady": _is_initialized(view),
        "conditions": _olds(view),
        "v1beta2": {"conditions": _news(view)},
    }


def _olds(view: View) -> List[Object]:
    """v1beta1: of the infrastructure there is only how many of its conditions are met, and the first reason."""
    told = network.summary(view)
    waiting = old_condition("InfrastructureReady", False, "WaitingForInfrastructure")
    infrastructure = {**told, "type": "InfrastructureReady"} if told else waiting
    if _is_initialized(view):
        control = old_condition("ControlPlaneReady", status=True)
        begun = old_condition("ControlPlaneInitialized", status=True)
    else:
        control = old_condition("ControlPlaneReady", False, "WaitingForControlPlane")
        begun = old_condition(
            "ControlPlaneInitialized", False, "WaitingForControlPlaneProviderInitialized",
            "Waiting for control plane provider to indicate the control plane has been initialized",
        )  # fmt: skip
    worst = next((one for one in (control, begun, infrastructure) if one["status"] == "False"), control)
    return [{**worst, "type": "Ready"}, begun, control, infrastructure]


def _news(view: View) -> List[Object]:
    """v1beta2, which kcm sums up."""
    told = network.summary(view)
    if not told:
        infrastructure = new_condition("InfrastructureReady", False, "NotReady", "Condition Ready not yet reported")
    else:
        words = "" if told["status"] == "True" else told.get("message", "")
        reason = "Ready" if told["status"] == "True" else "NotReady"
        infrastructure = new_condition("InfrastructureReady", told["status"] == "True", reason, words)
    begun, control, workers = (
        _is_initialized(view),
        _are_all(view, machines.CONTROLLER),
        _are_all(view, machines.WORKER),
    )
    waiting = "Control plane not yet initialized"
    return [
        infrastructure,
        new_condition(
            "ControlPlaneInitialized", begun, "Initialized" if begun else "NotInitialized", "" if begun else waiting,
        ),
        new_condition(
            "ControlPlaneAvailable", control, "Available" if control else "NotAvailable", "" if control else waiting,
        ),
        _machines_ready(view, "ControlPlaneMachinesReady", machines.CONTROLLER),
        new_condition(
            "WorkersAvailable", workers, "Available" if workers else "NotAvailable",
            "" if workers else f"* MachineDeployment {view.wish.name}-md: replicas are not available",
        ),
        _machines_ready(view, "WorkerMachinesReady", machines.WORKER),
        new_condition(
            "RemoteConnectionProbe", begun, "ProbeSucceeded" if begun else "ProbeFailed",
            "" if begun else "Remote connection not established yet",
        ),
        new_condition("Paused", False, "NotPaused"),
        new_condition("Deleting", False, "NotDeleting"),
    ]  # fmt: skip


def _machines_ready(view: View, kind: str, role: str) -> Object:
    ready = _are_all(view, role)
    failure = view.fails_by("AWSMachine")
    text = "" if ready else "* Machines: InfrastructureReady: 0 of 2 completed"
    if failure is not None and machines.STAGES[role] == failure.stage and not ready:
        text = f"* Machines: InfrastructureReady: {failure.reason}"
    return new_condition(kind, ready, "Ready" if ready else "NotReady", text)


def _is_initialized(view: View) -> bool:
    return view.lived or view.way.done("control-plane")


def _are_all(view: View, role: str) -> bool:
    ready = set(machines.ready_names(view))
    return all(name in ready for name, one in machines.names(view.wish).items() if one == role)


def _count(view: View, role: str) -> int:
    names = machines.names(view.wish)
    return sum(names[name] == role for name in machines.ready_names(view))


def _control_plane(view: View) -> Wanted:
    wish, ready = view.wish, _count(view, machines.CONTROLLER)
    spec = {
        "replicas": wish.controllers,
        "version": wish.k0s_version,
        "k0sConfigSpec": {},
        "machineTemplate": {
            "infrastructureRef": _reference(view, TEMPLATE, "AWSMachineTemplate", f"{wish.name}-cp-mt")
        },
    }
    there = wish.controllers if view.lived or view.way.begun("control-plane") else 0
    status: Object = {
        "ready": _is_initialized(view),
        "initialized": _is_initialized(view),
        "replicas": there,
        "readyReplicas": ready,
        "unavailableReplicas": wish.controllers - ready,
        "updatedReplicas": ready,
        "version": wish.k0s_version,
        "conditions": [_available(ready >= wish.controllers, "WaitingForControlPlaneMachines")],
    }
    return Wanted(CONTROL_PLANE, owned(view, CONTROL_PLANE, f"{wish.name}-cp", [], spec), status)


def _deployment(view: View) -> Wanted:
    wish, ready = view.wish, _count(view, machines.WORKER)
    name = f"{wish.name}-md"
    labels = {"cluster.x-k8s.io/cluster-name": wish.name, "cluster.x-k8s.io/deployment-name": name}
    template = {
        "clusterName": wish.name,
        "version": wish.k0s_version,
        "bootstrap": {"dataSecretName": name},
        "infrastructureRef": _reference(view, TEMPLATE, "AWSMachineTemplate", f"{wish.name}-worker-mt"),
    }
    spec = {
        "clusterName": wish.name,
        "replicas": wish.workers,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": template},
    }
    there = wish.workers if view.lived or view.way.begun("workers") else 0
    status: Object = {
        "observedGeneration": OWN_GENERATION,
        "phase": "Running" if ready >= wish.workers else "ScalingUp",
        "replicas": there,
        "readyReplicas": ready,
        "availableReplicas": ready,
        "updatedReplicas": ready,
        "unavailableReplicas": wish.workers - ready,
        "conditions": [_available(ready >= wish.workers, "WaitingForAvailableMachines")],
    }
    made = owned(view, MACHINE_DEPLOYMENT, name, ["cluster.x-k8s.io/machinedeployment"], spec)
    made["metadata"]["annotations"] = {"machineset.cluster.x-k8s.io/skip-preflight-checks": "ControlPlaneIsStable"}
    return Wanted(MACHINE_DEPLOYMENT, made, status)


def _available(status: bool, reason: str) -> Object:
    return old_condition("Available", status, reason, "Minimum availability requires more replicas", "Warning")


def _reference(view: View, version: str, kind: str, name: str) -> Object:
    return {"apiVersion": version, "kind": kind, "name": name, "namespace": view.wish.namespace}
