#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_support
short_description: Collect what helps to find out what is wrong with a k0s host
version_added: 0.1.0
description:
  - Collects logs, units, the state of k0s and of etcd, versions, disks and network of this host, and the logs of pods
    that belong to the cluster. It works as well where k0s does not run and where the API is gone.
  - Writes them as one archive into a folder on the control node, readable by its owner alone.
  - Secrets are taken out on the host - values by the name beside them, such as C(password) and C(token), what looks
    like a key or a token, and logins in URLs. Keys, tokens and the data of etcd are never read.
  - Changes nothing on the host.
author:
  - mke4k.core contributors (@mke4k)
options:
  dest:
    description: The folder on the control node. M(mke4k.core.support_bundle) looks in the same one by default.
    type: path
  since_hours:
    description: From how many hours back logs are taken.
    type: int
    default: 24
  item_limit_kib:
    description: How long one text may be, in KiB. Of logs the end is kept, of all else the beginning.
    type: int
    default: 1024
  limit_mib:
    description: How long all texts of the host may be together, in MiB, before they are compressed.
    type: int
    default: 16
  namespaces:
    description: Namespaces whose pods' logs are taken from the disk, beside those that belong to the cluster itself.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.info
  - mke4k.core._attributes.platform_host
  - mke4k.core._attributes.controller
  - mke4k.core._k0s_host
  - mke4k.core._k0s_host.binary
seealso:
  - module: mke4k.core.support_bundle
"""

EXAMPLES = r"""
- name: Collect on every host
  mke4k.core.k0s_support:
    since_hours: 6
  become: true
  ignore_unreachable: true
"""

RETURN = r"""
path:
  description: The archive on the control node.
  returned: success
  type: str
files:
  description: How many texts are in it.
  returned: success
  type: int
size:
  description: Its size in bytes.
  returned: success
  type: int
running:
  description: Whether k0s runs on the host.
  returned: success
  type: bool
role:
  description: V(controller) or V(worker) as k0s itself says, empty where it does not run.
  returned: success
  type: str
"""

import base64
import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.archive import packed
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.host import SUPPORT, gathered


def main() -> None:
    module = AnsibleModule(argument_spec=SUPPORT, supports_check_mode=True)
    items, about = gathered(module.params)
    archive = packed(items, time.time(), **about)
    module.exit_json(
        changed=False,
        archive=base64.b64encode(archive).decode("ascii"),
        files=sum(1 for item in items if item.text),
        size=len(archive),
        **about,
    )


if __name__ == "__main__":
    main()
