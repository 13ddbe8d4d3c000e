#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_recover
short_description: Make a cluster of one controller whose etcd has lost its quorum for good
version_added: 0.1.0
description:
  - Runs on the one controller whose data shall live on. Copies etcd's data, starts etcd once as a new cluster with that
    data, and then again as always. The API serves then, with this controller alone.
  - What only the lost members had written is lost with them. Wipe them before they are switched on again, and let them
    join anew. Two of three old members that meet would be a second cluster.
  - Does nothing where etcd serves, and refuses where enough members answer for a quorum.
author:
  - mke4k.core contributors (@mke4k)
options:
  keep:
    description: The folder on the host that gets a copy of etcd's data as it was. Only root can read it.
    type: path
    default: /var/lib/mke4k-recovery
  timeout:
    description: Seconds to wait for etcd, and then for the API server.
    type: int
    default: 120
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.platform_host
  - mke4k.core._k0s_host
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
seealso:
  - module: mke4k.core.k0s_member
  - module: mke4k.core.k0s_reset
"""

EXAMPLES = r"""
- name: Go on with the one controller that is left
  mke4k.core.k0s_recover:
  become: true
  delegate_to: n1
"""

RETURN = r"""
kept:
  description: Where etcd's data as it was is kept. Empty where nothing was done.
  returned: success
  type: str
  sample: /var/lib/mke4k-recovery/etcd-20261121T130000Z
members_before:
  description: >-
    The members of etcd before, each with id, name, peer_url, learner and answers. Empty where etcd did not run.
  returned: success
  type: list
  elements: dict
members:
  description: The members now. Empty in check mode.
  returned: success
  type: list
  elements: dict
"""

import socket
import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.node import this_machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.recover import RECOVER, Recovery
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.etcd import Etcd


def main() -> None:
    module = AnsibleModule(argument_spec=RECOVER, supports_check_mode=True)
    params = module.params
    recovery = Recovery(
        machine=this_machine(),
        read_etcd=lambda: Etcd(params["data_dir"]).read(socket.gethostname().lower()),
        stamp=lambda: time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()),
        data_dir=params["data_dir"],
        keep=params["keep"],
        timeout=float(params["timeout"]),
    )
    try:
        result = recovery.run(dry_run=module.check_mode)
    except K0sError as error:
        module.fail_json(**error.report())
    else:
        module.exit_json(**result)


if __name__ == "__main__":
    main()
