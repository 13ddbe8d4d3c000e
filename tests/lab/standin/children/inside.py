# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a child's own API would tell of its workloads, where the bed's API server stands for it."""

from __future__ import annotations

from typing import Mapping

from tests.lab.standin.api import Api, Kind, Object

VOLUME = Kind("v1", "PersistentVolume", "persistentvolumes", namespaced=False)
SERVICE = Kind("v1", "Service", "services")
MANAGER = "child"


def write(api: Api, cluster: str, left: Mapping[str, str]) -> None:
    """PersistentVolume and Service of what is in AWS."""
    if "volume" in left:
        spec = {
            "capacity": {"storage": "10Gi"},
            "accessModes": ["ReadWriteOnce"],
            "persistentVolumeReclaimPolicy": "Delete",
            "csi": {"driver": "ebs.csi.aws.com", "volumeHandle": left["volume"]},
        }
        api.apply(VOLUME, VOLUME.made(f"pvc-{cluster}", spec=spec), MANAGER)
    if "load-balancer" in left:
        service: Object = {"type": "LoadBalancer", "selector": {"app": "web"}, "ports": [{"port": 80}]}
        made = api.apply(SERVICE, SERVICE.made(f"{cluster}-web", "default", spec=service), MANAGER)
        api.set_status(SERVICE, made, {"loadBalancer": {"ingress": [{"hostname": left["load-balancer"]}]}})
