# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of kube-apiserver, kube-controller-manager, kube-scheduler and etcd.

What the file says in `extraArgs` wins over what follows from its other fields.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.render.files import admission_path, encryption_path
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.api_server import AUDIT_POLICY
from ansible_collections.mke4k.core.plugins.module_utils._config.values.scalars import bytes_of

# k0s' own value; a value of ours replaces it.
_ADMISSION_PLUGINS = ("NodeRestriction",)


def api_arguments(cluster: Cluster) -> Dict[str, str]:
    found: Dict[str, Any] = {"service-node-port-range": cluster.value("network.nodePortRange")}
    if cluster.release.between(since="v4.0.0"):
        found["encryption-provider-config"] = encryption_path(cluster)
        found["request-timeout"] = cluster.value("apiServer.requestTimeout")
        found.update(_audit(cluster))
        found.update(_admission(cluster))
    if cluster.release.between(since="v4.1.0"):
        found["anonymous-auth"] = True
        found["profiling"] = bool(cluster.value("apiServer.profilingEnabled", False))
        found["tls-cipher-suites"] = ",".join(cluster.value("apiServer.tlsCipherSuites", [])) or None
    return _arguments(found, cluster.value("apiServer.extraArgs", {}))


def _audit(cluster: Cluster) -> Dict[str, Any]:
    if not cluster.value("apiServer.audit.enabled", False):
        return {}
    return {
        "audit-log-path": cluster.value("apiServer.audit.logPath"),
        "audit-log-maxage": cluster.value("apiServer.audit.maxAge"),
        "audit-log-maxbackup": cluster.value("apiServer.audit.maxBackup"),
        "audit-log-maxsize": cluster.value("apiServer.audit.maxSize"),
        "audit-policy-file": AUDIT_POLICY,
        "audit-webhook-config-file": cluster.value("apiServer.audit.webhookConfigPath"),
    }


def _admission(cluster: Cluster) -> Dict[str, Any]:
    plugins = []
    if cluster.value("apiServer.eventRateLimit.enabled", False):
        plugins.append("EventRateLimit")
    if cluster.value("apiServer.alwaysPullImages", False):
        plugins.append("AlwaysPullImages")
    if not plugins:
        return {}
    return {
        "enable-admission-plugins": ",".join([*_ADMISSION_PLUGINS, *plugins]),
        "admission-control-config-file": admission_path(cluster) if "EventRateLimit" in plugins else None,
    }


def controller_manager_arguments(cluster: Cluster) -> Dict[str, str]:
    found: Dict[str, Any] = {"terminated-pod-gc-threshold": cluster.value("controllerManager.terminatedPodGCThreshold")}
    if cluster.release.between(since="v4.1.0"):
        found["profiling"] = bool(cluster.value("controllerManager.profilingEnabled", False))
    return _arguments(found, cluster.value("controllerManager.extraArgs", {}))


def scheduler_arguments(cluster: Cluster) -> Dict[str, str]:
    found: Dict[str, Any] = {}
    if cluster.release.between(since="v4.0.0"):
        found["profiling"] = bool(cluster.value("scheduler.profilingEnabled", False))
        found["bind-address"] = None if cluster.value("scheduler.bindToAll", False) else "127.0.0.1"
    return _arguments(found, cluster.value("scheduler.extraArgs", {}))


def etcd_arguments(cluster: Cluster) -> Dict[str, str]:
    quota = cluster.value("etcd.storageQuota")
    suites = cluster.value("etcd.tlsCipherSuites", [])
    found = {"quota-backend-bytes": bytes_of(quota) if quota else None, "cipher-suites": ",".join(suites) or None}
    return _arguments(found, {})


def _arguments(found: Mapping[str, Any], extra: Mapping[str, str]) -> Dict[str, str]:
    """Sorted by name, all values as text, those that are None left out."""
    texts = {name: _text(value) for name, value in found.items() if value is not None}
    texts.update(extra)
    return {name: texts[name] for name in sorted(texts)}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
