#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_reset_plan
short_description: Plan the reset of a whole cluster
version_added: 0.1.0
description:
  - Puts together what M(mke4k.core.k0s_reset) would do on each host, in which order, what speaks against it, and
    whether it was confirmed with the name of the cluster.
  - Runs on the control node and connects to no host. It changes nothing, so it does the same in check mode.
author:
  - mke4k.core contributors (@mke4k)
options:
  cluster:
    description: Name of the cluster.
    type: str
    required: true
  controllers:
    description: The hosts that are controllers, by inventory name, in order.
    type: list
    elements: str
    required: true
  hosts:
    description: All hosts that C(mke4.yaml) has. Those that are not in O(found) would be left behind.
    type: list
    elements: str
    default: []
  found:
    description: >-
      The results of M(mke4k.core.k0s_reset) in check mode by inventory name, also of hosts that are out of reach.
    type: dict
    required: true
  confirm:
    description: What the user has typed. A reset may begin where it is O(cluster).
    type: str
    default: ""
  ignore_unreachable:
    description: Names of hosts that may be out of reach, as a list or as text with commas, or V(true) for all.
    type: raw
    default: false
  children:
    description: What happens to child clusters.
    type: str
    choices: [refuse, delete, leave]
    default: refuse
  may_have_children:
    description: Whether the cluster can have child clusters.
    type: bool
    default: false
  kubeconfig:
    description: The kubeconfig of the administrator on the control node, to tell that it stays.
    type: str
    default: ""
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.info
  - mke4k.core._attributes.controller
seealso:
  - module: mke4k.core.k0s_reset
"""

EXAMPLES = r"""
- name: See what a reset would do
  mke4k.core.k0s_reset:
  become: true
  check_mode: true
  ignore_unreachable: true
  register: found

- name: Plan it
  mke4k.core.k0s_reset_plan:
    cluster: mke
    controllers: "{{ groups['mke4k_controllers'] }}"
    found: "{{ dict(ansible_play_hosts_all | zip(ansible_play_hosts_all | map('extract', hostvars, 'found'))) }}"
  run_once: true
  register: reset
"""

RETURN = r"""
plan:
  description: What is done, in order.
  returned: success
  type: dict
  contains:
    waves:
      description: Hosts that are reset at the same time, once those before are.
      type: list
      elements: dict
      contains:
        title:
          description: What is done.
          type: str
        hosts:
          description: On which hosts.
          type: list
          elements: str
        needs:
          description: The hosts that come before.
          type: list
          elements: str
    leader:
      description: A controller that runs, empty where none does.
      type: str
    changing:
      description: All hosts that change.
      type: list
      elements: str
text:
  description: The plan for people, in lines.
  returned: success
  type: list
  elements: str
staying:
  description: What a reset does not reach. Empty without O(kubeconfig).
  returned: success
  type: str
findings:
  description: What speaks against it, for M(mke4k.core.preflight_report).
  returned: success
  type: list
  elements: dict
refusal:
  description: What the user has to type. Empty where that was done, and where there is nothing to reset.
  returned: success
  type: str
"""
