# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of a child as controllers write them, in few words."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    AWS_CLUSTER,
    AWS_MACHINE,
    CLUSTER,
    CLUSTER_DEPLOYMENT,
    CLUSTER_NAME_LABEL,
    CONTROL_PLANE,
    HELM_RELEASE,
    MACHINE,
    MACHINE_DEPLOYMENT,
    MKE_CHILD_CONFIG,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind

Manifest = Dict[str, Any]
DELETED_AT = "2026-11-01T12:00:00Z"


def made(
    kind: Kind,
    name: str = "prod",
    spec: Optional[Manifest] = None,
    status: Optional[Manifest] = None,
    namespace: str = "k0rdent",
    **metadata: Any,
) -> Manifest:
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": {"name": name, "namespace": namespace, "generation": 1, **metadata},
        "spec": spec or {},
        "status": status or {},
    }


def condition(kind: str, status: Any = True, message: str = "", reason: str = "", **more: Any) -> Manifest:
    return {"type": kind, "status": str(status), "message": message, "reason": reason, **more}


def conditions(*items: Manifest, **status: Any) -> Manifest:
    return {"conditions": list(items), **status}


def root(*items: Manifest, generation: int = 1, spec: Optional[Manifest] = None, **status: Any) -> Manifest:
    return made(MKE_CHILD_CONFIG, spec=spec, status=conditions(*items, **status), generation=generation)


def deployment(*items: Manifest, generation: int = 1, spec: Optional[Manifest] = None, **status: Any) -> Manifest:
    return made(CLUSTER_DEPLOYMENT, spec=spec, status=conditions(*items, **status), generation=generation)


def helm_release(*items: Manifest, **metadata: Any) -> Manifest:
    return made(HELM_RELEASE, status=conditions(*items), **metadata)


def cluster(*items: Manifest, spec: Optional[Manifest] = None, **metadata: Any) -> Manifest:
    return made(CLUSTER, spec=spec, status=conditions(*items), **metadata)


def aws_cluster(*items: Manifest, ready: bool = False, **metadata: Any) -> Manifest:
    return made(AWS_CLUSTER, status=conditions(*items, ready=ready), **metadata)


def control_plane(wanted: int, ready: int, *items: Manifest, **status: Any) -> Manifest:
    counted = {"readyReplicas": ready, "replicas": wanted, **status}
    return made(CONTROL_PLANE, "prod-cp", {"replicas": wanted}, conditions(*items, **counted))


def workers(wanted: int, ready: int, *items: Manifest, name: str = "prod-md", **status: Any) -> Manifest:
    counted = {"readyReplicas": ready, "replicas": wanted, "updatedReplicas": wanted, "observedGeneration": 1, **status}
    return made(MACHINE_DEPLOYMENT, name, {"replicas": wanted}, conditions(*items, **counted))


def machine(name: str, *items: Manifest, phase: str = "Pending", control: bool = False, **metadata: Any) -> Manifest:
    labels = {CLUSTER_NAME_LABEL: "prod", **({"cluster.x-k8s.io/control-plane": ""} if control else {})}
    return made(MACHINE, name, status=conditions(*items, phase=phase), labels=labels, **metadata)


def aws_machine(name: str, *items: Manifest, **metadata: Any) -> Manifest:
    return made(AWS_MACHINE, name, status=conditions(*items), labels={CLUSTER_NAME_LABEL: "prod"}, **metadata)


def event(reason: str, message: str, kind: str = "AWSCluster", name: str = "prod", at: str = "10:00:00") -> Manifest:
    return {
        "metadata": {"name": f"{name}.{reason}.{at}", "namespace": "k0rdent"},
        "involvedObject": {"kind": kind, "name": name, "namespace": "k0rdent"},
        "type": "Warning",
        "reason": reason,
        "message": message,
        "lastTimestamp": f"2026-11-01T{at}Z",
    }


def named(items: List[Manifest]) -> Dict[str, Manifest]:
    return {str(item["metadata"]["name"]): item for item in items}
