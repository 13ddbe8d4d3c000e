#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mke_release
short_description: Tell whether a cluster may become the MKE release of mke4.yaml
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Compares the C(MkeConfig) of the cluster with C(mke4.yaml) - the release of each, whether Mirantis supports the way
    from one to the other, what cannot be changed any more, and what the change brings with it.
  - Changes nothing. Does nothing where the services of MKE are no layer of the run.
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
  - module: mke4k.core.preflight_report
"""

EXAMPLES = r"""
- name: Ask whether the cluster may be upgraded
  mke4k.core.mke_release:
    config_file: mke4.yaml
    kubeconfig: ~/.mke/mke.kubeconf
  delegate_to: localhost
  register: release

- name: Report what is in the way
  mke4k.core.preflight_report:
    findings: "{{ release.findings }}"
"""

RETURN = r"""
current:
  description: The release that the cluster has. Empty where it has no C(MkeConfig), or one of an unknown release.
  returned: success
  type: str
  sample: v4.1.1
target:
  description: The release of C(mke4.yaml).
  returned: success
  type: str
  sample: v4.1.2
findings:
  description: What forbids the change (V(error)) or should be known about it (V(warning)).
  returned: success
  type: list
  elements: dict
text:
  description: The change in one line.
  returned: success
  type: str
  sample: MKE goes from v4.1.1 to v4.1.2.
"""
