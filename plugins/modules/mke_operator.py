#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mke_operator
short_description: Run mke-operator with the MkeConfig of mke4.yaml
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Installs the chart of mke-operator, applies the C(MkeConfig) of C(mke4.yaml), and waits until the operator says that
    every service is ready.
  - The C(MkeConfig) gets what the file says and no default, by server-side apply, so that values which the operator
    fills in are its own and no difference. Fields that this collection does not know are passed through.
  - Fields that are fixed once the cluster exists are compared with the C(MkeConfig) in the cluster before anything is
    changed.
  - An mke-operator that somebody else has installed is left as it is; only its C(MkeConfig) is applied.
  - Does nothing for releases without a chart of mke-operator (before 4.1.0), and where C(mke4k_layers) leaves it out.
options:
  chart:
    description:
      - Reference of the chart of mke-operator (C(oci://...)), without a version, which is that of the release or
        C(mke4k_operator_chart_version).
      - Empty means C(mke-operator) below C(registries.chartRegistry.url). Mirantis does not publish the reference;
        C(mkectl airgap list-charts) shows that of a release.
    type: str
    default: ""
  timeout:
    description: How long the operator and all services may take after that, in seconds.
    type: int
    default: 1800
  wait:
    description: Whether to wait for the operator and the services.
    type: bool
    default: true
  license:
    description: Text of the licence, instead of C(license.token) of the file.
    type: str
    default: ""
  license_file:
    description: Path of the licence on the control node.
    type: path
  certificates:
    description: The certificates that users see, instead of C(certificates) of the file.
    type: dict
    suboptions:
      ca:
        description: Certificate of the authority, PEM text.
        type: str
      cert:
        description: Certificate, PEM text.
        type: str
      key:
        description: Key of the certificate, PEM text.
        type: str
      ca_file:
        description: Path of the authority's certificate on the control node.
        type: path
      cert_file:
        description: Path of the certificate on the control node.
        type: path
      key_file:
        description: Path of the key on the control node.
        type: path
extends_documentation_fragment:
  - mke4k.core._config
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.full
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
  - mke4k.core._charts
notes:
  - From 4.2.0 on the licence goes into a Secret that the C(MkeConfig) names. Earlier releases have no other place for
    secrets than the C(MkeConfig) itself; they are shown in no diff and no result.
seealso:
  - module: mke4k.core.mke_admin
  - module: mke4k.core.mke_status
"""

EXAMPLES = r"""
- name: Run mke-operator with the MkeConfig of a file
  mke4k.core.mke_operator:
    config_file: mke4.yaml
    license_file: mke.lic
    kubeconfig: ~/.mke/mke.kubeconf
  delegate_to: localhost
  register: operator

- name: Show the services
  ansible.builtin.debug:
    msg: "{{ operator.text }}"
"""

RETURN = r"""
chart:
  description: The chart, empty where there is none to install.
  returned: success
  type: dict
  contains:
    name:
      description: Name of the C(Chart) object.
      type: str
    reference:
      description: Reference of the chart.
      type: str
    version:
      description: Version of the chart.
      type: str
    action:
      description: V(created), V(updated), V(unchanged), or V(adopted) where somebody else had installed it.
      type: str
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
