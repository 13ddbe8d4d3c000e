#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: node_change
short_description: Change k0s on a host while its pods are elsewhere
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Cordons and drains the Node of the host, lets M(mke4k.core.k0s_node) change the host, waits until the Node is Ready
    with the new kubelet, takes the cordon off, and waits until the pods that were moved are back in number.
  - All of it is one task, so that with C(throttle) a play has a sliding window of so many hosts. A slow host does not
    hold the others.
  - A host on which k0s is not restarted is not drained. One that needs no change only loses a cordon that an earlier
    run left.
  - A failed drain takes the cordon off and fails the host, whose k0s is then not touched. After a failed change the
    Node stays cordoned until a later run succeeds.
  - Hosts whose turn comes after more than O(max_failures) others have failed refuse to begin.
  - In check mode it asks what would change and which pods would move, and does neither.
extends_documentation_fragment:
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._drain
  - mke4k.core._attributes
  - mke4k.core._attributes.full
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.platform_host
  - mke4k.core._attributes.controller
options:
  change:
    description: The options of M(mke4k.core.k0s_node).
    type: dict
    required: true
  node:
    description: The name of the host's Node. Unset, it is C(inventory_hostname). Empty, the host has none.
    type: str
  restarts:
    description:
      - Whether the change restarts k0s. Unset, M(mke4k.core.k0s_node) is asked first what it would do, which also
        proves that the host can be reached before its pods are moved.
    type: bool
  max_failures:
    description: How many other hosts of the O(batch) may have failed in this run before a host refuses to begin.
    type: int
    default: 0
  batch:
    description: Whose failures count together. Tasks with the same text share a count.
    type: str
    default: ""
  pause:
    description: For how many seconds to wait after a change that succeeded, before another host may begin.
    type: int
    default: 0
  ready_timeout:
    description: For how many seconds to wait until the Node is Ready after the change.
    type: int
    default: 300
notes:
  - The API has to be reachable from the control node, or through the connection to the host. A O(kubeconfig) has to be
    given, as workers have none of an administrator.
seealso:
  - module: mke4k.core.k0s_node
  - module: mke4k.core.kube_node
"""

EXAMPLES = r"""
- name: Bring the workers to another version, three at a time
  mke4k.core.node_change:
    change:
      role: worker
      version: v1.33.13+k0s.0
      binary:
        url: https://github.com/k0sproject/k0s/releases/download/v1.33.13%2Bk0s.0/k0s-v1.33.13%2Bk0s.0-amd64
        checksum_url: https://github.com/k0sproject/k0s/releases/download/v1.33.13%2Bk0s.0/sha256sums.txt
    drain:
      timeout: 600
    kubeconfig: ~/.mke/mke.kubeconf
  become: true
  throttle: 3
"""

RETURN = r"""
changes:
  description: What M(mke4k.core.k0s_node) changed on the host, or in check mode would.
  returned: success
  type: list
  elements: dict
node:
  description: What the host is at the end, as M(mke4k.core.k0s_node) returns it.
  returned: success
  type: dict
drained:
  description: Whether the node was drained.
  returned: always
  type: bool
evicted:
  description: The pods that were moved, or in check mode would be, as namespace and name.
  returned: always
  type: list
  elements: str
steps:
  description: The steps that were done, in order, with the seconds that each took.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: V(check), V(drain), V(change), V(ready), V(uncordon), V(owners) or V(pause).
      type: str
    seconds:
      description: How long it took.
      type: float
  sample:
    - name: drain
      seconds: 4.2
stopped_at:
  description: The step that failed; V(begin) where the host refused to begin because others had failed.
  returned: failure
  type: str
not_begun:
  description: Set where the host refused to begin, and nothing was done to it.
  returned: failure
  type: bool
api_requests:
  description: How many requests were sent to the API.
  returned: always
  type: int
"""
