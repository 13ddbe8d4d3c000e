#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0rdent
short_description: Run k0rdent in a cluster, adopt one that is there, or take it away
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Installs the chart of k0rdent as Helm release C(kcm) through k0s, and waits in the order in which it comes up - the
    C(Release), its templates, the C(Management), each of its components. Where a component is not ready, the message
    has what k0rdent says of it.
  - A k0rdent that somebody else has installed is found in whatever namespace it runs, and used as it is. It is neither
    installed again, nor upgraded, nor downgraded.
  - Adds providers of Cluster API that are missing to the C(Management). Never removes one.
  - Does nothing for releases without k0rdent (before 4.1.0), where C(k0rdent.enabled) is V(false), and where
    C(mke4k_layers) leaves it out.
options:
  state:
    description:
      - V(present) makes k0rdent what the options say.
      - V(absent) removes the C(Management) with all components, then the chart, then the namespace where this module
        has made it. It refuses, before anything is changed, as long as there is a C(ClusterDeployment), and for a
        k0rdent that somebody else has installed.
    type: str
    choices: [present, absent]
    default: present
  edition:
    description: Which k0rdent. MKE 4k has V(enterprise).
    type: str
    choices: [enterprise, oss]
    default: enterprise
  chart:
    description:
      - Reference of the chart (C(oci://...)) without a version.
      - Empty means that of the edition, in the registry of C(registries.chartRegistry) where that is not the one of
        Mirantis.
    type: str
    default: ""
  version:
    description: Exact version of the chart. Empty means that of the MKE release, or C(mke4k_k0rdent_version).
    type: str
    default: ""
  namespace:
    description:
      - The system namespace.
      - Empty means where k0rdent runs already, else V(k0rdent) for V(edition=enterprise) and V(kcm-system) for
        V(edition=oss).
    type: str
    default: ""
  registry:
    description:
      - A mirror that holds the images of k0rdent, and its charts below C(charts), as C(host/folder).
      - Empty means C(k0rdent-enterprise) on the host of C(registries.chartRegistry), where that is not the registry of
        Mirantis.
    type: str
    default: ""
  k0s_url:
    description: Where child clusters get their k0s binary, when not from Mirantis.
    type: str
    default: ""
  values:
    description: Helm values, merged over those that are made of C(mke4.yaml).
    type: dict
    default: {}
  providers:
    description:
      - Providers of Cluster API that have to be there, beside C(k0rdent.providers) of C(mke4.yaml). Each is a name, or
        a mapping with C(name) and C(config) (values of the provider's chart).
      - The C(Release) has to know them. After an installation all that it knows are there.
    type: list
    elements: raw
    default: []
  ui:
    description: Whether the web interface of k0rdent Enterprise runs.
    type: bool
    default: true
  ui_password:
    description:
      - Password of the user C(admin) of the web interface.
      - Empty means the one in the Secret C(mke4k-k0rdent-ui) of the system namespace, which is generated when it is not
        there. The chart's own default password is never used.
    type: str
    default: ""
  chart_timeout:
    default: 1200
  timeout:
    description: How long the C(Release) and all components, or the removal, may take, in seconds.
    type: int
    default: 1800
  wait:
    description:
      - Whether to wait until every component is ready. Providers can only be added once there is a C(Management), so
        without waiting a later run adds them.
    type: bool
    default: true
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
  - Secrets are shown in no diff and no result.
seealso:
  - module: mke4k.core.k0s_chart
  - module: mke4k.core.mke_operator
"""

EXAMPLES = r"""
- name: Run k0rdent with the providers that children in AWS need
  mke4k.core.k0rdent:
    config_file: mke4.yaml
    kubeconfig: ~/.mke/mke.kubeconf
    providers:
      - cluster-api-provider-aws
      - cluster-api-provider-k0sproject-k0smotron
  delegate_to: localhost
  register: k0rdent

- name: Show its components
  ansible.builtin.debug:
    msg: "{{ k0rdent.text }}"

- name: Take it away again
  mke4k.core.k0rdent:
    config_file: mke4.yaml
    kubeconfig: ~/.mke/mke.kubeconf
    state: absent
  delegate_to: localhost
"""

RETURN = r"""
chart:
  description: The chart.
  returned: when O(state=present)
  type: dict
  contains:
    name:
      description: Name of the Helm release.
      type: str
    reference:
      description: Reference of the chart, empty where somebody else has installed it.
      type: str
    version:
      description: Version of the chart, empty where nobody tells it.
      type: str
    action:
      description: V(created), V(updated), V(unchanged), or V(adopted) where somebody else has installed it.
      type: str
namespace:
  description: The system namespace.
  returned: success
  type: str
adopted:
  description: Whether somebody else has installed it.
  returned: when O(state=present)
  type: bool
components:
  description: Every component, in the order in which they come up.
  returned: when O(state=present)
  type: list
  elements: dict
  contains:
    name:
      description: Name of the component.
      type: str
    template:
      description: Its C(ProviderTemplate), which has the version in its name.
      type: str
    ready:
      description: Whether it is ready.
      type: bool
    message:
      description: Why it is not.
      type: str
providers:
  description: What clusters can be made with, as C(ClusterTemplate) objects ask for it.
  returned: when O(state=present)
  type: list
  elements: str
  sample: [bootstrap-k0sproject-k0smotron, infrastructure-aws]
ui_secret:
  description: Secret in the system namespace with the log-in of the web interface (C(username), C(password)).
  returned: when O(state=present)
  type: str
notes:
  description: What people should know about a k0rdent that was found.
  returned: when O(state=present)
  type: list
  elements: str
removed:
  description: What was removed, in that order.
  returned: when O(state=absent)
  type: list
  elements: str
  sample: [Management kcm, Helm release kcm, Namespace k0rdent]
text:
  description: The components as a table, a line each, and the notes.
  returned: success
  type: list
  elements: str
  sample: ["COMPONENT  TEMPLATE                  READY  MESSAGE", "kcm        k0rdent-enterprise-1-1-0  yes"]
api_requests:
  description: How many requests were sent to the API.
  returned: success
  type: int
"""
