# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The images that the simulated AWS has: few, so that a region is there at once, and always the same."""

from __future__ import annotations

from typing import Any, Dict, List

AMAZON = "137112412989"
CANONICAL = "099720109477"
# name, architecture, made on, id without its prefix, owner
_TABLE = (
    ("al2023-ami-2023.6.20250115.0-kernel-6.1-x86_64", "x86_64", "2025-01-17", "0a2023250115f8664", AMAZON),
    ("al2023-ami-2023.9.20251014.0-kernel-6.1-x86_64", "x86_64", "2025-10-15", "0a2023251014f8664", AMAZON),
    ("al2023-ami-2023.9.20251014.0-kernel-6.1-arm64", "arm64", "2025-10-15", "0a2023251014fa640", AMAZON),
    ("amzn2-ami-hvm-2.0.20250929.0-x86_64-gp2", "x86_64", "2025-09-30", "0a0002250929f8664", AMAZON),
    ("amzn2-ami-hvm-2.0.20250929.0-arm64-gp2", "arm64", "2025-09-30", "0a0002250929fa640", AMAZON),
    ("ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20251001", "x86_64", "2025-10-01",
     "0a2404251001f8664", CANONICAL),
    ("ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-20251001", "arm64", "2025-10-01",
     "0a2404251001fa640", CANONICAL),
)  # fmt: skip


def images() -> List[Dict[str, Any]]:
    """As moto reads them from MOTO_AMIS_PATH."""
    return [
        {
            "ami_id": f"ami-{identity}",
            "name": name,
            "description": name,
            "architecture": architecture,
            "creation_date": f"{made}T00:00:00.000Z",
            "owner_id": owner,
            "image_location": f"amazon/{name}",
            "image_type": "machine",
            "hypervisor": "xen",
            "platform": None,
            "public": True,
            "root_device_name": "/dev/sda1" if owner == CANONICAL else "/dev/xvda",
            "root_device_type": "ebs",
            "sriov": "simple",
            "state": "available",
            "virtualization_type": "hvm",
        }
        for name, architecture, made, identity, owner in _TABLE
    ]
