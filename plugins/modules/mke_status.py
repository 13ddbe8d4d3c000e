#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mke_status
short_description: Show the services of an MKE 4k cluster
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Tells of every service whether it is ready, its version, and why it is not ready.
  - Reads what the release has to say - the status of the C(MkeConfig), Helm's record of the releases in its namespace,
    the workloads of each release, and k0rdent's C(MultiClusterService) objects.
extends_documentation_fragment:
  - mke4k.core._config
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.info
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
seealso:
  - module: mke4k.core.mke_operator
"""

EXAMPLES = r"""
- name: Look at the services
  mke4k.core.mke_status:
    config_file: mke4.yaml
  delegate_to: localhost
  register: status

- name: See that all are ready
  ansible.builtin.assert:
    that: status.services | rejectattr('ready') | length == 0
"""

RETURN = r"""
ready:
  description: Whether there are services and all of them are ready.
  returned: success
  type: bool
services:
  description: Every service.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the service.
      type: str
    kind:
      description: V(system) or V(user).
      type: str
    version:
      description: Version of its chart, empty where nobody tells it.
      type: str
    ready:
      description: Whether it is ready.
      type: bool
    message:
      description: Why it is not.
      type: str
text:
  description: The services as a table, a line each.
  returned: success
  type: list
  elements: str
  sample: ["SERVICE  KIND    VERSION  READY  MESSAGE", "ui       system  1.10.1   yes"]
api_requests:
  description: How many requests were sent to the API.
  returned: success
  type: int
"""
