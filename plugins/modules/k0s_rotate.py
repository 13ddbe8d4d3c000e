#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_rotate
short_description: Renew the certificates of a k0s host
version_added: 0.1.0
description:
  - Restarts k0s on this host if one of its certificates is due, waits until the host serves again, and sees that each
    of them was renewed. Without one that is due it does nothing.
  - k0s issues the certificates of its components anew at each start of a controller. A kubelet renews its own; one that
    is nearly over although its kubelet should have renewed it is asked for again by the restart.
  - Before a controller restarts, all members of etcd must be healthy. Where etcd's own certificates have ended, that
    cannot be asked for, and the restart is the way back.
  - Pods keep running while k0s restarts.
  - Authorities are not renewed.
author:
  - mke4k.core contributors (@mke4k)
options:
  before_days:
    description: How many days before their end certificates are due, as in M(mke4k.core.k0s_rotation).
    type: float
    default: 30.0
  issued_before:
    description:
      - What k0s issued before this time is due as well, in seconds since the epoch. V(0) for nothing more.
    type: float
    default: 0.0
  peers:
    description: The addresses of the other controllers.
    type: list
    elements: str
    default: []
  wait_for:
    description:
      - V(connected) where nothing but the network plugin may be missing.
      - V(serving) where the host does its whole work.
    type: str
    choices: [connected, serving]
    default: serving
  wait_timeout:
    description: How many seconds the host may take to serve again.
    type: int
    default: 300
  kubelet_timeout:
    description: How many seconds the cluster may take to sign what the kubelet asks for.
    type: int
    default: 120
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.platform_host
  - mke4k.core._k0s_host
  - mke4k.core._k0s_host.binary
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
seealso:
  - module: mke4k.core.k0s_rotation
"""

EXAMPLES = r"""
- name: Renew what ends within sixty days
  mke4k.core.k0s_rotate:
    before_days: 60
    peers: [10.0.0.12, 10.0.0.13]
  become: true
  throttle: 1
"""

RETURN = r"""
due:
  description: The certificates that were due, as M(mke4k.core.k0s_node_info) tells them, each with its C(reason).
  returned: success
  type: list
  elements: dict
renewed:
  description: Those that took their place. Empty in check mode.
  returned: success
  type: list
  elements: dict
notes:
  description: What should be known about the restart, such as that the API was away during it.
  returned: success
  type: list
  elements: str
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.node import this_machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.rotate.options import ROTATE
from ansible_collections.mke4k.core.plugins.module_utils._k0s.rotate.renew import Renewal, renew


def main() -> None:
    module = AnsibleModule(argument_spec=ROTATE, supports_check_mode=True)
    try:
        result = renew(Renewal.from_params(module.params), this_machine(), dry_run=module.check_mode)
    except K0sError as error:
        module.fail_json(**error.report())
    else:
        for note in result["notes"]:
            module.warn(note)
        module.exit_json(**result)


if __name__ == "__main__":
    main()
