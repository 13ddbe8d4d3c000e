# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What MKE's template for AWS says where a child does not (MKE v4.1, "Infrastructure options"). Pure.

It is never written into a spec: upstream is free to change it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._children.spec.merge import merged
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import configured

ZONES = 3
MACHINE: Mapping[str, Any] = {
    "amiID": "",
    "iamInstanceProfile": "control-plane.cluster-api-provider-aws.sigs.k8s.io",
    "rootVolumeSize": 32,
    "imageLookup": {"format": "amzn2-ami-hvm*-gp2", "org": "137112412989", "baseOS": ""},
    "uncompressedUserData": False,
    "nonRootVolumes": [],
}
INSTANCE_TYPES = {"controlPlane": "m5.xlarge", "worker": "m5.large"}
# Of fields that are only read when a child is made, by their path in the spec.
FIXED: Mapping[str, Any] = {
    "infrastructure.configuration.sshKeyName": "",
    "infrastructure.configuration.publicIP": False,
    "infrastructure.configuration.network": {"vpc": {"availabilityZoneUsageLimit": ZONES}},
    "network.serviceCIDR": "10.96.0.0/16",
}


def machine(spec: Mapping[str, Any], role: str) -> Dict[str, Any]:
    """Everything about the machines of a role, `controlPlane` or `worker`."""
    said = configured(spec, role, default={})
    told = {key: value for key, value in said.items() if value is not None} if isinstance(said, Mapping) else {}
    return merged({**MACHINE, "instanceType": INSTANCE_TYPES[role]}, told)
