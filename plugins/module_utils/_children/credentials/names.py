# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of an AWS credential, by the names that MKE and k0rdent give them.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref

STATIC, ROLE, CONTROLLER = "static", "role", "controller"
API_VERSION = "infrastructure.cluster.x-k8s.io/v1beta2"
IDENTITIES = {
    STATIC: Kind(API_VERSION, "AWSClusterStaticIdentity"),
    ROLE: Kind(API_VERSION, "AWSClusterRoleIdentity"),
    CONTROLLER: Kind(API_VERSION, "AWSClusterControllerIdentity"),
}
IDENTITY_CRDS = {
    STATIC: "awsclusterstaticidentities.infrastructure.cluster.x-k8s.io",
    ROLE: "awsclusterroleidentities.infrastructure.cluster.x-k8s.io",
    CONTROLLER: "awsclustercontrolleridentities.infrastructure.cluster.x-k8s.io",
}
CREDENTIAL = Kind("k0rdent.mirantis.com/v1beta1", "Credential")
CREDENTIAL_CRD = "credentials.k0rdent.mirantis.com"
SECRET = Kind("v1", "Secret")
DEPLOYMENT = Kind("apps/v1", "Deployment")

# CAPA takes a controller identity of no other name.
CONTROLLER_NAME = "default"
DEFAULT_NAME = "aws-cluster-identity"
LABELS = {"k0rdent.mirantis.com/component": "kcm"}
# k0rdent copies a ConfigMap with this mark, of this name, to each child; for AWS it is empty.
TEMPLATE_ANNOTATIONS = {"projectsveltos.io/template": "true"}
CAPA_LABELS = "cluster.x-k8s.io/provider=infrastructure-aws"


def crd_ref(name: str) -> Ref:
    return Ref("apiextensions.k8s.io/v1", "CustomResourceDefinition", name)
