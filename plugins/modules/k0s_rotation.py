#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_rotation
short_description: Tell when the certificates of a k0s cluster end, and plan their renewal
version_added: 0.1.0
description:
  - Takes what M(mke4k.core.k0s_node_info) read on every host, and tells of every certificate how many days are left and
    whether it is due.
  - A certificate is due when it ends within O(before_days). One that lives shorter than three times that is due in the
    last third of its life, else it would be due for ever; that of a kubelet in the last tenth, as a kubelet renews its
    own before that.
  - Plans the order as well - controllers one at a time with the leader of etcd last, then workers. Controllers whose
    etcd certificates have ended come together, as none of them can serve without the others.
  - Runs on the control node and connects to no host. It changes nothing, so it does the same in check mode.
author:
  - mke4k.core contributors (@mke4k)
options:
  before_days:
    description: How many days before their end certificates are due.
    type: float
    default: 30.0
  issued_before:
    description:
      - What k0s issued before this time is due as well, such as V(2026-11-21T10:00:00Z).
      - With the same time a run that was ended goes on where it stopped, and another one changes nothing.
    type: str
    default: ""
  all:
    description: Everything that k0s has issued until now is due. The same as O(issued_before) with the time of now.
    type: bool
    default: false
  disruption:
    description: How many workers may restart k0s at a time, as a number or as a percentage of all workers.
    type: raw
    default: 10%
extends_documentation_fragment:
  - mke4k.core._planning
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.info
  - mke4k.core._attributes.controller
seealso:
  - module: mke4k.core.k0s_node_info
  - module: mke4k.core.k0s_rotate
"""

EXAMPLES = r"""
- name: Look at every host
  mke4k.core.k0s_node_info:
  become: true
  register: node_info

- name: Tell when certificates end
  mke4k.core.k0s_rotation:
    config_file: mke4.yaml
    nodes: "{{ dict(ansible_play_hosts | zip(ansible_play_hosts | map('extract', hostvars, 'node_info'))) }}"
    in_play: "{{ ansible_play_hosts }}"
  run_once: true
  register: rotation

- name: Show them
  ansible.builtin.debug:
    msg: "{{ rotation.table }}"
  run_once: true
"""

RETURN = r"""
certificates:
  description: Every certificate of every host. The first to end comes first.
  returned: success
  type: list
  elements: dict
  contains:
    host:
      description: The host in the inventory.
      type: str
    path:
      description: Its file on the host.
      type: str
    subject:
      description: Its common name.
      type: str
    not_before:
      description: When it begins.
      type: str
    not_after:
      description: When it ends.
      type: str
    days_left:
      description: Whole days until then, negative after it.
      type: int
    renewed_by:
      description: Who issues it anew - V(k0s) at each start of a controller, the V(kubelet) by itself, or nobody but a
        person (V(hand)).
      type: str
    reason:
      description: Why it is due, empty where it is not.
      type: str
ending:
  description: Those of RV(certificates) that end within O(before_days), also where nobody renews them yet.
  returned: success
  type: list
  elements: dict
table:
  description: RV(certificates) as a table, a line each.
  returned: success
  type: list
  elements: str
summary:
  description: Of every host the certificate that ends first, as a table.
  returned: success
  type: list
  elements: str
text:
  description: What would be renewed, and in which order.
  returned: success
  type: list
  elements: str
  sample: ["No certificate is due on 4 hosts."]
waves:
  description: The hosts that restart k0s together, in order.
  returned: success
  type: list
  elements: dict
api_is_gone:
  description: Whether certificates of etcd have ended, so that nobody has to expect an answer of the API.
  returned: success
  type: bool
peers:
  description: By controller, the addresses of the other controllers.
  returned: success
  type: dict
before_days:
  description: O(before_days), for M(mke4k.core.k0s_rotate).
  returned: success
  type: float
issued_before:
  description: The time of O(issued_before) or O(all) in seconds since the epoch, for M(mke4k.core.k0s_rotate).
  returned: success
  type: float
wait_for:
  description: What each host waits for after its restart.
  returned: success
  type: str
reminders:
  description: A warning for every host with certificates that end within O(before_days).
  returned: success
  type: list
  elements: dict
findings:
  description: What a restart cannot renew, and hosts that could not be read.
  returned: success
  type: list
  elements: dict
"""
