#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_chart
short_description: Install, upgrade and remove Helm charts through k0s
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Gives k0s C(Chart) objects for all charts together, and waits until each runs in its version and with its values.
    No helm binary is needed. k0s installs one chart after the other, and undoes an install or upgrade that fails.
  - Believes only what the status of a C(Chart) proves, as k0s leaves an old status while it works.
  - A chart that failed is tried again at every run, also where k0s itself would not. A release that a controller left
    locked when it stopped is freed.
  - A failure says of each chart what Helm and the registry said, what that asks for, and which hook, pod or image is
    the cause.
  - What k0s would ignore (another chart, namespace or release under the same name), or take without a word (values that
    are not YAML, a version that is not exact), is refused before anything is changed.
  - Private registries need their authority and login on all controllers, which the role
    C(k0s) brings from C(registries.chartRegistry) of mke4.yaml; k0s 1.35 and later also take them from the
    O(charts[].repository).
options:
  charts:
    description: The charts.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the C(Chart) object in C(kube-system).
        type: str
        required: true
      chart:
        description: Reference of the chart, C(oci://host/path/name) or C(repository/name). Needed to install it.
        type: str
        default: ""
      version:
        description: >-
          Exact version, letter by letter as the chart has it; V(v1.2.3) is not V(1.2.3), and no range. Needed to
          install it.
        type: str
        default: ""
      release:
        description: Name of the Helm release. Empty means O(charts[].name).
        type: str
        default: ""
      namespace:
        description: Namespace of the release. It is made, and stays when the chart is removed.
        type: str
        default: default
      values:
        description: Values of the chart, as a mapping or as YAML text.
        type: raw
      default_values:
        description: Values below O(charts[].values). Mappings are merged, everything else is replaced.
        type: raw
      repository:
        description:
          - Where the chart is from, with login and authority, as C(spec.repository) of a C(Chart).
          - k0s has it since 1.35. For an older one it is refused.
        type: dict
      timeout:
        description: How long Helm waits for the objects of the chart, in seconds, before it undoes the install.
        type: int
        default: 600
      order:
        description: Kept in the C(Chart). O(engine=helm) installs in this order.
        type: int
        default: 0
  state:
    description:
      - V(present) installs and upgrades.
      - V(absent) uninstalls. Namespaces, and Jobs of hooks, stay, as Helm leaves them.
    type: str
    choices: [present, absent]
    default: present
  engine:
    description:
      - V(k0s) needs nothing but a k0s cluster.
      - V(helm) runs the helm binary of the control node, for a k0s that runs with C(--disable-components=helm), or for
        clusters that are not of k0s.
    type: str
    choices: [k0s, helm]
    default: k0s
  wait:
    description: Whether to wait until the charts are deployed, or gone.
    type: bool
    default: true
  timeout:
    description:
      - How long to wait for all charts together, in seconds.
      - V(0) means as long as all of them may take by their own timeouts, and 600 for a removal.
    type: int
    default: 0
  helm_binary:
    description: Path or name of helm, for O(engine=helm).
    type: path
    default: helm
  helm_ca_file:
    description: File with the authority of the registry, for O(engine=helm).
    type: path
  helm_registry_config:
    description: File with the login of the registry, as C(docker login) or C(helm registry login) write it, for
      O(engine=helm).
    type: path
extends_documentation_fragment:
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.full
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
seealso:
  - module: mke4k.core.kube_wait
"""

EXAMPLES = r"""
- name: Install a chart from a registry, and wait for it
  mke4k.core.k0s_chart:
    kubeconfig: ~/.mke/mke.kubeconf
    charts:
      - name: ingress
        chart: oci://registry.example.com/charts/ingress-nginx
        version: 4.13.2
        namespace: ingress
        values:
          controller:
            replicaCount: 2
  delegate_to: localhost

- name: Remove it
  mke4k.core.k0s_chart:
    kubeconfig: ~/.mke/mke.kubeconf
    charts:
      - name: ingress
    state: absent
  delegate_to: localhost

- name: Use the helm binary, with a registry of one's own
  mke4k.core.k0s_chart:
    kubeconfig: ~/.mke/mke.kubeconf
    engine: helm
    helm_ca_file: /etc/pki/registry.crt
    helm_registry_config: ~/.docker/config.json
    charts:
      - name: ingress
        chart: oci://registry.example.com/charts/ingress-nginx
        version: 4.13.2
        namespace: ingress
  delegate_to: localhost
"""

RETURN = r"""
charts:
  description: What became of each chart, in the order of O(charts). After a failure those that were waited for.
  returned: success, and when charts could not be deployed
  type: list
  elements: dict
  contains:
    name:
      description: Name of the C(Chart).
      type: str
    chart:
      description: Reference of the chart.
      type: str
    release:
      description: Name of the Helm release.
      type: str
    namespace:
      description: Namespace of the release.
      type: str
    wanted:
      description: The version that is asked for.
      type: str
    version:
      description: The version that runs. Empty where none does.
      type: str
    app_version:
      description: Version of what the chart installs, as the chart says.
      type: str
    revision:
      description: Revision of the release.
      type: int
    state:
      description: V(deployed), V(failed), V(working) or V(absent).
      type: str
    error:
      description: What k0s or Helm said about the failure.
      type: str
causes:
  description: What pods, Jobs and events of the charts' namespaces say.
  returned: when charts could not be deployed
  type: list
  elements: str
  sample: ["Pod web/web-app-1: image registry.example.com/web:9 can't be pulled (ErrImagePull): not found"]
lacking:
  description: What is missing, a line for each chart.
  returned: when charts could not be deployed through k0s
  type: list
  elements: str
api_requests:
  description: How many requests were sent to the API.
  returned: always
  type: int
"""
