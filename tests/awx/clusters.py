# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What jobs are given: for two hosts an mke4.yaml, or an inventory with one that names no hosts; and two children."""

from __future__ import annotations

from typing import Any

# Nothing that pulls an image.
FLAGS = ["--disable-components=konnectivity-server,kube-proxy,coredns,metrics-server,network-provider"]
SSH = {"user": "somebody", "port": 22}
MKE4: dict[str, Any] = {
    "apiVersion": "mke.mirantis.com/v1alpha1",
    "kind": "MkeConfig",
    "metadata": {"name": "mke", "namespace": "mke"},
    "spec": {
        "version": "v4.1.2",
        "hosts": [
            {"role": "controller+worker", "ssh": {"address": "10.77.0.11", **SSH}, "installFlags": FLAGS},
            {"role": "worker", "ssh": {"address": "10.77.0.12", **SSH}},
        ],
        "tracking": {"enabled": False},
        "kubelet": {"maxPods": 120},
    },
}
# The same, where the hosts are those of the inventory.
OF_GROUPS = {**MKE4, "spec": {**MKE4["spec"], "hosts": [], "version": "v4.1.2"}}
INVENTORY: dict[str, Any] = {
    "hosts": {
        "n1": {"ansible_host": "10.77.0.11", "mke4k_role": "controller+worker", "mke4k_host": {"installFlags": FLAGS}},
        "n2": {"ansible_host": "10.77.0.12"},
    },
    "groups": {"mke4k_controllers": ["n1"], "mke4k_workers": ["n2"]},
}
MACHINE = {"image_lookup": {"format": "al2023-ami-2023.*"}}
CHILDREN: dict[str, Any] = {
    "mke4k_children_defaults": {
        "region": "eu-west-3", "availability_zones": 1, "control_plane": MACHINE, "worker": MACHINE,
        "control_plane_number": 1, "workers_number": 1,
    },
    "mke4k_children": [{"name": "prod-eu", "protected": True}, {"name": "test-eu"}],
    "mke4k_children_timeout": 120,
    "mke4k_aws_iam": True,
    "child_clusters_settle": 2,
}  # fmt: skip
