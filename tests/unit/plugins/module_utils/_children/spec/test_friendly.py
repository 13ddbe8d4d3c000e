# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict

from ansible_collections.mke4k.core.plugins.module_utils._children.spec.friendly import needs_of
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.wishes import built, mothership

LOOKUP = {"format": "amzn2-ami-hvm*-gp2", "org": "137112412989", "base_os": ""}
PROFILE = "control-plane.cluster-api-provider-aws.sigs.k8s.io"


def test_what_a_child_needs_has_upstreams_defaults_filled_in() -> None:
    machine = {"ami_id": "", "iam_instance_profile": PROFILE, "root_volume_size": 32, "image_lookup": LOOKUP}
    assert needs_of(built()) == {
        "name": "a",
        "region": "eu-west-3",
        "version": "v4.1.2",
        "credential": "aws-cluster-identity-cred",
        "control_plane_number": 3,
        "workers_number": 2,
        "availability_zones": 3,
        "ssh_key_name": "",
        "bastion": {"enabled": False, "instance_type": "t2.micro", "ami": ""},
        "control_plane": {"instance_type": "m5.xlarge", **machine},
        "worker": {"instance_type": "m5.large", **machine},
    }


def test_what_was_said_is_taken_whatever_the_release_and_the_way() -> None:
    options: Dict[str, Any] = {
        "control_plane_number": 1,
        "availability_zones": 1,
        "ssh_key_name": "mine",
        "bastion": {"enabled": True},
        "worker": {"instance_type": "t3.large", "image_lookup": {"format": "al2023-ami-2023.*"}},
    }
    raw = {"infrastructure": {"configuration": {"controlPlane": {"rootVolumeSize": 64, "amiID": None}}}}
    for version in ("v4.1.1", "v4.2.0"):
        needs = needs_of(built(mothership(version), **options, spec=raw))
        assert (needs["control_plane_number"], needs["availability_zones"], needs["ssh_key_name"]) == (1, 1, "mine")
        assert needs["bastion"]["enabled"]
        assert needs["worker"]["instance_type"] == "t3.large"
        assert needs["worker"]["image_lookup"] == {**LOOKUP, "format": "al2023-ami-2023.*"}
        assert needs["control_plane"]["root_volume_size"] == 64
