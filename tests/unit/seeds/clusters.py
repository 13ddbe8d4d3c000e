# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters for the statements of MKE's own documents."""

from __future__ import annotations

from typing import Any, Dict

from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.render.cluster_config import cluster_config

HOSTS = [
    {"role": "controller+worker", "ssh": {"address": "10.0.0.11", "user": "root"}},
    {"role": "worker", "ssh": {"address": "10.0.0.21", "user": "root"}},
]
# The first release of the architecture document with mke-operator and k0rdent, the one of the document on child
# clusters, the default, and the newest of all.
OPERATOR_RELEASES = ("v4.1.0", "v4.1.1", "v4.1.2", "v4.2.0")


def mke4k(version: str = "v4.1.2", **spec: Any) -> Cluster:
    """A file with nothing but hosts and what the test adds."""
    body = {"hosts": HOSTS, "version": version, **spec}
    document = {"apiVersion": "mke.mirantis.com/v1alpha1", "kind": "MkeConfig", "metadata": {"name": "mke"}}
    return load({**document, "spec": body}).require()


def alpha1(**fields: Any) -> Cluster:
    """A file of Alpha.1: flat, with nothing but hosts."""
    return load({"hosts": HOSTS, **fields}, overrides={"release": "Alpha.1"}).require()


def k0s_config(cluster: Cluster) -> Dict[str, Any]:
    controller = cluster.controllers[0]
    spec: Dict[str, Any] = cluster_config(cluster, controller, controller.address)["spec"]
    return spec
