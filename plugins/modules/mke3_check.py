#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mke3_check
short_description: Tell what stands between an MKE 3 and MKE 4k
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Reads an MKE 3 through its API and holds it against what Mirantis asks before it becomes an MKE 4k. Its version,
    Calico's datastore, the proxier, eBPF, a network plugin of its own, a recent backup, a cert-manager, two managers,
    and a kubeconfig of an earlier cluster.
  - This collection does not migrate. The migration is done by C(mkectl upgrade) of Mirantis.
  - What could not be read is a finding too, C(mke3-not-checked).
options:
  url:
    description: Where MKE 3 is, such as V(https://mke.example.com).
    type: str
    required: true
  username:
    description: An administrator of MKE 3.
    type: str
    default: admin
  password:
    description: The password. Empty means E(MKE3_PASSWORD).
    type: str
  validate_certs:
    description: Whether the certificate of MKE 3 has to be one of a known authority.
    type: bool
    default: true
  ca_path:
    description: File with the certificate of its authority.
    type: path
  kube_port:
    description: The port of the Kubernetes API of MKE 3, which is asked for a cert-manager.
    type: int
    default: 6443
  target:
    description: The release of MKE 4k that it is to become.
    type: str
    default: v4.1.2
  backup_days:
    description: How many days old the last backup may be.
    type: float
    default: 7
  kubeconfs:
    description: Files that must not be on the machine from which the migration is run, if that is the control node.
    type: list
    elements: path
    default: [~/.mke/mke.kubeconf]
requirements:
  - kubernetes >= 24.2.0 (Python, on the control node)
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.info
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
seealso:
  - module: mke4k.core.preflight_report
"""

EXAMPLES = r"""
- name: Look at an MKE 3
  mke4k.core.mke3_check:
    url: https://mke.example.com
    password: "{{ vault_mke3_password }}"
    target: v4.1.2
  delegate_to: localhost
  register: mke3

- name: Stop where it cannot be migrated
  mke4k.core.preflight_report:
    findings: "{{ mke3.findings }}"
"""

RETURN = r"""
eligible:
  description: Whether nothing of what was read forbids the migration.
  returned: success
  type: bool
target:
  description: The release of MKE 4k that it was held against.
  returned: success
  type: str
  sample: v4.1.2
mke3:
  description: What was read.
  returned: success
  type: dict
  contains:
    version:
      description: The version of MKE 3, empty where it does not tell.
      type: str
    calico_kdd:
      description: Whether Calico keeps its data in Kubernetes.
      type: bool
    proxier:
      description: How kube-proxy works, empty for the default.
      type: str
    managers:
      description: Names of the managers.
      type: list
      elements: str
    cert_managers:
      description: Deployments of a cert-manager, as namespace and name.
      type: list
      elements: str
    unread:
      description: What could not be read, and why.
      type: dict
findings:
  description: What is in the way, for M(mke4k.core.preflight_report).
  returned: success
  type: list
  elements: dict
"""
