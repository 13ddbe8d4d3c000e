#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_orphans
short_description: Find what child clusters have in AWS, and remove what is left of them
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Looks at everything in AWS that may belong to O(children) - instances, NAT gateways, load balancers of both kinds,
    target groups, Elastic IPs, volumes, snapshots, network interfaces, security groups, VPC endpoints, subnets, route
    tables, internet gateways, VPCs, launch templates, and buckets and secrets with their tag.
  - Something belongs to a child by its tag (C(sigs.k8s.io/cluster-api-provider-aws/cluster/NAME) or
    C(kubernetes.io/cluster/NAME), with the value C(owned)), by an identifier that was recorded before the child was
    deleted, or by being in the VPC of the child. Volumes of PersistentVolumes have no tag - only the record knows them.
  - All regions are looked at at the same time, and all children of a region with the same requests.
  - Removes what is left only when it is asked to, and then only what has the tag of the child alone or was recorded.
options:
  children:
    description:
      - The children. C(name) is required.
      - C(region) - where it is, or was. Without it all enabled regions are looked at.
      - C(exists) - whether the child exists. What it has then is in RV(resources), and never removed.
      - C(record) - what was recorded before the deletion, with the lists C(volumes), C(load_balancers) (names, names in
        DNS or ARNs), C(network_interfaces) and C(vpcs).
      - M(mke4k.core.child_cluster) returns such lists in RV(mke4k.core.child_cluster#module:needs) and
        RV(mke4k.core.child_cluster#module:gone).
    type: list
    elements: dict
    required: true
  remove:
    description:
      - Whether what is left is removed. Every child has to say C(exists=false), and to be named in O(confirm).
    type: bool
    default: false
  confirm:
    description: The names of the children whose leftovers may go.
    type: list
    elements: str
    default: []
  timeout:
    description: For how long, in a region, what something else still uses is tried again, in seconds.
    type: int
    default: 300
  fail_on_orphans:
    description: Whether the task fails when something is left, or when not everything could be looked at.
    type: bool
    default: false
extends_documentation_fragment:
  - mke4k.core._aws
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
attributes:
  check_mode:
    support: full
    description: Tells in RV(removed) what would be removed.
  diff_mode:
    support: none
    description: RV(removed) lists every resource instead.
  idempotent:
    support: full
notes:
  - Without the permission to look at something it is told in RV(unchecked), and nothing is called clean then.
  - What AWS is deleting already is in RV(leaving), and counts neither as left nor as a failure.
  - Buckets and secrets are told and never removed.
seealso:
  - module: mke4k.core.child_cluster
  - module: mke4k.core.aws_preflight
"""

EXAMPLES = r"""
- name: See what a child has in AWS
  mke4k.core.aws_orphans:
    children:
      - {name: prod-eu, region: eu-west-1, exists: true}
  delegate_to: localhost
  register: before

- name: Prove that nothing is left of it
  mke4k.core.aws_orphans:
    children:
      - name: prod-eu
        region: eu-west-1
        exists: false
        record:
          volumes: [vol-0123456789abcdef0]
    fail_on_orphans: true
  delegate_to: localhost

- name: Remove what is left of it
  mke4k.core.aws_orphans:
    children:
      - {name: prod-eu, region: eu-west-1, exists: false}
    remove: true
    confirm: [prod-eu]
  delegate_to: localhost
"""

RETURN = r"""
account:
  description: The account.
  returned: when AWS was asked
  type: str
  sample: "123456789012"
orphans:
  description: What is left of children that do not exist (any more), after what was removed.
  returned: success, or when O(fail_on_orphans) makes it fail
  type: list
  elements: dict
  contains: &resource
    child:
      description: The child.
      type: str
    region:
      description: The region.
      type: str
    type:
      description:
        - What it is - V(instance), V(nat-gateway), V(load-balancer), V(target-group), V(elastic-ip), V(volume),
          V(snapshot), V(network-interface), V(security-group), V(vpc-endpoint), V(subnet), V(route-table),
          V(internet-gateway), V(vpc), V(launch-template), V(bucket) or V(secret).
      type: str
    id:
      description: Its id, the name of a classic load balancer, or the ARN of what has no id.
      type: str
    name:
      description: Its name, empty where it has none.
      type: str
    dns_name:
      description: Name of a load balancer in DNS.
      type: str
    vpc:
      description: The VPC it is in.
      type: str
    cost:
      description: V(high) for what costs by the hour, V(low), or V(none).
      type: str
    state:
      description: Its state in the words of AWS, empty where it has none.
      type: str
    belongs_by:
      description: V(tag), V(record), or V(vpc) for what is only in the VPC of the child.
      type: str
    removable:
      description: Whether O(remove) may remove it.
      type: bool
    reason:
      description: Why it is not removable, or was not removed.
      type: str
leaving:
  description: What AWS is deleting already.
  returned: success, or when O(fail_on_orphans) makes it fail
  type: list
  elements: dict
  contains: *resource
resources:
  description: What children have that exist.
  returned: success, or when O(fail_on_orphans) makes it fail
  type: list
  elements: dict
  contains: *resource
removed:
  description: What was removed, or would be in check mode.
  returned: success, or when O(fail_on_orphans) makes it fail
  type: list
  elements: dict
  contains: *resource
complete:
  description: Whether everything could be looked at.
  returned: success, or when O(fail_on_orphans) makes it fail
  type: bool
clean:
  description: Whether everything could be looked at, and nothing is left.
  returned: success, or when O(fail_on_orphans) makes it fail
  type: bool
unchecked:
  description: What could not be looked at.
  returned: success, or when O(fail_on_orphans) makes it fail
  type: list
  elements: dict
  contains:
    region:
      description: The region.
      type: str
    what:
      description: What it is about, mostly a type of resources.
      type: str
    message:
      description: What AWS said.
      type: str
    action:
      description: The permission that is missing, where it is one.
      type: str
text:
  description: The same as a table, and the verdict.
  returned: success, or when O(fail_on_orphans) makes it fail
  type: list
  elements: str
api_requests:
  description: How many requests were sent to AWS.
  returned: always
  type: int
"""
