# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a child needs of AWS, in the words of the options and with everything filled in that templates default to.

The defaults are those of MKE's template (three control planes m5.xlarge, two workers m5.large, 32 GiB each) and of the
network that Cluster API makes (three availability zones).

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.defaults import ZONES, machine
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import (
    CONTROL_PLANES,
    WORKERS,
    configured,
    counted,
)


def needs_of(child: Child) -> Dict[str, Any]:
    spec = child.spec
    return {
        "name": child.name,
        "region": child.region,
        "version": child.version,
        "credential": child.credential,
        "control_plane_number": counted(spec, "controlPlaneNumber", CONTROL_PLANES),
        "workers_number": counted(spec, "workersNumber", WORKERS),
        "availability_zones": configured(spec, "network", "vpc", "availabilityZoneUsageLimit", default=ZONES),
        "ssh_key_name": str(configured(spec, "sshKeyName", default="")),
        "bastion": _bastion(spec),
        "control_plane": _machine(spec, "controlPlane"),
        "worker": _machine(spec, "worker"),
    }


def _machine(spec: Mapping[str, Any], role: str) -> Dict[str, Any]:
    found = machine(spec, role)
    return {
        "instance_type": found["instanceType"],
        "ami_id": found["amiID"],
        "iam_instance_profile": found["iamInstanceProfile"],
        "root_volume_size": found["rootVolumeSize"],
        "image_lookup": {
            "format": found["imageLookup"]["format"],
            "org": str(found["imageLookup"]["org"]),
            "base_os": found["imageLookup"]["baseOS"],
        },
    }


def _bastion(spec: Mapping[str, Any]) -> Dict[str, Any]:
    return {
        "enabled": configured(spec, "bastion", "enabled", default=False),
        "instance_type": configured(spec, "bastion", "instanceType", default="t2.micro"),
        "ami": configured(spec, "bastion", "ami", default=""),
    }
