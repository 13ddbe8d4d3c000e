#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: drift_report
short_description: Tell where a cluster differs from its mke4.yaml
version_added: 0.1.0
description:
  - Puts together what an installation would change on the hosts, who is in the cluster without being in the file, and
    what the modules of the other layers said in check mode.
  - Fails where something differs, or could not be compared, so that the exit status of a playbook serves a monitor.
  - Runs on the control node. It changes nothing but the file O(dest).
author:
  - mke4k.core contributors (@mke4k)
options:
  plan:
    description: The result of M(mke4k.core.k0s_plan).
    type: dict
    required: true
  nodes:
    description: The results of M(mke4k.core.k0s_node_info) by inventory name.
    type: dict
    required: true
  layers:
    description:
      - By the name of a layer, the result of its module in check mode with diff, such as M(mke4k.core.calico). A result
        that failed is one that could not be compared; one that was skipped is none.
    type: dict
    default: {}
  dest:
    description: Where the report is written as JSON on the control node, for its owner alone. Empty for nowhere.
    type: path
    default: ""
  fail:
    description: Whether to fail where something differs or could not be compared.
    type: bool
    default: true
  request_timeout:
    default: 20
extends_documentation_fragment:
  - mke4k.core._config
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.info
  - mke4k.core._attributes.controller
seealso:
  - module: mke4k.core.k0s_plan
"""

EXAMPLES = r"""
- name: See what a later installation would change of the network
  mke4k.core.calico:
    config_file: mke4.yaml
  delegate_to: "{{ groups.mke4k_controllers | first }}"
  run_once: true
  check_mode: true
  diff: true
  ignore_errors: true # drift_report has the error, and the status unknown, so that other layers are still compared
  register: network

- name: Tell all differences
  mke4k.core.drift_report:
    config_file: mke4.yaml
    plan: "{{ planned }}"
    nodes: "{{ node_infos }}"
    layers:
      calico: "{{ network }}"
    dest: /var/lib/monitoring/mke4k-drift.json
  delegate_to: "{{ groups.mke4k_controllers | first }}"
  run_once: true
"""

RETURN = r"""
status:
  description: V(same), V(drifted), or V(unknown) where nothing differs but something could not be compared.
  returned: always
  type: str
differences:
  description: Each of them.
  returned: always
  type: list
  elements: dict
  contains:
    layer:
      description: The layer that it is in, such as V(k0s) or V(calico).
      type: str
    object:
      description: A host, a Node or an object of Kubernetes.
      type: str
    what:
      description: What differs. Lines with - are what is, those with + what should be.
      type: str
    status:
      description: V(drifted) or V(unknown).
      type: str
message:
  description: How much differs, or could not be compared. Empty where nothing does.
  returned: always
  type: str
  sample: The cluster differs from mke4.yaml in 2 places
cluster:
  description: The name of the cluster.
  returned: always
  type: str
path:
  description: Where the report was written, empty for nowhere.
  returned: always
  type: str
text:
  description: The differences as a table, a line each.
  returned: always
  type: list
  elements: str
  sample: ["Everything is as mke4.yaml says."]
api_requests:
  description: How many requests were sent to the API.
  returned: always
  type: int
"""
