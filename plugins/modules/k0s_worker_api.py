#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_worker_api
short_description: Let a k0s worker reach the API through another controller
version_added: 0.1.0
description:
  - Without a load balancer a worker talks to the one controller that its join token named. Before that controller
    leaves, its workers are to be given another.
  - Writes the server into C(kubelet.conf) of the worker, restarts k0s there, and waits until its Node reports again.
    Containers go on meanwhile.
author:
  - mke4k.core contributors (@mke4k)
options:
  server:
    description: URL of the API server.
    type: str
    required: true
  timeout:
    description: Seconds to wait until the Node reports again.
    type: int
    default: 300
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
  - module: mke4k.core.k0s_removal
"""

EXAMPLES = r"""
- name: Reach the API through the second controller
  mke4k.core.k0s_worker_api:
    server: https://10.0.0.12:6443
  become: true
"""

RETURN = r"""
server:
  description: Where the worker reaches the API now.
  returned: success
  type: str
  sample: https://10.0.0.12:6443
before:
  description: Where it did before.
  returned: success
  type: str
restarted:
  description: Whether k0s was restarted for it, or would be in check mode.
  returned: success
  type: bool
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.node import this_machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.worker_api import WORKER_API, redirect


def main() -> None:
    module = AnsibleModule(argument_spec=WORKER_API, supports_check_mode=True)
    try:
        result = redirect(module.params, this_machine(), dry_run=module.check_mode)
    except K0sError as error:
        module.fail_json(**error.report())
    else:
        module.exit_json(**result)


if __name__ == "__main__":
    main()
