#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_preflight
short_description: Check an AWS account before child clusters are made in it
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Looks whether the account has what all O(children) together need - quotas beside what is used already, enabled
    regions, instance types in the availability zones that are used, images that fit them, root volumes, key pairs,
    instance profiles, permissions - and whether something of the same name is left there.
  - Tells everything at once, each finding with what to do, before anything is made. All regions are asked at the same
    time, and each question only once for all children of a region.
  - Works with part of the permissions. What could not be checked is told as V(unchecked), with the permission that is
    missing, and is never taken for good.
  - It changes nothing.
options:
  children:
    description:
      - The children, as M(mke4k.core.child_cluster) returns them in RV(mke4k.core.child_cluster#module:needs) with
        O(mke4k.core.child_cluster#module:mode=plan).
      - Each needs C(name) and C(region). The rest has the defaults of the templates - C(control_plane_number),
        C(workers_number), C(availability_zones), C(ssh_key_name), C(bastion), and C(control_plane) and C(worker) with
        C(instance_type), C(ami_id), C(image_lookup), C(iam_instance_profile), C(root_volume_size).
      - A child with C(exists=true) needs nothing more of the quotas, and what it lacks is a warning.
    type: list
    elements: dict
    required: true
  checks:
    description: What is checked. All of it, unless told otherwise.
    type: list
    elements: str
    choices:
      - identity
      - regions
      - quotas
      - instance_types
      - images
      - key_pairs
      - instance_profiles
      - permissions
      - leftovers
      - load_balancer_names
    default:
      - identity
      - regions
      - quotas
      - instance_types
      - images
      - key_pairs
      - instance_profiles
      - permissions
      - leftovers
      - load_balancer_names
  fail_on:
    description:
      - Which findings make the task fail. V(warning) means errors too, and V(unchecked) means all three.
    type: str
    choices: [error, warning, unchecked, never]
    default: error
extends_documentation_fragment:
  - mke4k.core._aws
  - mke4k.core._attributes
  - mke4k.core._attributes.info
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
notes:
  - The policy C(mke4k-checks), which M(mke4k.core.aws_iam) makes with O(mke4k.core.aws_iam#module:checks=true), has
    what the checks need beyond the policies of Cluster API's AWS provider.
  - Permissions are those of the keys that the task runs with. Give it those of the credential that children use.
  - Which zones a child uses is what Cluster API takes - the first ones by name.
seealso:
  - module: mke4k.core.child_cluster
  - module: mke4k.core.aws_iam
  - module: mke4k.core.aws_orphans
"""

EXAMPLES = r"""
- name: Plan the children
  mke4k.core.child_cluster:
    children: "{{ children }}"
    mode: plan
    kubeconfig: ~/.mke/mke.kubeconf
  delegate_to: localhost
  register: plan

- name: Check the account
  mke4k.core.aws_preflight:
    children: "{{ plan.needs }}"
  delegate_to: localhost

- name: See whether three children would fit, and go on in any case
  mke4k.core.aws_preflight:
    children:
      - {name: prod-eu, region: eu-west-1}
      - {name: prod-us, region: us-east-1, availability_zones: 1}
      - {name: test-us, region: us-east-1, control_plane_number: 1, workers_number: 1, availability_zones: 1}
    checks: [regions, quotas, leftovers]
    fail_on: never
  delegate_to: localhost
  register: preflight

- name: Show it
  ansible.builtin.debug:
    msg: "{{ preflight.text }}"
"""

RETURN = r"""
account:
  description: The account.
  returned: when AWS knows the keys
  type: str
  sample: "123456789012"
arn:
  description: Whose keys they are.
  returned: when AWS knows the keys
  type: str
  sample: arn:aws:iam::123456789012:user/mke-children
findings:
  description: What was found, the worst first.
  returned: when AWS knows the keys
  type: list
  elements: dict
  contains:
    severity:
      description: V(error), V(warning), V(unchecked) or V(ok).
      type: str
    check:
      description: One of O(checks).
      type: str
    region:
      description: The region, empty for what is the same in all of them.
      type: str
    child:
      description: The child, empty for what all of them need together.
      type: str
    message:
      description: What was found.
      type: str
      sample: "Elastic IPs (L-0263D0A3): 6 needed, 0 of 5 used: 1 Elastic IPs too few."
    remedy:
      description: What to do, empty where nothing is to be done.
      type: str
error_count:
  description: How many errors there are.
  returned: when AWS knows the keys
  type: int
warning_count:
  description: How many warnings there are.
  returned: when AWS knows the keys
  type: int
unchecked_count:
  description: How many checks could not be made.
  returned: when AWS knows the keys
  type: int
ok_count:
  description: How many checks found everything in order.
  returned: when AWS knows the keys
  type: int
text:
  description: What needs somebody, as a table, and what to do.
  returned: when AWS knows the keys
  type: list
  elements: str
api_requests:
  description: How many requests were sent to AWS.
  returned: always
  type: int
"""
