# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that a host gets beside k0s.yaml.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Host
from ansible_collections.mke4k.core.plugins.module_utils._config.render.registries import registry_files
from ansible_collections.mke4k.core.plugins.module_utils._config.resolve import encryption_file
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.api_server import AUDIT_POLICY

# kube-apiserver runs as this user, which k0s makes.
API_USER = "kube-apiserver"


def files(cluster: Cluster, host: Host) -> List[Dict[str, Any]]:
    found: List[Dict[str, Any]] = []
    if host.is_controller:
        found += _audit_files(cluster) + _event_rate_files(cluster)
    found += registry_files(cluster, host)
    return sorted(found, key=lambda item: str(item["path"]))


def shared_files(cluster: Cluster, host: Host) -> List[Dict[str, Any]]:
    """Files that are made once and must be the same on all controllers."""
    path = encryption_path(cluster)
    if not host.is_controller or not path:
        return []
    return [{"path": path, "mode": "0600", "owner": API_USER, "group": "root", "generate": "encryption-config"}]


def encryption_path(cluster: Cluster) -> str:
    return encryption_file(cluster.settings, cluster.release)


def directories(cluster: Cluster, host: Host) -> List[Dict[str, Any]]:
    """Directories in which kube-apiserver makes and rotates files of its own."""
    if not host.is_controller or not cluster.value("apiServer.audit.enabled", False):
        return []
    folder = str(cluster.value("apiServer.audit.logPath")).rpartition("/")[0]
    return [{"path": folder, "mode": "0700", "owner": API_USER, "group": "root"}]


def admission_path(cluster: Cluster) -> str:
    return f"{cluster.data_dir}/admission_control_config.yaml"


def _event_rate_path(cluster: Cluster) -> str:
    return f"{cluster.data_dir}/event_rate_limit_config.yaml"


def _audit_files(cluster: Cluster) -> List[Dict[str, Any]]:
    if not cluster.value("apiServer.audit.enabled", False):
        return []
    custom = str(cluster.value("apiServer.audit.customPolicyYaml", ""))
    content = custom.rstrip("\n") + "\n" if custom.strip() else _audit_policy(cluster)
    return [_api_file(AUDIT_POLICY, content)]


def _audit_policy(cluster: Cluster) -> str:
    level = cluster.value("apiServer.audit.level", "Metadata")
    return f"apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages:\n- RequestReceived\nrules:\n- level: {level}\n"


def _event_rate_files(cluster: Cluster) -> List[Dict[str, Any]]:
    if not cluster.value("apiServer.eventRateLimit.enabled", False):
        return []
    admission = (
        "apiVersion: apiserver.config.k8s.io/v1\n"
        "kind: AdmissionConfiguration\n"
        "plugins:\n"
        "- name: EventRateLimit\n"
        f"  path: {json.dumps(_event_rate_path(cluster))}\n"
    )
    limits = "".join(_limit(item) for item in cluster.value("apiServer.eventRateLimit.limits", []))
    configuration = f"apiVersion: eventratelimit.admission.k8s.io/v1alpha1\nkind: Configuration\nlimits:\n{limits}"
    return [_api_file(admission_path(cluster), admission), _api_file(_event_rate_path(cluster), configuration)]


def _limit(item: Dict[str, Any]) -> str:
    lines = [f"- type: {item['limit']}", f"  qps: {item['limitQPS']}", f"  burst: {item['limitBurst']}"]
    if item.get("limitCacheSize"):
        lines.append(f"  cacheSize: {item['limitCacheSize']}")
    return "\n".join(lines) + "\n"


def _api_file(path: str, content: str) -> Dict[str, Any]:
    return {
        "path": path,
        "content": content,
        "mode": "0600",
        "owner": API_USER,
        "group": "root",
        "restart": True,
        "secret": False,
    }
