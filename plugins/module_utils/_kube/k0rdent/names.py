# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of k0rdent, by the names that it gives them.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref

API_VERSION = "k0rdent.mirantis.com/v1beta1"
RELEASE = Kind(API_VERSION, "Release")
PROVIDER_TEMPLATE = Kind(API_VERSION, "ProviderTemplate")
CLUSTER_DEPLOYMENT = Kind(API_VERSION, "ClusterDeployment")
# There is one Management, and it is always called so; the Helm release has to be called so too.
NAME = "kcm"
MANAGEMENT = Ref(API_VERSION, "Management", NAME)

SECRET = Kind("v1", "Secret")
HELM_RELEASE = Kind("helm.toolkit.fluxcd.io/v2", "HelmRelease")
# What the UI asks for at the log-in.
UI_SECRET = "mke4k-k0rdent-ui"
UI_SECRET_KEY = "password"
UI_USER = "admin"


def namespace_ref(name: str) -> Ref:
    return Ref("v1", "Namespace", name)


def release_ref(name: str) -> Ref:
    return Ref(API_VERSION, "Release", name)


def secret_ref(name: str, namespace: str) -> Ref:
    return Ref("v1", "Secret", name, namespace)
