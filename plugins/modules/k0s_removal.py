#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_removal
short_description: Plan the removal of hosts from a k0s cluster
version_added: 0.1.0
description:
  - Finds out what the cluster has of the hosts that are to leave, their Nodes, their members of etcd and what k0s keeps
    of them, whether they may leave, and through which controller they do.
  - Hosts are found by the name or address that the inventory, a Node or etcd has for them, so it works for hosts that
    are lost, and for those that C(mke4.yaml) has no more.
  - Runs on the control node and connects to no host. It changes nothing, so it does the same in check mode.
author:
  - mke4k.core contributors (@mke4k)
options:
  remove:
    description: The hosts that are to leave, as a list or as text with commas.
    type: raw
    required: true
  disruption:
    description:
      - How many workers may restart k0s at a time to reach the API through another controller, as a number or as a
        percentage of all workers.
    type: raw
    default: 10%
extends_documentation_fragment:
  - mke4k.core._config
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.info
  - mke4k.core._attributes.controller
  - mke4k.core._membership
seealso:
  - module: mke4k.core.k0s_node_info
  - module: mke4k.core.k0s_member
  - module: mke4k.core.kube_node
  - module: mke4k.core.k0s_reset
"""

EXAMPLES = r"""
- name: Look at every host
  mke4k.core.k0s_node_info:
  become: true
  ignore_unreachable: true
  register: node_info

- name: Ask the controllers who belongs to the cluster
  mke4k.core.k0s_member:
  become: true
  register: member_info
  when: inventory_hostname in groups.mke4k_controllers

- name: Plan the removal
  mke4k.core.k0s_removal:
    config_file: mke4.yaml
    remove: [n4]
    nodes: "{{ dict(ansible_play_hosts | zip(ansible_play_hosts | map('extract', hostvars, 'node_info'))) }}"
    members: "{{ dict(ansible_play_hosts | zip(ansible_play_hosts | map('extract', hostvars, 'member_info'))) }}"
  run_once: true
  register: removal
"""

RETURN = r"""
plan:
  description: The plan as the role P(mke4k.core.k0s#role) carries it out.
  returned: success
  type: dict
  contains:
    leader:
      description: The controller that stays and through which the others leave. Empty where there is none.
      type: str
    leavers:
      description: What leaves with each name that was given.
      type: list
      elements: dict
    drain:
      description: The Nodes whose pods are moved away. Those that are not Ready are not among them.
      type: list
      elements: str
    nodes:
      description: The Nodes that are deleted.
      type: list
      elements: str
    members:
      description: The ids of the members that leave etcd.
      type: list
      elements: str
    records:
      description: The controllers of which k0s is to keep nothing.
      type: list
      elements: str
    reset:
      description: The hosts from which k0s is taken.
      type: list
      elements: str
    repoint:
      description: The workers whose kubelet gets another API server, and which.
      type: dict
    at_once:
      description: How many of these restart k0s at a time.
      type: int
text:
  description: The plan in words, a line each.
  returned: success
  type: list
  elements: str
  sample:
    - Remove n4; n1 stays and leads.
    - n4 (worker)
    - "  move the pods away and delete the Node n4"
    - "  take k0s off the host"
findings:
  description: What forbids the removal (V(error)) or what should be known (V(warning)).
  returned: success
  type: list
  elements: dict
"""
