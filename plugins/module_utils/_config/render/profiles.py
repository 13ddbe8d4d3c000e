# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kubelet settings as worker profiles of k0s.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import copy
from typing import Any, Dict, List

from ansible_collections.mke4k.core.plugins.module_utils._config.flags import last_value, split_flags
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Host

MANAGER_PROFILE = "mke-default-manager"
WORKER_PROFILE = "mke-default-worker"

_SETTINGS = (
    "eventRecordQPS",
    "maxPods",
    "podPidsLimit",
    "podsPerCore",
    "protectKernelDefaults",
    "seccompDefault",
)


def has_profiles(cluster: Cluster) -> bool:
    return cluster.release.between(since="v4.0.0")


def worker_profiles(cluster: Cluster) -> List[Dict[str, Any]]:
    """`spec.workerProfiles`: MKE's two, then the custom ones, which win over the settings in `spec.kubelet`."""
    if not has_profiles(cluster):
        return []
    profiles = [
        {"name": WORKER_PROFILE, "values": _settings(cluster, "workerKubeReserved")},
        {"name": MANAGER_PROFILE, "values": _settings(cluster, "managerKubeReserved")},
    ]
    for item in cluster.value("kubelet.customProfiles", []):
        base = _settings(cluster, _reserved_for(cluster, item["name"]))
        profiles.append({"name": item["name"], "values": _merged(base, item.get("values") or {})})
    return profiles


def default_profile(host: Host) -> str:
    return MANAGER_PROFILE if host.is_controller else WORKER_PROFILE


def _settings(cluster: Cluster, reserved: str) -> Dict[str, Any]:
    """The settings in `spec.kubelet`, sorted by name."""
    found: Dict[str, Any] = {name: cluster.value(f"kubelet.{name}") for name in _SETTINGS}
    found["kubeReserved"] = dict(sorted(cluster.value(f"kubelet.{reserved}", {}).items()))
    return {name: found[name] for name in sorted(found) if found[name] not in (None, {})}


def _reserved_for(cluster: Cluster, profile: str) -> str:
    """A profile that only controllers use keeps what is reserved for controllers."""
    users = [host for host in cluster.hosts if last_value(split_flags(host.install_flags), "--profile") == profile]
    return "managerKubeReserved" if users and all(host.is_controller for host in users) else "workerKubeReserved"


def _merged(base: Dict[str, Any], values: Dict[str, Any]) -> Dict[str, Any]:
    found = copy.deepcopy(base)
    for name, value in values.items():
        inner = found.get(name)
        found[name] = _merged(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return found
