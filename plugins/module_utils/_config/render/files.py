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
from ansible_collections.mke4k.core.plugins.module_utils._config.resolve import encryption_file
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.api_server import AUDIT_POLICY
from ansible_collections.mke4k.core.plugins.module_utils._config.versions import at_least

# kube-apiserver runs as this user, which k0s makes.
API_USER = "kube-apiserver"
CERTIFICATES = "/etc/containerd/certs.d"
CONTAINERD_DROP_IN = "/etc/k0s/containerd.d/registry-config.toml"

_CONTAINERD_1 = 'version = 2\n\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "{}"\n'
_CONTAINERD_2 = 'version = 3\n\n[plugins."io.containerd.cri.v1.images".registry]\n  config_path = "{}"\n'


def files(cluster: Cluster, host: Host) -> List[Dict[str, Any]]:
    found: List[Dict[str, Any]] = []
    if host.is_controller:
        found += _audit_files(cluster) + _event_rate_files(cluster)
    if host.runs_workloads:
        found += _registry_files(cluster)
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


def _registry_files(cluster: Cluster) -> List[Dict[str, Any]]:
    """Authorities of private registries. containerd reads them for each pull, and k0s restarts it by itself."""
    authorities: Dict[str, List[str]] = {}
    for name in ("imageRegistry", "chartRegistry"):
        pem = cluster.value(f"registries.{name}.caData")
        if pem:
            host = registry_host(str(cluster.value(f"registries.{name}.url", "")))
            known = authorities.setdefault(host, [])
            known += [] if pem in known else [pem]
    if not authorities:
        return []
    template = _CONTAINERD_2 if at_least(cluster.k0s_version, 1, 36) else _CONTAINERD_1
    contents = {f"{CERTIFICATES}/{host}/ca.crt": "".join(pems) for host, pems in authorities.items()}
    contents[CONTAINERD_DROP_IN] = template.format(CERTIFICATES)
    return [
        {
            "path": path,
            "content": content,
            "mode": "0644",
            "owner": "root",
            "group": "root",
            "restart": False,
            "secret": False,
        }
        for path, content in contents.items()
    ]


def registry_host(url: str) -> str:
    """`host[:port]` of a registry, which is how containerd names its folder."""
    return url.partition("://")[2].partition("/")[0] if "://" in url else url.partition("/")[0]
