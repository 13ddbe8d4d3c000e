#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: child_cluster_info
short_description: Tell what child clusters there are, how far each is, and why it is not further
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Looks once at the objects of all children, one request a kind, and says of each in which phase it is, what its
    objects say about that, and which cause and remedy that has.
options:
  names:
    description: Only these children. Empty means all.
    type: list
    elements: str
    default: []
  namespace:
    description: Namespace of the children. Empty means that of MKE, or where k0rdent is found.
    type: str
    default: ""
extends_documentation_fragment:
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.controller
  - mke4k.core._attributes.info
  - mke4k.core._attributes.actiongroup_mke4k
seealso:
  - module: mke4k.core.child_cluster
"""

EXAMPLES = r"""
- name: Look at all children
  mke4k.core.child_cluster_info:
  register: children

- name: Show them
  ansible.builtin.debug:
    var: children.text
"""

RETURN = r"""
children:
  description: Every child, by name. M(mke4k.core.child_cluster) says what is in it.
  returned: success
  type: list
  elements: dict
  sample:
    - name: prod-eu
      namespace: k0rdent
      region: eu-west-3
      version: v4.1.2
      action: unchanged
      state: ready
      ready: true
      phase: Ready
      message: ""
      causes: []
      cluster_id: "kube-system:20d005f3-0d1d-4d3a-9b40-3a2c2f1c0f5e"
      kubeconfig_secret: prod-eu-kubeconfig
      external_address: "https://prod-eu-apiserver.elb.amazonaws.com:30001"
      nodes: 5/5
      seconds: 0.0
missing:
  description: Children that were named and are not there.
  returned: success
  type: list
  elements: str
version:
  description: The MKE release of the mothership, empty where it runs no MKE.
  returned: success
  type: str
text:
  description: A table of the children, a line each.
  returned: success
  type: list
  elements: str
api_requests:
  description: How many requests were sent to the API.
  returned: success
  type: int
"""
