# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What other Kubernetes distributions left on the host, or still run there.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import fnmatch
import os
from typing import Any, Dict, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root

# Path, what it belongs to. The last part of a path may have wildcards.
_PATHS: Tuple[Tuple[str, str], ...] = (
    ("/etc/kubernetes/admin.conf", "kubeadm"),
    ("/etc/kubernetes/kubelet.conf", "kubeadm"),
    ("/etc/kubernetes/manifests/*.yaml", "kubeadm"),
    ("/var/lib/kubelet/config.yaml", "a kubelet of another Kubernetes"),
    ("/etc/rancher/k3s", "k3s"),
    ("/var/lib/rancher/k3s", "k3s"),
    ("/etc/rancher/rke2", "RKE2"),
    ("/var/lib/rancher/rke2", "RKE2"),
    ("/var/snap/microk8s", "MicroK8s"),
    ("/var/lib/docker/swarm/docker-state.json", "Docker Swarm or MKE 3"),
    ("/var/lib/docker/volumes/ucp-*", "MKE 3"),
    ("/var/lib/etcd/member", "an etcd of its own"),
    ("/etc/cni/net.d/*.conf", "a network plugin"),
    ("/etc/cni/net.d/*.conflist", "a network plugin"),
)
NETWORK_PLUGIN = "a network plugin"

# Units that run what would fight k0s for ports, cgroups or network rules.
UNITS: Mapping[str, str] = {
    "kubelet": "a kubelet of another Kubernetes",
    "k3s": "k3s",
    "k3s-agent": "k3s",
    "rke2-server": "RKE2",
    "rke2-agent": "RKE2",
    "snap.microk8s.daemon-kubelite": "MicroK8s",
    "crio": "CRI-O",
}


def read_leftovers(units: Mapping[str, Mapping[str, str]], root: Root = HOST) -> List[Dict[str, Any]]:
    """Paths and running units with what they belong to."""
    found: List[Dict[str, Any]] = []
    for pattern, what in _PATHS:
        folder, name = os.path.split(pattern)
        if "*" in name:
            found += [{"path": f"{folder}/{match}", "what": what} for match in fnmatch.filter(root.names(folder), name)]
        elif root.exists(pattern):
            found.append({"path": pattern, "what": what})
    for name, what in UNITS.items():
        if units.get(name, {}).get("ActiveState") in ("active", "activating"):
            found.append({"path": f"{name}.service", "what": what})
    return found
