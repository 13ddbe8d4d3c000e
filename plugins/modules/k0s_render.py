#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_render
short_description: Render what the hosts of a k0s cluster should be
version_added: 0.1.0
description:
  - Renders C(k0s.yaml), flags, files and the source of the binary for every host from C(mke4.yaml) and from what
    M(mke4k.core.k0s_node_info) read. The result is what M(mke4k.core.k0s_node) takes.
  - The result holds the secrets of C(mke4.yaml), so use C(no_log) on the task.
  - Runs on the control node and connects to no host. It changes nothing, so it does the same in check mode.
author:
  - mke4k.core contributors (@mke4k)
options:
  hosts:
    description: The hosts to render. Empty means all that were read.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - mke4k.core._planning
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.info
  - mke4k.core._attributes.controller
seealso:
  - module: mke4k.core.k0s_plan
  - module: mke4k.core.k0s_node
"""

EXAMPLES = r"""
- name: Render every host
  mke4k.core.k0s_render:
    config_file: mke4.yaml
    nodes: "{{ dict(ansible_play_hosts | zip(ansible_play_hosts | map('extract', hostvars, 'node_info'))) }}"
  run_once: true
  no_log: true
  register: rendered
"""

RETURN = r"""
nodes:
  description: The options of M(mke4k.core.k0s_node) by inventory name. Holds secrets.
  returned: success
  type: dict
"""
