# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines and AWSMachines. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

from tests.lab.standin.api import Object
from tests.lab.standin.children.failures import Failure
from tests.lab.standin.children.kinds import AWS_MACHINE, MACHINE
from tests.lab.standin.children.wish import Wish, digest

from .view import View, Wanted, old_condition, owned

CONTROLLER, WORKER = "controlPlane", "worker"
STAGES = {CONTROLLER: "control-plane", WORKER: "workers"}
TYPES = {CONTROLLER: "m5.xlarge", WORKER: "m5.large"}
PROFILE = "control-plane.cluster-api-provider-aws.sigs.k8s.io"


def names(wish: Wish) -> Dict[str, str]:
    """The machines of a child, with their roles. Workers that have to be made anew have other names."""
    controllers = {f"{wish.name}-cp-{number}": CONTROLLER for number in range(wish.controllers)}
    prefix = f"{wish.name}-md-{wish.machines_hash()}"
    return {**controllers, **{f"{prefix}-{number}": WORKER for number in range(wish.workers)}}


def ready_names(view: View) -> List[str]:
    return [name for name, role in names(view.wish).items() if _is_running(view, name, role)]


def coming(view: View) -> List[Wanted]:
    found: List[Wanted] = []
    if not view.lived and not view.way.begun("control-plane"):
        return found
    for name, role in names(view.wish).items():
        if role == CONTROLLER or view.lived or view.way.begun("workers"):
            found += _pair(view, name, role)
    return found


def _pair(view: View, name: str, role: str) -> Tuple[Wanted, Wanted]:
    failure = view.fails_by("AWSMachine")
    if failure is not None and (failure.stage != STAGES[role] or name in view.running):
        failure = None
    runs = _is_running(view, name, role) or (failure is not None and failure.condition == "ELBAttached")
    number = int(digest(name, 4), 16)
    address = f"10.0.{number % 250}.{number // 250 % 250 + 4}"
    zone = view.wish.zones[int(name.rsplit("-", 1)[1]) % len(view.wish.zones)]
    facts = {"address": address, "zone": zone, "id": view.ids.get(name) or f"i-0{digest(name, 16)}"}
    labels = {"cluster.x-k8s.io/control-plane": "true"} if role == CONTROLLER else {}
    if role == WORKER:
        labels = {"cluster.x-k8s.io/deployment-name": f"{view.wish.name}-md"}
    instance = Wanted(
        AWS_MACHINE,
        owned(
            view, AWS_MACHINE, name, ["awsmachine.infrastructure.cluster.x-k8s.io"],
            _instance_spec(view, role, facts, runs=runs), **labels,
        ),
        _instance_status(view, role, failure, facts, runs=runs),
    )  # fmt: skip
    machine = Wanted(
        MACHINE,
        owned(view, MACHINE, name, ["machine.cluster.x-k8s.io"], _machine_spec(view, name, facts, runs=runs), **labels),
        _machine_status(view, name, instance.status, facts, runs=runs),
    )
    return instance, machine


def _is_running(view: View, name: str, role: str) -> bool:
    if name in view.running:
        return True
    return view.way.done(STAGES[role])


def _instance_spec(view: View, role: str, facts: Mapping[str, str], *, runs: bool) -> Object:
    given = view.wish.machine(role)
    spec: Dict[str, Any] = {
        "instanceType": given.get("instanceType") or TYPES[role],
        "iamInstanceProfile": given.get("iamInstanceProfile") or PROFILE,
        "cloudInit": {"insecureSkipSecretsManager": True},
        "rootVolume": {"size": int(given.get("rootVolumeSize") or 32)},
        "publicIP": bool(view.wish.config.get("publicIP")),
    }
    if given.get("amiID"):
        spec["ami"] = {"id": given["amiID"]}
    if runs:
        spec["providerID"] = f"aws:///{facts['zone']}/{facts['id']}"
        spec["instanceID"] = facts["id"]
    return spec


def _instance_status(view: View, role: str, failure: Failure | None, facts: Mapping[str, str], *, runs: bool) -> Object:
    if failure is not None and failure.condition == "InstanceReady":
        told = old_condition("InstanceReady", False, failure.reason, view.text(failure), failure.severity)
        summary = old_condition("Ready", False, failure.reason, "0 of 2 completed", failure.severity)
        return {"ready": False, "conditions": [summary, told]}
    if not runs:
        waiting = old_condition("InstanceReady", False, "InstanceNotReady", "", "Warning")
        summary = old_condition("Ready", False, "InstanceNotReady", "1 of 2 completed", "Warning")
        return {"ready": False, "instanceState": "pending", "conditions": [summary, waiting]}
    conditions = [old_condition("InstanceReady", status=True), old_condition("SecurityGroupsReady", status=True)]
    if role == CONTROLLER:
        if failure is not None:
            told = old_condition("ELBAttached", False, failure.reason, view.text(failure), failure.severity)
            conditions.append(told)
        else:
            conditions.append(old_condition("ELBAttached", status=True))
    addresses = _addresses(view, facts)
    status: Object = {"ready": True, "instanceState": "running", "addresses": addresses}
    return {**status, "conditions": [old_condition("Ready", status=True), *conditions]}


def _machine_spec(view: View, name: str, facts: Mapping[str, str], *, runs: bool) -> Object:
    reference = {"apiVersion": AWS_MACHINE.api_version, "kind": AWS_MACHINE.kind, "name": name}
    spec: Object = {
        "clusterName": view.wish.name,
        "version": view.wish.k0s_version,
        "bootstrap": {"dataSecretName": name},
        "infrastructureRef": {**reference, "namespace": view.wish.namespace},
        "failureDomain": facts["zone"],
    }
    if runs:
        spec["providerID"] = f"aws:///{facts['zone']}/{facts['id']}"
    return spec


def _machine_status(view: View, name: str, instance: Object, facts: Mapping[str, str], *, runs: bool) -> Object:
    told = instance["conditions"][0]
    if told["status"] == "True":
        mirror = old_condition("InfrastructureReady", status=True)
    else:
        mirror = old_condition("InfrastructureReady", False, told["reason"], told.get("message", ""), told["severity"])
    conditions = [{**mirror, "type": "Ready"}, old_condition("BootstrapReady", status=True), mirror]
    status: Object = {"bootstrapReady": True, "infrastructureReady": runs, "phase": "Running" if runs else "Pending"}
    if runs:
        host = f"ip-{facts['address'].replace('.', '-')}.{view.wish.region}.compute.internal"
        status["nodeRef"] = {"apiVersion": "v1", "kind": "Node", "name": host}
        status["addresses"] = _addresses(view, facts)
        conditions.append(old_condition("NodeHealthy", status=True))
    return {**status, "conditions": conditions}


def _addresses(view: View, facts: Mapping[str, str]) -> List[Object]:
    host = f"ip-{facts['address'].replace('.', '-')}.{view.wish.region}.compute.internal"
    return [{"type": "InternalDNS", "address": host}, {"type": "InternalIP", "address": facts["address"]}]
