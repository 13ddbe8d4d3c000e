#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: child_cluster
short_description: Make, change, or take away AWS child clusters of an MKE 4k mothership
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Makes an C(MkeChildConfig) of every child (or a C(ClusterDeployment) of k0rdent), sends those that differ by
    server-side apply, side by side, and then follows all of them with one watch a kind until each is ready.
  - While they come up, a line is shown when a child goes on to its next phase. When one fails, the cause is told with
    its remedy, in place of a time-out; the others go on. A failure that passes by itself is waited for.
  - Before anything is sent, all children are checked against the rules of MKE, and all mistakes are told at once.
  - V(state=absent) writes down what the children have in AWS, deletes them together, and waits until the
    C(MkeChildConfig), the C(ClusterDeployment) and the C(Cluster) of Cluster API are gone. Whether the account is clean
    is what M(mke4k.core.aws_orphans) tells.
  - The dashboard of a child is read-only. Changes are made here, on the mothership.
options:
  state:
    description:
      - V(present) makes the children what they are asked to be. Children that are not named are left alone.
      - V(absent) deletes those that are named.
    type: str
    choices: [present, absent]
    default: present
  mode:
    description:
      - V(apply) talks to the mothership.
      - V(plan) checks everything against the mothership and changes nothing; RV(needs) is what
        M(mke4k.core.aws_preflight) and M(mke4k.core.aws_orphans) take.
      - V(render) writes the objects as YAML files into O(dest), for a GitOps system. The files hold no secrets and stay
        the same as long as their input does. With O(state=absent) the files of the children are removed.
    type: str
    choices: [apply, plan, render]
    default: apply
  dest:
    description: Folder on the control node for V(mode=render). It is made where it is missing.
    type: path
  confirm:
    description:
      - Names of protected children that may be deleted. A child is protected that was made with C(protected=true), or
        carries the annotation C(mke4k.core/protected) with the value V(true).
    type: list
    elements: str
    default: []
  found_in_aws:
    description:
      - With O(state=absent), what M(mke4k.core.aws_orphans) found of these children before. It goes into their record,
        so that leftovers without a tag are recognised afterwards.
    type: list
    elements: dict
    default: []
  wait:
    description: Whether to wait until every child is ready, paused, or gone.
    type: bool
    default: true
  timeout:
    description:
      - Seconds for all children together. A child takes 12 to 15 minutes to come up and about 5 to go.
    type: int
    default: 3600
  settle:
    description: Seconds that a failure must last until it is believed. Conditions of Cluster API flip.
    type: int
    default: 20
extends_documentation_fragment:
  - mke4k.core._children
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.controller
  - mke4k.core._attributes.actiongroup_mke4k
attributes:
  check_mode:
    support: full
    details:
      - The mothership is asked for every object as a dry run, so its admission rules are heard too.
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - Children that are what they are asked to be cost no write, and no wait when they are ready.
seealso:
  - module: mke4k.core.child_cluster_info
  - module: mke4k.core.child_kubeconfig
  - module: mke4k.core.aws_preflight
  - module: mke4k.core.aws_orphans
  - module: mke4k.core.aws_credential
"""

EXAMPLES = r"""
- name: Two child clusters
  mke4k.core.child_cluster:
    defaults:
      credential: aws-cluster-identity-cred
      region: eu-west-3
      availability_zones: 1
    children:
      - name: prod-eu
        control_plane_number: 3
        workers_number: 5
        protected: true
      - name: test-eu
        control_plane_number: 1
        workers_number: 1
        worker:
          instance_type: m5.xlarge

- name: The same as files for a GitOps repository
  mke4k.core.child_cluster:
    children: "{{ children }}"
    mode: render
    dest: clusters/aws

- name: Take one away that is protected
  mke4k.core.child_cluster:
    state: absent
    children:
      - name: prod-eu
    confirm: [prod-eu]
"""

RETURN = r"""
children:
  description: Every child, in the order in which they were given.
  returned: when O(mode=apply), also when some failed
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      type: str
    namespace:
      description: Namespace of its objects in the mothership.
      type: str
    region:
      description: Its AWS region.
      type: str
    version:
      description: The MKE release it is asked to be.
      type: str
    action:
      description: V(created), V(updated), V(unchanged), V(refused), V(deleted) or V(absent).
      type: str
    state:
      description: V(ready), V(paused), V(gone), V(failed), or V(unfinished) where nobody waited.
      type: str
    ready:
      description: Whether it is ready.
      type: bool
    phase:
      description: The step it is at.
      type: str
    message:
      description: What its objects say about that.
      type: str
    causes:
      description: Why it failed, the most telling first.
      type: list
      elements: dict
      contains:
        name:
          description: Stable name of the cause.
          type: str
          sample: eip-quota
        title:
          description: What happened.
          type: str
        where:
          description: The object and its condition or event that says so.
          type: str
        evidence:
          description: Its own words.
          type: str
        remedy:
          description: What to do.
          type: str
        heals:
          description: What happens when that was done.
          type: str
        needs_person:
          description: Whether waiting alone will not help.
          type: bool
    cluster_id:
      description: C(status.clusterID) of the child.
      type: str
    kubeconfig_secret:
      description: Name of the Secret with its kubeconfig (key C(value)).
      type: str
    external_address:
      description: Address of its dashboard, empty as long as there is none.
      type: str
    nodes:
      description: How many nodes are ready, and how many are wanted.
      type: str
      sample: 5/5
    seconds:
      description: How long it was waited for.
      type: float
needs:
  description: What each child needs of AWS, in the words of the options, with defaults filled in.
  returned: when O(mode=plan)
  type: list
  elements: dict
records:
  description: What is known of each child's resources in AWS, by its name.
  returned: when O(state=absent)
  type: dict
gone:
  description: Those that are gone, with their records, as M(mke4k.core.aws_orphans) takes them to scan the account.
  returned: when O(state=absent)
  type: list
  elements: dict
record_objects:
  description: The C(ConfigMap) objects with the records of those, to be deleted when the account is clean.
  returned: when O(state=absent)
  type: list
  elements: dict
findings:
  description: Warnings about the children.
  returned: when O(state=present)
  type: list
  elements: dict
files:
  description: The files.
  returned: when O(mode=render)
  type: list
  elements: str
text:
  description: A table of the children, a line each.
  returned: when O(mode=apply)
  type: list
  elements: str
api_requests:
  description: How many requests were sent to the API.
  returned: success
  type: int
"""
