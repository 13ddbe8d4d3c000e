# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds that the stand-in operators read and write."""

from __future__ import annotations

from .api import Kind

CONFIG_MAP = Kind("v1", "ConfigMap", "configmaps")
EVENT = Kind("v1", "Event", "events")
NAMESPACE = Kind("v1", "Namespace", "namespaces", namespaced=False)
NODE = Kind("v1", "Node", "nodes", namespaced=False)
SECRET = Kind("v1", "Secret", "secrets")
DAEMON_SET = Kind("apps/v1", "DaemonSet", "daemonsets")
DEPLOYMENT = Kind("apps/v1", "Deployment", "deployments")
STATEFUL_SET = Kind("apps/v1", "StatefulSet", "statefulsets")
CRD = Kind("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", namespaced=False)
_ADMISSION = "admissionregistration.k8s.io/v1"
POLICY = Kind(_ADMISSION, "ValidatingAdmissionPolicy", "validatingadmissionpolicies", namespaced=False)
BINDING = Kind(_ADMISSION, "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", namespaced=False)

CHART = Kind("helm.k0sproject.io/v1beta1", "Chart", "charts")

_TIGERA = "operator.tigera.io/v1"
INSTALLATION = Kind(_TIGERA, "Installation", "installations", namespaced=False)
API_SERVER = Kind(_TIGERA, "APIServer", "apiservers", namespaced=False)
TIGERA_STATUS = Kind(_TIGERA, "TigeraStatus", "tigerastatuses", namespaced=False)
_CALICO = "crd.projectcalico.org/v1"
IP_POOL = Kind(_CALICO, "IPPool", "ippools", namespaced=False)
FELIX = Kind(_CALICO, "FelixConfiguration", "felixconfigurations", namespaced=False)

_K0RDENT = "k0rdent.mirantis.com/v1beta1"
RELEASE = Kind(_K0RDENT, "Release", "releases", namespaced=False)
MANAGEMENT = Kind(_K0RDENT, "Management", "managements", namespaced=False)
ACCESS_MANAGEMENT = Kind(_K0RDENT, "AccessManagement", "accessmanagements", namespaced=False)
PROVIDER_TEMPLATE = Kind(_K0RDENT, "ProviderTemplate", "providertemplates", namespaced=False)
CLUSTER_DEPLOYMENT = Kind(_K0RDENT, "ClusterDeployment", "clusterdeployments")
MULTI_CLUSTER_SERVICE = Kind(_K0RDENT, "MultiClusterService", "multiclusterservices", namespaced=False)
HELM_RELEASE = Kind("helm.toolkit.fluxcd.io/v2", "HelmRelease", "helmreleases")

MKE_CONFIG = Kind("mke.mirantis.com/v1alpha1", "MkeConfig", "mkeconfigs")
