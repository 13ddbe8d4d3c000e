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
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import (
    CONTROL_PLANES,
    WORKERS,
    configured,
    counted,
)

PROFILE = "control-plane.cluster-api-provider-aws.sigs.k8s.io"
ZONES = 3
INSTANCE_TYPES = {"controlPlane": "m5.xlarge", "worker": "m5.large"}
ROOT_VOLUME = 32
IMAGE_FORMAT = "amzn2-ami-hvm*-gp2"
AMAZON = "137112412989"


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
    return {
        "instance_type": configured(spec, role, "instanceType", default=INSTANCE_TYPES[role]),
        "ami_id": configured(spec, role, "amiID", default=""),
        "iam_instance_profile": configured(spec, role, "iamInstanceProfile", default=PROFILE),
        "root_volume_size": configured(spec, role, "rootVolumeSize", default=ROOT_VOLUME),
        "image_lookup": {
            "format": configured(spec, role, "imageLookup", "format", default=IMAGE_FORMAT),
            "org": str(configured(spec, role, "imageLookup", "org", default=AMAZON)),
            "base_os": configured(spec, role, "imageLookup", "baseOS", default=""),
        },
    }


def _bastion(spec: Mapping[str, Any]) -> Dict[str, Any]:
    return {
        "enabled": configured(spec, "bastion", "enabled", default=False),
        "instance_type": configured(spec, "bastion", "instanceType", default="t2.micro"),
        "ami": configured(spec, "bastion", "ami", default=""),
    }
