# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a child from going.

Sources: conditions and events of Cluster API Provider AWS (pkg/cloud/services), finalizers of kcm.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.wording import person
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Cause

DELETION: Tuple[Cause, ...] = (
    person(
        "deletion-without-credentials", "The child is being deleted, but nobody can: AWS does not accept the keys",
        "All its resources are still there, and cost money. Sync keys that AWS accepts with mke4k.core.aws_credential"
        " (state: synced); do not remove finalizers by hand, which leaves the resources behind.",
        "AWS accepts the keys",
    ),
    person(
        "deletion-blocked", "Something that Cluster API did not make keeps a resource of the child from being deleted",
        "Remove what uses the resource that is named: load balancers and security groups of Services, network"
        " interfaces (`aws ec2 describe-network-interfaces --filters Name=vpc-id,Values=VPC`), instances, VPC"
        " endpoints. mke4k.core.aws_orphans lists what belongs to the child.",
        "nothing uses it any more",
    ),
    person(
        "deletion-protected", "An instance of the child is protected against termination",
        "Lift it: `aws ec2 modify-instance-attribute --instance-id ID --no-disable-api-termination --region R`.",
        "it is lifted",
    ),
    person(
        "deletion-cleanup", "The child is gone but for one object whose finalizer nobody takes away",
        "The controller that owns the finalizer does not run or cannot do its work: see its log (kcm for"
        " k0rdent.mirantis.com/..., the AWS provider for *.cluster.x-k8s.io). Remove the finalizer by hand only when"
        " mke4k.core.aws_orphans finds nothing of the child any more.",
        "the controller runs",
    ),
)  # fmt: skip
