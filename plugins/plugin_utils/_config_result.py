# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of mke_config: the cluster in plain data, without secrets.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Host
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import COMPONENTS
from ansible_collections.mke4k.core.plugins.module_utils._config.render.paths import managed_paths
from ansible_collections.mke4k.core.plugins.plugin_utils._cluster import Found
from ansible_collections.mke4k.core.plugins.plugin_utils._layers import layers_of
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables


def config_result(
    found: Found,
    variables: Variables,
    findings: Iterable[Finding],
    connections: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    cluster = found.loaded.require()
    paths = {host.name: _paths(managed_paths(cluster, host)) for host in cluster.hosts}
    return {
        "changed": False,
        "name": cluster.name,
        "namespace": cluster.namespace,
        "release": cluster.release.name,
        "k0s_version": cluster.k0s_version,
        "layers": list(layers_of(cluster, variables)),
        "form": found.loaded.form,
        "origin": found.source.origin,
        "findings": [finding.to_dict() for finding in findings],
        "controllers": [host.name for host in cluster.controllers],
        "workers": [host.name for host in cluster.hosts if host.role == "worker"],
        "hosts": [
            {
                "name": host.name,
                "address": host.address,
                "role": host.role,
                "groups": groups_of(host, variables),
                "connection": dict(connections[host.name]),
                "paths": paths[host.name],
            }
            for host in cluster.hosts
        ],
        "paths": sorted({path for each in paths.values() for path in each}),
        "cluster": cluster_summary(cluster),
    }


def groups_of(host: Host, variables: Variables) -> list[str]:
    """The inventory groups of a host, from which its role can be read again."""
    groups = [variables.cluster_group]
    if host.role != "worker":
        groups.append(variables.controllers_group)
    if host.role != "controller":
        groups.append(variables.workers_group)
    return groups


def cluster_summary(cluster: Cluster) -> dict[str, Any]:
    return {
        "pod_cidr": cluster.pod_cidr,
        "service_cidr": cluster.service_cidr,
        "external_address": cluster.external_address or "",
        "api_port": cluster.api_port,
        "data_dir": cluster.data_dir,
        "kubelet_root_dir": cluster.kubelet_root_dir,
        "node_port_range": cluster.node_port_range,
        "versions": {name: getattr(cluster.release, name) for name in COMPONENTS},
    }


def _paths(found: Iterable[Any]) -> list[str]:
    return sorted({str(item["path"]) if isinstance(item, Mapping) else str(item) for item in found})
