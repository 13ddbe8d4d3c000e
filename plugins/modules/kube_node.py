#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kube_node
short_description: Cordon, drain, mark, remove or check nodes of a Kubernetes cluster
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Takes work from nodes and gives it back, through the API alone. Nothing is done on the hosts.
  - A drain uses the eviction API, so that no PodDisruptionBudget is broken. Pods of DaemonSets and static pods stay. A
    failed drain takes its cordon off again and fails.
  - Before pods are taken away it sees that C(kube-controller-manager) and C(kube-scheduler) renew their leases, as pods
    would not come back without them.
  - A cordon is remembered in the annotation C(mke4k.core/cordoned), so that a later run, also one after a run that was
    killed, takes off its own cordons and never one of somebody else.
  - Labels, annotations and taints that are set are remembered in the annotation C(mke4k.core/applied). What is no
    longer asked for is removed, and what others have set stays.
extends_documentation_fragment:
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._drain
  - mke4k.core._attributes
  - mke4k.core._attributes.full
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
options:
  names:
    description: The names of the Nodes. They are handled one after another, in this order.
    type: list
    elements: str
    required: true
    aliases: [name]
  state:
    description:
      - V(present) gives the Nodes these O(labels), O(annotations) and O(taints).
      - V(cordoned) lets no new pods come to them.
      - V(drained) cordons them and moves their pods away. Before the next node it waits until the pods of the one
        before are back elsewhere.
      - V(uncordoned) takes off cordons of this collection. Nodes that are gone are no mistake.
      - V(absent) deletes the Nodes and waits until they are gone. It does not drain them first.
      - V(checked) changes nothing and returns as RV(findings) what would stop a drain or lose data.
    type: str
    choices: [absent, checked, cordoned, drained, present, uncordoned]
    default: present
  labels:
    description: Labels that the Nodes get. Unset, labels are not looked at.
    type: dict
  annotations:
    description: Annotations that the Nodes get. Unset, annotations are not looked at.
    type: dict
  taints:
    description: Taints that the Nodes get. Unset, taints are not looked at.
    type: list
    elements: dict
    suboptions:
      key:
        description: The key.
        type: str
        required: true
      value:
        description: The value.
        type: str
        default: ""
      effect:
        description: What it does to pods that do not tolerate it.
        type: str
        choices: [NoSchedule, PreferNoSchedule, NoExecute]
        required: true
  purpose:
    description: What the nodes are checked for with O(state=checked). A V(removal) also loses the data on them.
    type: str
    choices: [change, removal]
    default: change
  timeout:
    description: With O(state=absent), for how many seconds to wait until a Node is gone.
    type: int
    default: 300
seealso:
  - module: mke4k.core.node_change
  - module: mke4k.core.preflight_report
"""

EXAMPLES = r"""
- name: See what would stop a drain of all workers
  mke4k.core.kube_node:
    names: "{{ groups['mke4k_workers'] }}"
    state: checked
    kubeconfig: ~/.mke/mke.kubeconf
  delegate_to: localhost
  run_once: true
  register: looked

- name: Empty a worker
  mke4k.core.kube_node:
    name: w1
    state: drained
    drain:
      timeout: 600
  delegate_to: localhost

- name: Mark the nodes with GPUs
  mke4k.core.kube_node:
    names: [w1, w2]
    labels:
      example.com/gpu: "true"
    taints:
      - key: example.com/gpu
        effect: NoSchedule
  delegate_to: localhost
"""

RETURN = r"""
nodes:
  description: What was done, or in check mode would be done, to each node.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The Node.
      type: str
    changed:
      description: Whether anything was changed.
      type: bool
    cordoned:
      description: Whether the Node is cordoned after O(state=cordoned), O(state=drained) or O(state=uncordoned).
      type: bool
    evicted:
      description: The pods that were moved, as namespace and name.
      type: list
      elements: str
    changes:
      description: The changes in words.
      type: list
      elements: str
  sample:
    - name: w1
      changed: true
      cordoned: true
      evicted: [shop/web-7d9f]
      changes: [cordoned, evicted shop/web-7d9f]
findings:
  description: What O(state=checked) found, as M(mke4k.core.preflight_report) takes it.
  returned: O(state=checked)
  type: list
  elements: dict
  sample:
    - severity: error
      name: pdb-blocks
      path: host w1
      message: >-
        PodDisruptionBudget shop/web would never let shop/web-7d9f go: it wants 1 of 1 pods healthy (minAvailable: 1)
      remedy: >-
        let it allow one disruption while nodes change (maxUnavailable: 1, or another replica)
      allowed: ""
api_requests:
  description: How many requests were sent to the API.
  returned: always
  type: int
"""
