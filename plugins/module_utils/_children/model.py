# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a child cluster is here: what is wanted of it, the objects it becomes, how far it is, and why it is not further.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref

MKE_CHILD_CONFIG = Kind("mke.mirantis.com/v1alpha1", "MkeChildConfig")
CLUSTER_DEPLOYMENT = Kind("k0rdent.mirantis.com/v1beta1", "ClusterDeployment")
MULTI_CLUSTER_SERVICE = Kind("k0rdent.mirantis.com/v1beta1", "MultiClusterService")
HELM_RELEASE = Kind("helm.toolkit.fluxcd.io/v2", "HelmRelease")
CLUSTER = Kind("cluster.x-k8s.io/v1beta1", "Cluster")
MACHINE = Kind("cluster.x-k8s.io/v1beta1", "Machine")
MACHINE_DEPLOYMENT = Kind("cluster.x-k8s.io/v1beta1", "MachineDeployment")
CONTROL_PLANE = Kind("controlplane.cluster.x-k8s.io/v1beta1", "K0sControlPlane")
AWS_CLUSTER = Kind("infrastructure.cluster.x-k8s.io/v1beta2", "AWSCluster")
AWS_MACHINE = Kind("infrastructure.cluster.x-k8s.io/v1beta2", "AWSMachine")

# The label of Cluster API on every object of a cluster.
CLUSTER_NAME_LABEL = "cluster.x-k8s.io/cluster-name"

READY, GONE, PAUSED = "ready", "gone", "paused"
# Others may have paused a Cluster by this, which stops its own controller only.
PAUSED_ANNOTATION = "cluster.x-k8s.io/paused"
# MKE has no pause of its own (none is documented): our mark on the object that stands for the child says that the pause
# of its Cluster is ours, to be taken away by us.
PAUSED_MARK = "mke4k.core/paused"
# A child that carries it is only deleted by somebody who names it.
PROTECTED_MARK = "mke4k.core/protected"

Manifest = Dict[str, Any]


@dataclass(frozen=True)
class Mothership:
    """What the cluster that children are made from says about itself.

    `credentials`: the Credential objects by name. `providers`: the components of Management/kcm by name, with whether
    each is deployed. `templates`: the ClusterTemplate objects by name, read for the engine `k0rdent` only.
    `others`: the root objects of children that are there, by name.
    """

    namespace: str = "k0rdent"
    version: str = ""
    providers: Mapping[str, bool] = field(default_factory=dict)
    credentials: Mapping[str, Manifest] = field(default_factory=dict)
    templates: Mapping[str, Manifest] = field(default_factory=dict)
    others: Mapping[str, Manifest] = field(default_factory=dict)
    # Whether the CRD of MkeChildConfig is served.
    has_child_configs: bool = True
    # False where nobody asked it (files are rendered, or check mode runs before it is there): rules about what it
    # says do not apply then.
    asked: bool = True


@dataclass(frozen=True)
class Child:
    """One child cluster that is wanted. `spec` is that of an MkeChildConfig, whatever the engine."""

    name: str
    spec: Mapping[str, Any]
    namespace: str = "k0rdent"
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    paused: bool = False
    # Only for the engine `k0rdent`: the ClusterTemplate (empty: the newest that fits), and ServiceTemplates to run in
    # the child, as `spec.serviceSpec.services` of a MultiClusterService has them.
    template: str = ""
    services: Sequence[Mapping[str, Any]] = ()
    # Warnings from making it: what it was to take over from an MkeConfig, and cannot.
    findings: Tuple[Finding, ...] = ()

    @property
    def version(self) -> str:
        return str(self.spec.get("version") or "")

    @property
    def infrastructure(self) -> Mapping[str, Any]:
        found = self.spec.get("infrastructure")
        return found if isinstance(found, Mapping) else {}

    @property
    def region(self) -> str:
        return str(self.infrastructure.get("region") or "")

    @property
    def credential(self) -> str:
        return str(self.infrastructure.get("credential") or "")


@dataclass
class Family:
    """The objects one child has become, as they were last seen. A kind that is not watched yet holds nothing.

    `root` is the MkeChildConfig (engine `mke-operator`); the engine `k0rdent` has none and starts at `deployment`.
    `events` are the Warning events about any of them, oldest first.
    """

    name: str
    root: Optional[Manifest] = None
    deployment: Optional[Manifest] = None
    helm_release: Optional[Manifest] = None
    cluster: Optional[Manifest] = None
    aws_cluster: Optional[Manifest] = None
    control_plane: Optional[Manifest] = None
    machine_deployments: Dict[str, Manifest] = field(default_factory=dict)
    machines: Dict[str, Manifest] = field(default_factory=dict)
    aws_machines: Dict[str, Manifest] = field(default_factory=dict)
    events: List[Manifest] = field(default_factory=list)


@dataclass(frozen=True)
class Progress:
    """How far a child is. `phase` is the condition or step that is next (`NatGatewaysReady`), `Ready`, `Gone`.

    `done` of `steps` are behind it. `message` is what the objects say about that step.
    """

    phase: str
    done: int = 0
    steps: int = 0
    message: str = ""
    reached: bool = False


@dataclass(frozen=True)
class Cause:
    """Why children fail, in general. `name` is stable and kebab-case.

    `needs_person`: waiting alone will not help; what a person can do is the `remedy`. `heals` says what happens when
    that was done: nothing is final for Cluster API, so a child goes on by itself.
    """

    name: str
    title: str
    remedy: str
    needs_person: bool = True
    heals: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """One cause found in one child. `where` is the object and condition or event, `evidence` its own words."""

    cause: Cause
    where: str
    evidence: str

    def text(self) -> str:
        heals = f" {self.cause.heals}" if self.cause.heals else ""
        return f"{self.cause.title} ({self.where}: {self.evidence}). {self.cause.remedy}{heals}"


@dataclass(frozen=True)
class Outcome:
    """What became of one child: `state` is ready, gone, paused, failed or unfinished (nobody waited)."""

    name: str
    state: str
    progress: Progress
    diagnoses: Tuple[Diagnosis, ...] = ()
    family: Optional[Family] = None
    seconds: float = 0.0
    message: str = ""

    @property
    def failed(self) -> bool:
        return self.state == "failed"


class Engine(ABC):
    """How children are made: which object stands for one, and which objects it takes."""

    name = ""
    root_kind = MKE_CHILD_CONFIG

    @abstractmethod
    def manifests(self, child: Child, facts: Mothership) -> List[Manifest]:
        """The objects of one child, the one that stands for it last."""

    @abstractmethod
    def spec_of(self, root: Mapping[str, Any]) -> Mapping[str, Any]:
        """The spec in the words of an MkeChildConfig that a live root object was made from."""

    def root_ref(self, name: str, namespace: str) -> Ref:
        return Ref(self.root_kind.api_version, self.root_kind.kind, name, namespace)


def roots(children: Sequence[Child], engine: Engine) -> List[Ref]:
    """The objects that stand for the children."""
    return [engine.root_ref(child.name, child.namespace) for child in children]
