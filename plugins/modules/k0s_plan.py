#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_plan
short_description: Plan what a run would change on the hosts of a k0s cluster
version_added: 0.1.0
description:
  - Compares what C(mke4.yaml) asks for with what M(mke4k.core.k0s_node_info) read on every host, and decides what
    changes on which host, in which order, and whether anything forbids it.
  - Runs on the control node and connects to no host. It changes nothing, so it does the same in check mode.
author:
  - mke4k.core contributors (@mke4k)
options:
  disruption:
    description: How many workers may restart at a time, as a number or as a percentage of all workers.
    type: raw
    default: 10%
  fan_out_above:
    description:
      - Up to so many hosts get a large file from its source. More of them get it from each other.
    type: int
    default: 4
  waive:
    description: Names of findings that do not stop the run.
    type: list
    elements: str
    default: []
  purpose:
    description:
      - V(install) plans joins and changes, and refuses to change the version of a cluster's members
        (C(version-changes)).
      - V(upgrade) plans the way of members to another version and takes in no host.
    type: str
    choices: [install, upgrade]
    default: install
  only:
    description: The only hosts that an upgrade is about. Empty means all.
    type: list
    elements: str
    default: []
  canary:
    description: The workers that an upgrade begins with, as a list of names, as text with commas, or as a number.
    type: raw
    default: 0
  backup:
    description: Whether the text of an upgrade tells of a backup before it.
    type: bool
    default: false
extends_documentation_fragment:
  - mke4k.core._planning
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.info
  - mke4k.core._attributes.controller
seealso:
  - module: mke4k.core.k0s_node_info
  - module: mke4k.core.k0s_node
"""

EXAMPLES = r"""
- name: Look at every host
  mke4k.core.k0s_node_info:
  become: true
  register: node_info

- name: Plan the changes
  mke4k.core.k0s_plan:
    config_file: mke4.yaml
    nodes: "{{ dict(ansible_play_hosts | zip(ansible_play_hosts | map('extract', hostvars, 'node_info'))) }}"
  run_once: true
  register: planned

- name: Show the plan
  ansible.builtin.debug:
    msg: "{{ planned.text }}"
  run_once: true
"""

RETURN = r"""
plan:
  description: The plan as the role P(mke4k.core.k0s#role) carries it out. Holds no secret.
  returned: success
  type: dict
  contains:
    leader:
      description: The controller that opens the cluster for others.
      type: str
    new_cluster:
      description: Whether the leader starts a new cluster.
      type: bool
    changing:
      description: The hosts that change.
      type: list
      elements: str
    fan_out:
      description:
        - Which hosts get the V(binary) and the V(images) from their source (C(first)), which from others (C(rest)), and
          the C(files) by host.
      type: dict
    waves:
      description: The hosts that change together, in order, in the stages V(before), V(join) and V(after).
      type: dict
    hosts:
      description: Role, address, name of its Node, whether it serves, changes and probes of every host.
      type: dict
    server:
      description: The URL of the API for an administrator.
      type: str
    servers:
      description: URLs of all controllers that serve. Empty with C(externalAddress).
      type: list
      elements: str
    marks:
      description: By host the labels, annotations and taints of its Node, where it lacks some or is not there yet.
      type: dict
    upgrade:
      description:
        - With O(purpose=upgrade), the hosts by step - C(controllers), C(canary) and C(workers), and together C(hosts) -
          and C(target), C(versions), C(drained), C(cordoned), C(left) and C(at_once).
      type: dict
text:
  description: The plan in words, a line each.
  returned: success
  type: list
  elements: str
  sample:
    - 1 of 3 hosts change; n1 leads.
    - n3 (worker, 10.0.0.13)
    - "  start k0sworker: is started for the first time"
status:
  description: A table of all hosts, a line each.
  returned: success
  type: list
  elements: str
findings:
  description: What forbids the plan (V(error)) or what should be known (V(warning)).
  returned: success
  type: list
  elements: dict
stopped:
  description: Whether one of RV(findings) is an error that is not waived.
  returned: success
  type: bool
"""
