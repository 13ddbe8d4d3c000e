#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_join
short_description: Open a k0s cluster for new hosts, and close it again
version_added: 0.1.0
description:
  - Runs on a controller that serves. Makes one join token for each kind of host, which any number of hosts can use, and
    reads the files that all controllers must have.
  - With O(state=absent) it revokes tokens and makes sure that they are gone.
  - It waits for an API server that has just started, or that is away while an etcd member joins.
  - The result holds secrets. Use it with C(no_log=true) on the task.
author:
  - mke4k.core contributors (@mke4k)
options:
  state:
    description:
      - V(present) makes new tokens.
      - V(absent) revokes O(ids).
    type: str
    choices: [present, absent]
    default: present
  roles:
    description: The kinds of hosts that are to join.
    type: list
    elements: str
    choices: [controller, worker]
    default: []
  expiry:
    description: How long the tokens serve, such as V(30m) or V(2h).
    type: str
    default: 30m
  shared_files:
    description: Paths of files on this controller to return.
    type: list
    elements: path
    default: []
  ids:
    description: The ids of the tokens to revoke. Those that do not exist are no error.
    type: list
    elements: str
    default: []
  timeout:
    description: For how many seconds k0s may fail before that is an error.
    type: int
    default: 60
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.platform_host
  - mke4k.core._k0s_host
  - mke4k.core._k0s_host.binary
attributes:
  check_mode:
    support: full
    details:
      - With O(state=present) the tokens in the result are empty.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - O(state=present) makes new tokens each time, because k0s does not show those that exist.
seealso:
  - module: mke4k.core.k0s_node
"""

EXAMPLES = r"""
- name: Open the cluster
  mke4k.core.k0s_join:
    roles: [controller, worker]
    shared_files: [/var/lib/k0s/encryption.cfg]
  become: true
  no_log: true
  register: opened

- name: Close it again
  mke4k.core.k0s_join:
    state: absent
    ids: "{{ opened.ids }}"
  become: true
"""

RETURN = r"""
tokens:
  description: The join tokens by role. Secret. Empty with O(state=absent).
  returned: success
  type: dict
  contains:
    token:
      description: The join token. Empty in check mode.
      type: str
    id:
      description: The name by which it is revoked. Empty in check mode.
      type: str
ids:
  description: The ids of the tokens that were made or revoked.
  returned: success
  type: list
  elements: str
  sample: ["x7f3q1"]
shared:
  description: The files that were asked for. Secret. Empty in check mode and with O(state=absent).
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: Where the file is.
      type: str
    content:
      description: Its content.
      type: str
    mode:
      description: Its permissions.
      type: str
    owner:
      description: Its owner.
      type: str
    group:
      description: Its group.
      type: str
etcd:
  description: Health and members of etcd. Empty where k0s does not use an etcd of its own, and with O(state=absent).
  returned: success
  type: dict
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.join import predicted
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.node import this_gate
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.options import JOIN
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError


def main() -> None:
    module = AnsibleModule(argument_spec=JOIN, supports_check_mode=True)
    params = module.params
    gate = this_gate(params["binary_path"], params["data_dir"], params["timeout"])
    try:
        if params["state"] == "absent":
            gone = gate.absent(params["ids"], dry_run=module.check_mode)
            result = {**predicted(()), "ids": gone, "changed": bool(gone)}
        elif module.check_mode:
            result = {**predicted(params["roles"]), "changed": bool(params["roles"])}
        else:
            result = {**gate.present(params["roles"], params["expiry"], params["shared_files"])}
            result["changed"] = bool(params["roles"])
    except K0sError as error:
        module.fail_json(**error.report())
    else:
        module.exit_json(**result)


if __name__ == "__main__":
    main()
