# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quotas of an AWS account that children run into.

Sources: the codes of Service Quotas that Cluster API Provider AWS lists for its own tests
(test/e2e/shared/defaults.go), and the quotas of Amazon VPC in the documentation of AWS.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.wording import person, quota
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Cause

_FEWER_ZONES = "new children take one in place of three with `availability_zones: 1`"
QUOTAS: Tuple[Cause, ...] = (
    quota(
        "eip-quota", "Elastic IP addresses in the region", "ec2", "L-0263D0A3",
        f"release addresses that nobody uses; {_FEWER_ZONES}",
    ),
    quota(
        "vpc-quota", "VPCs in the region", "vpc", "L-F678F1CE",
        "remove VPCs that nobody uses (mke4k.core.aws_orphans finds those of former children), or take another region",
    ),
    quota(
        "internet-gateway-quota", "internet gateways in the region", "vpc", "L-A4707A72",
        "remove those that nobody uses; each VPC of a child has one",
    ),
    quota(
        "nat-gateway-quota", "NAT gateways in the availability zone", "vpc", "L-FE5A380F",
        f"remove those that nobody uses; {_FEWER_ZONES}",
    ),
    quota(
        "vcpu-quota", "vCPUs of running on-demand standard instances", "ec2", "L-1216C47A",
        "stop instances that nobody uses, or give the child a smaller instance_type or a smaller workers_number",
    ),
    quota(
        "load-balancer-quota", "classic load balancers in the region", "elasticloadbalancing", "L-E9E9831D",
        "remove load balancers that nobody uses",
    ),
    quota(
        "volume-quota", "storage of gp3 volumes in the region (of gp2 volumes: L-D18FCD1D)", "ebs", "L-7A658B76",
        "delete volumes that nobody uses (mke4k.core.aws_orphans finds those of former children), or set a smaller"
        " root_volume_size",
    ),
    quota(
        "security-group-quota", "security groups in the region", "vpc", "L-E79EC296",
        "remove those that nobody uses; a child takes up to five, and one more for each load balancer",
    ),
    person(
        "network-quota", "A quota of the network is used up",
        "Ask AWS for more of what the code names: subnets of a VPC L-407747CB, route tables of a VPC L-589F43AA, routes"
        " of a table L-93826ACB, rules of a security group L-0EA8095F, network interfaces in the region L-DF5E4CA3:"
        " `aws service-quotas request-service-quota-increase --service-code vpc --quota-code CODE --desired-value N"
        " --region R`.",
        "the quota is raised",
    ),
    person(
        "other-quota", "A quota of the AWS account is used up",
        "Find its code with `aws service-quotas list-service-quotas --service-code SERVICE --region R`, and ask for"
        " more with `aws service-quotas request-service-quota-increase`.",
        "the quota is raised",
    ),
)  # fmt: skip
