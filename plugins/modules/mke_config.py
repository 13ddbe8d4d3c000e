#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mke_config
short_description: Check an mke4.yaml and show the cluster in it
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Reads a C(MkeConfig) of any release that had one, checks all of it, and returns what the other tasks of a play
    need to know - the hosts with their groups and connection variables, and the settings of the cluster.
  - All mistakes are reported in one failure, each with its place in the file, its value, what is allowed, and what
    to do.
  - It runs on the control node only and needs no hosts, so that it also serves a pipeline that checks a file before
    it is merged.
  - The file is taken from O(config), O(config_file), the variables C(mke4k_config) and C(mke4k_config_file), the
    variables C(apiVersion), C(kind), C(metadata) and C(spec) that C(-e @mke4.yaml) makes, or those of a flat file
    of 2024, in this order.
  - Where the inventory has hosts in the groups C(mke4k_controllers) and C(mke4k_workers), they are the hosts of the
    cluster. The variables C(mke4k_controllers_group) and C(mke4k_workers_group) name other groups. A host's
    variables C(mke4k_role), C(mke4k_address) and C(mke4k_host) (the fields of an entry of C(spec.hosts)) say more
    about it.
  - The variables C(mke4k_release), C(mke4k_k0s_version), C(mke4k_calico_version), C(mke4k_k0rdent_version),
    C(mke4k_operator_image_version) and C(mke4k_operator_chart_version) win over what the release says.
    Empty ones count as unset.
  - The variable C(mke4k_layers), a list or text with commas, says how far a run goes.
options:
  config:
    description:
      - The C(MkeConfig), as a mapping or as YAML text. An empty one counts as not given.
    type: raw
  config_file:
    description:
      - The path of the file on the control node. It may be encrypted with Ansible Vault. A relative path starts at
        the playbook, else at the working folder.
      - Nothing in it is rendered as a template.
    type: path
  strict:
    description:
      - Fail on warnings too.
    type: bool
    default: false
  waive:
    description:
      - Names of findings that are accepted. Warnings are not shown then, and do not fail with O(strict=true).
      - Of the errors only C(ssh-key-missing) can be waived.
    type: list
    elements: str
    default: []
  whole_play:
    description:
      - Fail where the play around the task cannot change a cluster as a whole - it has C(serial) and sees a part of its
        hosts, its strategy lets hosts run on without each other, or its hosts belong to several clusters.
    type: bool
    default: false
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.info
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
notes:
  - A C(keyPath) that is not on the control node is a warning where an agent, C(ansible_ssh_private_key_file), a
    password or a machine credential of AWX serves, and an error named C(ssh-key-missing) where nothing does. It is
    left out of the connection variables.
seealso:
  - module: mke4k.core.k0s_kubeconfig
  - plugin: mke4k.core.mke4
    plugin_type: inventory
"""

EXAMPLES = r"""
- name: Check a file before it is merged
  mke4k.core.mke_config:
    config_file: clusters/berlin/mke4.yaml
    strict: true
    waive:
      - ssh-key-missing
  delegate_to: localhost

- name: Take the hosts of -e @mke4.yaml into the inventory
  mke4k.core.mke_config:
  delegate_to: localhost
  register: cluster

- name: Show what is in it
  ansible.builtin.debug:
    msg: "{{ cluster.name }} is {{ cluster.release }} with {{ cluster.controllers | length }} controllers"
"""

RETURN = r"""
name:
  description: Name of the cluster.
  returned: success
  type: str
  sample: mke
namespace:
  description: Namespace of the C(MkeConfig).
  returned: success
  type: str
  sample: mke
release:
  description: The release of MKE 4k.
  returned: success
  type: str
  sample: v4.1.2
k0s_version:
  description: The version of k0s.
  returned: success
  type: str
  sample: v1.32.8+k0s.0
layers:
  description:
    - The layers that a run is about, in their order - those of the release, or those of them that the variable
      C(mke4k_layers) names.
  returned: success
  type: list
  elements: str
  sample: [k0s, calico, k0rdent, mke_operator]
form:
  description: Whether the file has an envelope or is a flat file of 2024.
  returned: success
  type: str
  sample: envelope
origin:
  description: Where the file came from, in words.
  returned: success
  type: str
  sample: /srv/mke4.yaml
findings:
  description: Everything that was found, also what was waived.
  returned: always
  type: list
  elements: dict
  contains:
    severity:
      description: V(error) or V(warning).
      type: str
    name:
      description: The name by which it can be waived.
      type: str
    path:
      description: The place in the file.
      type: str
    message:
      description: What is wrong.
      type: str
    allowed:
      description: What is allowed there.
      type: str
    remedy:
      description: What to do.
      type: str
controllers:
  description: Names of the hosts that are controllers, in the file's order.
  returned: success
  type: list
  elements: str
workers:
  description: Names of the hosts that are only workers.
  returned: success
  type: list
  elements: str
hosts:
  description: The hosts, ready for M(ansible.builtin.add_host).
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name in the inventory.
      type: str
    address:
      description: Address for SSH.
      type: str
    role:
      description: Role in the cluster.
      type: str
    groups:
      description: The groups it belongs to.
      type: list
      elements: str
    connection:
      description:
        - Connection variables from the file, such as C(ansible_host). A host that is in the inventory has its own.
      type: dict
    paths:
      description: Files that the collection manages on the host.
      type: list
      elements: str
paths:
  description: Files that the collection manages on any of the hosts.
  returned: success
  type: list
  elements: str
cluster:
  description: Settings of the cluster, defaults filled in.
  returned: success
  type: dict
  contains:
    pod_cidr:
      description: Network of the pods.
      type: str
    service_cidr:
      description: Network of the services.
      type: str
    external_address:
      description: Name or address of the API for users, empty when the file has none.
      type: str
    api_port:
      description: Port of the API.
      type: int
    data_dir:
      description: The folder of k0s on the hosts.
      type: str
    kubelet_root_dir:
      description: The folder of the kubelet on the hosts.
      type: str
    node_port_range:
      description: Ports of services of type NodePort.
      type: str
    versions:
      description: The version of every component that the release names.
      type: dict
"""
