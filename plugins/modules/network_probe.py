#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: network_probe
short_description: Let pods on several nodes reach each other and a Service
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Starts a server and a client on up to two managers and two workers, each of them also on nodes with taints. Every
    client connects to every server, and to a Service before them.
  - Fails with the ways that do not work when not all of them do in time, and with the image, pod or node that is the
    cause where there is one.
  - Everything is in a namespace of its own, which is deleted at the end, also after a failure. What a run that was
    killed has left behind is deleted by the next.
  - Where there is no kube-proxy no Service is tried, and a warning says so.
  - Remembers in the ConfigMap C(mke4k-network) of the namespace C(kube-system) that the network was confirmed once. See
    RV(mke4k.core.calico#module:probe_due).
options:
  port:
    description: The port on which servers and the Service listen. No port of the hosts themselves is used.
    type: int
    default: 80
  image:
    description:
      - Image of the pods, which must have C(agnhost) as its entry point.
      - Empty means V(registry.k8s.io/e2e-test-images/agnhost:2.53), and C(agnhost:2.53) below
        C(registries.imageRegistry.url) where that is a registry of your own.
    type: str
    default: ""
  timeout:
    description: How long all of it may take, in seconds.
    type: int
    default: 600
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
      - Starts no pods.
  diff_mode:
    support: none
  idempotent:
    support: full
    details:
      - It is changed only when the network was confirmed for the first time.
seealso:
  - module: mke4k.core.calico
"""

EXAMPLES = r"""
- name: Look whether pods reach each other
  mke4k.core.network_probe:
    config_file: mke4.yaml
    kubeconfig: ~/.mke/mke.kubeconf
    timeout: 120
  delegate_to: localhost

- name: Look with an image from a registry without a login
  mke4k.core.network_probe:
    image: registry.example.com/tools/agnhost:2.53
    port: 8080
  delegate_to: localhost
"""

RETURN = r"""
nodes:
  description: The nodes that had pods.
  returned: success
  type: list
  elements: str
  sample: [manager-1, manager-2, worker-1, worker-2]
ways:
  description: How many connections were tried; all of them work.
  returned: success
  type: int
  sample: 20
service:
  description: Whether a Service was tried too.
  returned: success
  type: bool
lacking:
  description: What does not work, a line for each pod.
  returned: failure
  type: list
  elements: str
  sample: ["client on worker-1: to-manager-1: TIMEOUT"]
causes:
  description: What pods and events of the probe say about it.
  returned: failure
  type: list
  elements: str
text:
  description: The result in words.
  returned: success
  type: list
  elements: str
  sample: ["Pods on manager-1, worker-1 reach each other and a Service."]
api_requests:
  description: How many requests were sent to the API.
  returned: success
  type: int
"""
