#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: support_bundle
short_description: Pack what helps to find out what is wrong with a cluster
version_added: 0.1.0
description:
  - Packs what M(mke4k.core.k0s_support) collected on hosts together with what the API tells - the objects of every
    layer, events, and the logs of the pods that belong to the cluster - into one archive that its owner alone may read.
  - C(index.md) in it says what stands out, what is where, and what is missing for which reason. It works as well where
    hosts are unreachable and where the API is gone.
  - Of Secrets, and of users' ConfigMaps, only names and sizes are told. Their values, what C(mke4.yaml) calls secret,
    and what looks like a key or a token is masked everywhere, also in logs.
author:
  - mke4k.core contributors (@mke4k)
options:
  dest:
    description: The archive. By default C(mke4k-support-TIME.tar.gz) in the working directory.
    type: path
    default: ""
  parts:
    description: The folder with what M(mke4k.core.k0s_support) collected.
    type: path
  hosts:
    description:
      - The results of M(mke4k.core.k0s_support) by inventory name. A host without an archive in O(parts) is listed with
        the reason that its result tells.
    type: dict
    default: {}
  namespaces:
    description: Namespaces that belong to the cluster, beside those that are known to.
    type: list
    elements: str
    default: []
  cluster:
    description: Whether to ask the API.
    type: bool
    default: true
  timeout:
    description: How many seconds all questions to the API may take. What is not answered then is left out and listed.
    type: int
    default: 120
  request_timeout:
    default: 15
  mask:
    description: Texts that are to be masked wherever they stand.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - mke4k.core._config
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
attributes:
  check_mode:
    support: full
    details:
      - Collects the same and writes nothing.
  diff_mode:
    support: none
  idempotent:
    support: none
    details:
      - Each run makes a new bundle.
seealso:
  - module: mke4k.core.k0s_support
"""

EXAMPLES = r"""
- name: Pack what every host told
  mke4k.core.support_bundle:
    dest: /tmp/support.tar.gz
    hosts: "{{ dict(ansible_play_hosts_all | zip(ansible_play_hosts_all | map('extract', hostvars, 'collected'))) }}"
  delegate_to: "{{ groups.mke4k_controllers | first }}"
  become: true
  run_once: true
"""

RETURN = r"""
path:
  description: The archive.
  returned: success
  type: str
size:
  description: Its size in bytes.
  returned: success
  type: int
hosts:
  description: The hosts that something is in it of.
  returned: success
  type: list
  elements: str
missing:
  description: By host, and for V(cluster), why nothing is in it.
  returned: success
  type: dict
text:
  description: Where the bundle is and what is missing, a line each.
  returned: success
  type: list
  elements: str
api_requests:
  description: How many requests were sent to the API.
  returned: success
  type: int
"""
