# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mothership in memory: what children need of it, and the children that are there."""

from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Server

K0RDENT = "/apis/k0rdent.mirantis.com/v1beta1"
CHILDREN = "/apis/mke.mirantis.com/v1alpha1/namespaces/k0rdent/mkechildconfigs"
CLUSTERS = "/apis/cluster.x-k8s.io/v1beta1/namespaces/k0rdent/clusters"
CONFIG_MAPS = "/api/v1/namespaces/k0rdent/configmaps"
PROVIDERS = ("cluster-api-provider-aws", "cluster-api-provider-k0sproject-k0smotron")
READY = {"conditions": [{"type": "Ready", "status": "True", "reason": "Ready"}], "observedGeneration": 1}


def mothership(*children: dict[str, Any], version: str = "v4.1.2") -> Server:
    server = Server()
    server.objects["/apis/mke.mirantis.com/v1alpha1/namespaces/mke/mkeconfigs/mke"] = {"spec": {"version": version}}
    components = {name: {"success": True} for name in PROVIDERS}
    server.objects[f"{K0RDENT}/managements/kcm"] = {"status": {"components": components}}
    credential = {
        "metadata": {"name": "aws-cluster-identity-cred", "namespace": "k0rdent"},
        "spec": {"identityRef": {"kind": "AWSClusterStaticIdentity", "name": "aws-cluster-identity"}},
        "status": {"ready": True},
    }
    server.objects[f"{K0RDENT}/namespaces/k0rdent/credentials/aws-cluster-identity-cred"] = credential
    for child in children:
        server.objects[f"{CHILDREN}/{child['metadata']['name']}"] = child
    return server


def child(name: str = "a", region: str = "eu-west-3", **metadata: Any) -> dict[str, Any]:
    infrastructure = {"provider": "aws", "credential": "aws-cluster-identity-cred", "region": region}
    return {
        "apiVersion": "mke.mirantis.com/v1alpha1",
        "kind": "MkeChildConfig",
        "metadata": {"name": name, "namespace": "k0rdent", "uid": f"uid-{name}", "generation": 1, **metadata},
        "spec": {"version": "v4.1.2", "infrastructure": infrastructure},
    }
