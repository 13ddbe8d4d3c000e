# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machines of children as Cluster API tells them: one request a kind. What becomes of the answers is pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    AWS_CLUSTER,
    AWS_MACHINE,
    CLUSTER_NAME_LABEL,
    MACHINE,
    Manifest,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api

CONTROL_PLANE_LABEL = "cluster.x-k8s.io/control-plane"
CONTROLLER, WORKER = "controller", "worker"
Key = Tuple[str, str]


@dataclass(frozen=True)
class ChildMachine:
    """One machine. What nobody has told yet is empty; `node` is the name that it has in its own cluster."""

    name: str
    namespace: str
    child: str
    role: str
    region: str = ""
    zone: str = ""
    instance_id: str = ""
    instance_type: str = ""
    internal_ip: str = ""
    external_ip: str = ""
    internal_dns: str = ""
    node: str = ""
    version: str = ""
    phase: str = ""
    bastion: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_running(self) -> bool:
        return self.phase == "Running"


def read(api: Api, namespace: str) -> List[ChildMachine]:
    """All machines of all children, in the order of child, role and name."""
    machines = api.list(MACHINE, namespace).items
    if not machines:
        return []
    return machines_of(machines, api.list(AWS_MACHINE, namespace).items, api.list(AWS_CLUSTER, namespace).items)


def machines_of(
    machines: Iterable[Manifest], aws_machines: Iterable[Manifest], aws_clusters: Iterable[Manifest]
) -> List[ChildMachine]:
    """Put together by the references that the objects have; of a machine that is being deleted nothing is told."""
    instances = {_key(item): item for item in aws_machines}
    clusters = {_key(item): item for item in aws_clusters}
    found = [_machine(item, instances, clusters) for item in machines if not _metadata(item).get("deletionTimestamp")]
    return sorted(found, key=lambda item: (item.child, item.role, item.name))


def _machine(manifest: Manifest, instances: Mapping[Key, Manifest], clusters: Mapping[Key, Manifest]) -> ChildMachine:
    metadata, spec, status = _metadata(manifest), _part(manifest, "spec"), _part(manifest, "status")
    namespace = str(metadata.get("namespace") or "")
    labels: Dict[str, str] = {str(key): str(value) for key, value in (metadata.get("labels") or {}).items()}
    child = str(spec.get("clusterName") or labels.get(CLUSTER_NAME_LABEL) or "")
    instance = instances.get((namespace, str(_part(spec, "infrastructureRef").get("name") or "")), {})
    cluster = clusters.get((namespace, child), {})
    provider_id = str(_part(instance, "spec").get("providerID") or spec.get("providerID") or "")
    addresses = [*_listed(_part(instance, "status"), "addresses"), *_listed(status, "addresses")]
    return ChildMachine(
        name=str(metadata.get("name") or ""),
        namespace=namespace,
        child=child,
        role=CONTROLLER if CONTROL_PLANE_LABEL in labels else WORKER,
        region=str(_part(cluster, "spec").get("region") or ""),
        zone=str(spec.get("failureDomain") or _zone(provider_id)),
        instance_id=str(_part(instance, "spec").get("instanceID") or provider_id.rpartition("/")[2]),
        instance_type=str(_part(instance, "spec").get("instanceType") or ""),
        internal_ip=_address(addresses, "InternalIP"),
        external_ip=_address(addresses, "ExternalIP"),
        internal_dns=_address(addresses, "InternalDNS"),
        node=str(_part(status, "nodeRef").get("name") or ""),
        version=str(spec.get("version") or _part(status, "nodeInfo").get("kubeletVersion") or ""),
        phase=str(status.get("phase") or ""),
        bastion=str(_part(_part(cluster, "status"), "bastion").get("publicIp") or ""),
        labels=labels,
    )


def _zone(provider_id: str) -> str:
    """`aws:///eu-west-3a/i-0123` has it too."""
    parts = provider_id.split("/")
    return parts[-2] if len(parts) > 2 else ""


def _address(addresses: Iterable[Mapping[str, Any]], kind: str) -> str:
    return next((str(item.get("address") or "") for item in addresses if item.get("type") == kind), "")


def _listed(part: Mapping[str, Any], name: str) -> List[Mapping[str, Any]]:
    found = part.get(name)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _part(part: Optional[Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    found = (part or {}).get(name)
    return found if isinstance(found, Mapping) else {}


def _metadata(manifest: Manifest) -> Mapping[str, Any]:
    return _part(manifest, "metadata")


def _key(manifest: Manifest) -> Key:
    metadata = _metadata(manifest)
    return str(metadata.get("namespace") or ""), str(metadata.get("name") or "")
