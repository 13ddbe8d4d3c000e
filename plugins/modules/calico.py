#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: calico
short_description: Bring the pods' network as mke4.yaml says
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - From 4.1.0 on, installs the chart of the Tigera operator that belongs to the release, with the settings of
    C(network.providers[]), and waits until Calico and all nodes are ready. Its pods use VXLAN on port 4789, blocks of
    /26, and the Kubernetes API as datastore.
  - For earlier releases, and for the provider C(kuberouter), k0s brings the network. For the provider C(custom) you
    do. Then nothing is installed; the module waits until all nodes have a network.
  - Holds the network against what C(mke4.yaml) asks for. A setting that is another one is an error.
  - Refuses another network plugin or another range of addresses on a live cluster.
  - Calico that somebody else has installed, C(mkectl) for one, is left as it is; what differs is a warning.
options:
  chart:
    description:
      - Reference of the chart of the Tigera operator (C(oci://...)), without a version, which is that of the release or
        C(mke4k_calico_version).
      - Empty means C(mirrored-chart-tigera-operator) below C(registries.chartRegistry.url).
    type: str
    default: ""
  vxlan_vni:
    description:
      - The VXLAN network identifier. Only used where the Tigera operator runs Calico.
      - Mirantis' documentation says 4096. The file that C(mkectl init) writes has had 10000 since rc.1; choose that for
        a cluster which C(mkectl) has installed.
    type: int
    default: 4096
  timeout:
    description: How long the network and the nodes may take after that, in seconds.
    type: int
    default: 600
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
  - In check mode it also shows the network of a cluster as it is, and what differs from C(mke4.yaml), without failing.
seealso:
  - module: mke4k.core.network_probe
  - module: mke4k.core.k0s_chart
"""

EXAMPLES = r"""
- name: Bring Calico as a file says
  mke4k.core.calico:
    config_file: mke4.yaml
    kubeconfig: ~/.mke/mke.kubeconf
  delegate_to: localhost
  register: network

- name: Let pods reach each other after an installation
  mke4k.core.network_probe:
    config_file: mke4.yaml
    kubeconfig: ~/.mke/mke.kubeconf
  delegate_to: localhost
  when: network.probe_due

- name: Show the network
  ansible.builtin.debug:
    msg: "{{ network.text }}"
"""

RETURN = r"""
chart:
  description: The chart, empty where none brings the network.
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
network:
  description: The network as it is. Empty in check mode where there is no cluster yet.
  returned: success
  type: dict
  contains:
    engine:
      description: Who runs it, V(tigera), V(k0s-calico), V(kuberouter) or V(custom).
      type: str
    version:
      description: Version of Calico.
      type: str
    pools:
      description: The ranges of addresses of pods.
      type: list
      elements: dict
    vxlan_port:
      description: UDP port of VXLAN, V(0) where it is not known.
      type: int
    vxlan_vni:
      description: VXLAN network identifier, V(0) where it is not known.
      type: int
    linux_dataplane:
      description: The dataplane.
      type: str
    kube_proxy_mode:
      description: Mode of kube-proxy, empty where there is none.
      type: str
    nodes:
      description: How many nodes there are.
      type: int
    nodes_ready:
      description: How many of them are ready.
      type: int
    tigerastatus:
      description: The parts of Calico, each with C(name), C(available) and C(message).
      type: list
      elements: dict
differences:
  description: What is not as C(mke4.yaml) asks for. Outside of check mode only for Calico of somebody else.
  returned: success
  type: list
  elements: str
  sample: ["FelixConfiguration default: vxlanVNI is 10000, not 4096"]
lacking:
  description: What is not ready. Only in check mode there can be some.
  returned: success
  type: list
  elements: str
probe_due:
  description: Whether pods have not yet shown that they reach each other over this network.
  returned: success
  type: bool
text:
  description: The network as a table, a line each.
  returned: success
  type: list
  elements: str
  sample: ["NETWORK      VALUE", "provider     calico", "pods         192.168.0.0/16, VXLAN, blocks of /26"]
api_requests:
  description: How many requests were sent to the API.
  returned: success
  type: int
"""
