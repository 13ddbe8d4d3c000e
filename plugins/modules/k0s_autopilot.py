#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_autopilot
short_description: Upgrade k0s by its own autopilot
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Makes a C(Plan) for the autopilot of k0s, tells what every node is at until all have the new version, and removes
    the C(Plan). Nodes load k0s themselves; controllers go first, one at a time, then workers, whose pods are moved
    away.
  - A C(Plan) of an earlier run that is still in work is followed to its end. One that this collection did not make is
    left alone, and the task fails.
  - The autopilot changes the binary and nothing else. It moves pods away for two minutes, and tries again for ever
    where they do not leave; then this module ends after O(stall_timeout).
options:
  version:
    description: The version of k0s that the hosts get.
    type: str
    required: true
  hosts:
    description:
      - The hosts that get it, by name, as M(mke4k.core.k0s_plan) has them in RV(mke4k.core.k0s_plan#module:plan.hosts).
        Each has C(role), C(node), C(address), and in C(binary) the C(url) with C(sha256) or C(checksum_url).
    type: dict
    required: true
  at_once:
    description: How many workers may be in work at a time.
    type: int
    default: 1
  timeout:
    description: How long the whole upgrade may take, in seconds.
    type: int
    default: 7200
  stall_timeout:
    description: How long nothing may move, in seconds.
    type: int
    default: 900
extends_documentation_fragment:
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: none
    details:
      - It upgrades the hosts that it is given, whatever they have. M(mke4k.core.k0s_plan) says which ones need it.
seealso:
  - module: mke4k.core.k0s_plan
"""

EXAMPLES = r"""
- name: Upgrade two hosts
  mke4k.core.k0s_autopilot:
    version: v1.33.13+k0s.0
    kubeconfig: ~/.mke/mke.kubeconf
    hosts:
      controller-1:
        role: controller
        node: ""
        address: 10.0.0.11
        binary: &binary
          url: https://files.example.com/k0s-v1.33.13+k0s.0-amd64
          sha256: 5cf26074fd3eb5d0ed087d96da1ff3a262e47b3c5ec1a64121652a18e33453e3
      worker-1:
        role: worker
        node: worker-1
        address: 10.0.0.21
        binary: *binary
  delegate_to: localhost
"""

RETURN = r"""
nodes:
  description: What every node of the Plan was at last, by its name.
  returned: always
  type: dict
  sample:
    controller-1: has the new k0s
    worker-1: has the new k0s
state:
  description: The state of the C(Plan) where it did not come to its end.
  returned: failure
  type: str
  sample: ApplyFailed
"""
