#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_recovery
short_description: Plan how a k0s cluster goes on that has lost its quorum for good
version_added: 0.1.0
description:
  - Decides whether the quorum of etcd is really lost, whether the controller that was named has data to go on with, and
    what happens to the others.
  - Runs on the control node and connects to no host. It changes nothing, so it does the same in check mode.
author:
  - mke4k.core contributors (@mke4k)
options:
  survivor:
    description: The controller whose data lives on. Empty is an error that tells which there are.
    type: str
    default: ""
extends_documentation_fragment:
  - mke4k.core._config
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.info
  - mke4k.core._attributes.controller
  - mke4k.core._membership
seealso:
  - module: mke4k.core.k0s_recover
  - module: mke4k.core.k0s_removal
"""

EXAMPLES = r"""
- name: Plan to go on with n1
  mke4k.core.k0s_recovery:
    config_file: mke4.yaml
    survivor: n1
    nodes: "{{ dict(ansible_play_hosts | zip(ansible_play_hosts | map('extract', hostvars, 'node_info'))) }}"
    members: "{{ dict(ansible_play_hosts | zip(ansible_play_hosts | map('extract', hostvars, 'member_info'))) }}"
  run_once: true
  register: recovery
"""

RETURN = r"""
plan:
  description: The plan as the role P(mke4k.core.k0s#role) carries it out.
  returned: success
  type: dict
  contains:
    survivor:
      description: The controller that goes on.
      type: str
    wipe:
      description: Controllers with old data, which are wiped.
      type: list
      elements: str
    lost:
      description: Controllers that could not be reached.
      type: list
      elements: str
    repoint:
      description: The workers whose kubelet gets another API server, and which.
      type: dict
text:
  description: The plan in words, a line each.
  returned: success
  type: list
  elements: str
findings:
  description: What forbids the recovery (V(error)) or what should be known (V(warning)).
  returned: success
  type: list
  elements: dict
"""
