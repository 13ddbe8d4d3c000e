# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds that a child becomes."""

from __future__ import annotations

from tests.lab.standin.api import Kind
from tests.lab.standin.kinds import CLUSTER_DEPLOYMENT, EVENT, HELM_RELEASE, MULTI_CLUSTER_SERVICE, SECRET

CHILD = Kind("mke.mirantis.com/v1alpha1", "MkeChildConfig", "mkechildconfigs")

_K0RDENT = "k0rdent.mirantis.com/v1beta1"
CREDENTIAL = Kind(_K0RDENT, "Credential", "credentials")
CLUSTER_TEMPLATE = Kind(_K0RDENT, "ClusterTemplate", "clustertemplates")

_CAPI = "cluster.x-k8s.io/v1beta1"
CLUSTER = Kind(_CAPI, "Cluster", "clusters")
MACHINE = Kind(_CAPI, "Machine", "machines")
MACHINE_DEPLOYMENT = Kind(_CAPI, "MachineDeployment", "machinedeployments")
CONTROL_PLANE = Kind("controlplane.cluster.x-k8s.io/v1beta1", "K0sControlPlane", "k0scontrolplanes")

_CAPA = "infrastructure.cluster.x-k8s.io/v1beta2"
AWS_CLUSTER = Kind(_CAPA, "AWSCluster", "awsclusters")
AWS_MACHINE = Kind(_CAPA, "AWSMachine", "awsmachines")
STATIC_IDENTITY = Kind(_CAPA, "AWSClusterStaticIdentity", "awsclusterstaticidentities", namespaced=False)
ROLE_IDENTITY = Kind(_CAPA, "AWSClusterRoleIdentity", "awsclusterroleidentities", namespaced=False)
CONTROLLER_IDENTITY = Kind(_CAPA, "AWSClusterControllerIdentity", "awsclustercontrolleridentities", namespaced=False)
IDENTITIES = {kind.kind: kind for kind in (STATIC_IDENTITY, ROLE_IDENTITY, CONTROLLER_IDENTITY)}

CLUSTER_NAME = "cluster.x-k8s.io/cluster-name"
PAUSED = "cluster.x-k8s.io/paused"

__all__ = ["CLUSTER_DEPLOYMENT", "EVENT", "HELM_RELEASE", "MULTI_CLUSTER_SERVICE", "SECRET"]
