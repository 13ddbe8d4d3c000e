# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps machines, and the network they are in, from coming up in an account that lets everything be done.

Sources: the error codes of the EC2 API reference; conditions and texts of Cluster API Provider AWS.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.wording import FIXED_MACHINES, passes, person
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Cause

MACHINES: Tuple[Cause, ...] = (
    person(
        "image-not-found", "No machine image fits the lookup",
        "Set image_lookup (format, org, base_os) of control_plane and worker to what finds an image in this region, for"
        " Amazon Linux 2023 `format: al2023-ami-2023.*` and `org: \"137112412989\"`; or set ami_id.",
        "", FIXED_MACHINES,
    ),
    person(
        "image-unknown", "There is no machine image of that id for this account and region",
        "Ids differ between regions: set ami_id to one that `aws ec2 describe-images --image-ids ID --region R` shows,"
        " and share the image with the account where another one owns it.",
        "", FIXED_MACHINES,
    ),
    person(
        "architecture-mismatch", "The machine image is for another architecture than the instance type",
        "Set instance_type to one of the image's architecture, or ami_id or image_lookup to an image of that of the"
        " type (`aws ec2 describe-instance-types`, SupportedArchitectures).",
        "", FIXED_MACHINES,
    ),
    person(
        "instance-type-unknown", "AWS does not know the instance type",
        "Set instance_type to one that `aws ec2 describe-instance-type-offerings --region R` lists.",
        "", FIXED_MACHINES,
    ),
    person(
        "instance-type-not-in-zone", "The instance type is not offered in the availability zone",
        "Set instance_type to one that all zones offer (mke4k.core.aws_preflight tells before; `aws ec2"
        " describe-instance-type-offerings --location-type availability-zone`), or make the child with fewer"
        " availability_zones.",
        "", FIXED_MACHINES,
    ),
    person(
        "instance-profile-missing", "The instance profile of the machines is not there, or holds no role",
        "Make it with mke4k.core.aws_iam, or set iam_instance_profile to one that `aws iam list-instance-profiles`"
        " shows with a role.",
        "the profile is there",
    ),
    person(
        "key-pair-missing", "There is no SSH key pair of that name in the region",
        "Import it (`aws ec2 import-key-pair --key-name NAME --public-key-material fileb://KEY.pub --region R`), or"
        " make the child anew with `ssh_key_name: \"\"`, which is no key. Without ssh_key_name Cluster API takes one"
        " called `default`.",
        "the key pair is there",
    ),
    person(
        "root-volume-too-small", "The root volume is smaller than that of the machine image",
        "Set root_volume_size to the size that the message expects, or more.",
        "", FIXED_MACHINES,
    ),
    person(
        "zone-without-subnet", "There is no subnet in the availability zone that a machine is to run in",
        "A network that was made keeps its zones: set availability_zones back to what it was, or make the child anew.",
        "there is one",
    ),
    person(
        "instance-gone", "A machine of the child was stopped or terminated in AWS",
        "Start it again, or delete its Machine in the mothership: the control plane or the MachineDeployment makes"
        " another.",
        "", "A machine that was started again is taken back by itself.",
    ),
    passes(
        "insufficient-capacity", "AWS has no room for that instance type in the zone just now",
        "Where it lasts, set another instance_type, or make the child with other availability_zones.",
    ),
    passes("dns-wait", "The name of the load balancer is not known in DNS yet", "It mostly takes one to five minutes."),
    passes(
        "bootstrap-data-missing", "The boot data of a machine is not there yet",
        "Where it lasts, see whether the provider k0sproject-k0smotron of the mothership runs.",
    ),
)  # fmt: skip
