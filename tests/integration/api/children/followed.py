# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children on a real API server whose objects and statuses a test writes itself, step by step."""

from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child
from tests.api.bed import Bed

GROUPS = (
    "mke.mirantis.com",
    "k0rdent.mirantis.com",
    "helm.toolkit.fluxcd.io",
    "cluster.x-k8s.io",
    "controlplane.cluster.x-k8s.io",
    "infrastructure.cluster.x-k8s.io",
)
PLURALS = {
    "MkeChildConfig": "mke.mirantis.com/v1alpha1 mkechildconfigs",
    "ClusterDeployment": "k0rdent.mirantis.com/v1beta1 clusterdeployments",
    "HelmRelease": "helm.toolkit.fluxcd.io/v2 helmreleases",
    "Cluster": "cluster.x-k8s.io/v1beta1 clusters",
    "MachineDeployment": "cluster.x-k8s.io/v1beta1 machinedeployments",
    "Machine": "cluster.x-k8s.io/v1beta1 machines",
    "K0sControlPlane": "controlplane.cluster.x-k8s.io/v1beta1 k0scontrolplanes",
    "AWSCluster": "infrastructure.cluster.x-k8s.io/v1beta2 awsclusters",
    "AWSMachine": "infrastructure.cluster.x-k8s.io/v1beta2 awsmachines",
    "Event": "v1 events",
}
SINCE = "2026-11-01T10:00:00Z"


def condition(kind: str, status: bool | str, message: str = "", reason: str = "Because", **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "status": str(status),
        "reason": reason,
        "message": message,
        "lastTransitionTime": SINCE,
        **more,
    }


class Written:
    """Writes what the controllers of a mothership would."""

    def __init__(self, bed: Bed, namespace: str) -> None:
        self.bed = bed
        self.namespace = namespace
        bed.load_crds(*GROUPS)

    def path(self, kind: str, name: str = "") -> str:
        version, plural = PLURALS[kind].split()
        root = "apis" if "/" in version else "api"
        return f"/{root}/{version}/namespaces/{self.namespace}/{plural}" + (f"/{name}" if name else "")

    def write(self, kind: str, name: str, spec: Any = None, status: Any = None, **metadata: Any) -> dict[str, Any]:
        """Create or change an object; its status as its controller would write it."""
        version = PLURALS[kind].split()[0]
        manifest = {
            "apiVersion": version,
            "kind": kind,
            "metadata": {"name": name, **metadata},
            "spec": {} if spec is None else spec,
        }
        written = self.bed.client.apply(self.path(kind, name), manifest)
        return written if status is None else self.status(kind, name, status)

    def status(self, kind: str, name: str, status: dict[str, Any]) -> dict[str, Any]:
        return self.bed.client.set_status(self.path(kind, name), status)

    def delete(self, kind: str, name: str) -> None:
        self.bed.client.call("DELETE", self.path(kind, name))

    def event(self, about: str, name: str, reason: str, message: str) -> None:
        version = PLURALS[about].split()[0]
        manifest = {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"generateName": f"{name}.", "namespace": self.namespace},
            "involvedObject": {"apiVersion": version, "kind": about, "name": name, "namespace": self.namespace},
            "type": "Warning",
            "reason": reason,
            "message": message,
            "firstTimestamp": SINCE,
            "lastTimestamp": SINCE,
            "count": 1,
        }
        self.bed.client.call("POST", self.path("Event"), manifest)

    def child(self, name: str, workers: int = 2) -> Child:
        """A child that was sent and that nobody has looked at yet."""
        spec = {
            "version": "v4.1.3",
            "infrastructure": {"provider": "aws", "controlPlaneNumber": 1, "workersNumber": workers},
        }
        self.write("MkeChildConfig", name, spec)
        return Child(name, spec, self.namespace)

    def deploy(self, name: str, **config: Any) -> None:
        self.write("ClusterDeployment", name, {"template": "mke4k-aws-4-1-3", "config": config})

    def ready(self, name: str) -> None:
        """What the operator says at last, about the object as it is now."""
        live = self.bed.client.get(self.path("MkeChildConfig", name))
        assert live is not None
        status = {"conditions": [condition("Ready", True)], "observedGeneration": live["metadata"]["generation"]}
        self.status("MkeChildConfig", name, status)
