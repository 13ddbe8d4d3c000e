# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that one host should have: what `k0s_node` takes.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Host
from ansible_collections.mke4k.core.plugins.module_utils._config.render.arguments import install_arguments
from ansible_collections.mke4k.core.plugins.module_utils._config.render.cluster_config import cluster_config
from ansible_collections.mke4k.core.plugins.module_utils._config.render.files import directories, files, shared_files
from ansible_collections.mke4k.core.plugins.module_utils._config.render.paths import managed_paths
from ansible_collections.mke4k.core.plugins.module_utils._config.render.registries import registry_environment

__all__ = ["managed_paths", "render_node"]


def render_node(cluster: Cluster, host: Host, addresses: Mapping[str, str]) -> Dict[str, Any]:
    """The node spec as plain data. `addresses`: the node address of every host that was read, by its name.

    `config` is a document and None for workers; the arguments lack those that k0s_node adds: `--config`,
    `--data-dir` and `--token-file`.
    """
    node_address = addresses[host.name]
    return {
        "role": host.role,
        "version": cluster.k0s_version,
        "data_dir": cluster.data_dir,
        "kubelet_root_dir": cluster.kubelet_root_dir,
        "config": cluster_config(cluster, host, node_address) if host.is_controller else None,
        "arguments": install_arguments(cluster, host, node_address),
        "environment": registry_environment(cluster, host),
        "files": files(cluster, host),
        "shared_files": shared_files(cluster, host),
        "directories": directories(cluster, host),
    }
