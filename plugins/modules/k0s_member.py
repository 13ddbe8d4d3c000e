#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_member
short_description: List the members of a k0s cluster, and take controllers out of it
version_added: 0.1.0
description:
  - Runs on a controller that serves. Lists the members of etcd, the Nodes, and what k0s keeps of its controllers.
  - With O(state=absent) it takes members out of etcd, proves that the list of members is shorter, and deletes what k0s
    keeps of these controllers (C(ControlNode), C(EtcdMember) and a C(Lease)). It works for controllers that are lost
    just as for those that still run.
  - It takes no member out where those who stay could not decide without it, and waits for an election that is just
    going on.
  - The Node of a host with workloads is another matter, see M(mke4k.core.kube_node), and so is the host itself, see
    M(mke4k.core.k0s_reset).
author:
  - mke4k.core contributors (@mke4k)
options:
  state:
    description:
      - V(listed) changes nothing.
      - V(absent) takes O(members) out of etcd and deletes O(records).
      - V(yielded) gives the leadership of etcd to another member where this host has it. Done on a controller before it
        leaves, nobody waits for an election.
    type: str
    choices: [listed, absent, yielded]
    default: listed
  members:
    description: >-
      The members that leave etcd, by name, peer address or id. Those that etcd does not have are no error. Members that
      do not answer go first.
    type: list
    elements: str
    default: []
  records:
    description: The names of controllers of which k0s is to keep nothing. Names that it does not know are no error.
    type: list
    elements: str
    default: []
  timeout:
    description: For how many seconds etcd and the API may fail before that is an error.
    type: int
    default: 60
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
  - module: mke4k.core.k0s_node_info
  - module: mke4k.core.kube_node
  - module: mke4k.core.k0s_reset
"""

EXAMPLES = r"""
- name: See who belongs to the cluster
  mke4k.core.k0s_member:
  become: true
  register: cluster

- name: Take a lost controller out of the cluster
  mke4k.core.k0s_member:
    state: absent
    members: [10.0.0.13]
    records: [n3]
  become: true
"""

RETURN = r"""
etcd:
  description: >-
    Health, leadership and members of etcd as the member on this host sees them; without members where k0s runs no etcd
    of its own.
  returned: success
  type: dict
  contains:
    healthy:
      description: Whether etcd serves with its quorum.
      type: bool
    leader:
      description: Whether the member on this host leads.
      type: bool
    member_id:
      description: The id of the member on this host.
      type: str
    members:
      description: All members.
      type: list
      elements: dict
      contains:
        id:
          description: Its id.
          type: str
          sample: 91bc3c398fb3c146
        name:
          description: Its name, empty where it never started.
          type: str
        peer_url:
          description: Where the other members reach it.
          type: str
          sample: https://10.0.0.11:2380
        learner:
          description: Whether it does not vote yet.
          type: bool
        answers:
          description: Whether it answers to this host.
          type: bool
    error:
      description: Why etcd does not serve.
      type: str
nodes:
  description: All Nodes.
  returned: when O(state=listed)
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      type: str
    addresses:
      description: Its addresses and host names.
      type: list
      elements: str
    ready:
      description: Whether it is Ready.
      type: bool
records:
  description: What k0s keeps of its controllers.
  returned: when O(state=listed)
  type: list
  elements: dict
  contains:
    kind:
      description: V(ControlNode), V(EtcdMember) or V(Lease).
      type: str
    name:
      description: The name of the controller.
      type: str
api_error:
  description: Why Nodes and records could not be read; empty where they were.
  returned: when O(state=listed)
  type: str
left:
  description: The members that left etcd, or would in check mode, as in RV(etcd.members).
  returned: when O(state=absent)
  type: list
  elements: dict
forgotten:
  description: The records that were deleted, or would be in check mode, as in RV(records).
  returned: when O(state=absent)
  type: list
  elements: dict
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.member.run import MEMBER, carry_out, this_controller


def main() -> None:
    module = AnsibleModule(argument_spec=MEMBER, supports_check_mode=True)
    try:
        membership, records = this_controller(module.params)
        result = carry_out(module.params, membership, records, dry_run=module.check_mode)
    except K0sError as error:
        module.fail_json(**error.report())
    else:
        module.exit_json(**result)


if __name__ == "__main__":
    main()
