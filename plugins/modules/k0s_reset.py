#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_reset
short_description: Take k0s off a host
version_added: 0.1.0
description:
  - Leaves the host as it was before k0s came. Takes away the service, processes of k0s and of pods, what they had
    mounted, network links, routes, rules of the packet filter, ipsets, control groups, users, files, and settings of
    the kernel. What others have on the host stays.
  - It needs neither the binary of k0s nor a containerd that starts nor an API server. A host that is half installed,
    half broken or half reset is no special case, and a run that was ended in the middle can be repeated.
  - What k0s found on the host is known where M(mke4k.core.k0s_node) installed it. Otherwise only what is certainly of
    Kubernetes is taken away. Settings of the kernel then stay, and of network plugins those that belong to a package.
  - Processes of pods are asked to end before they are killed. Nodes are not drained, and volumes that are mounted are
    unmounted, never emptied.
  - It does not take the host out of its cluster. For one host of a cluster that stays, use the playbook
    C(mke4k.core.remove_nodes).
  - Works with systemd and OpenRC, and needs root (C(become)).
author:
  - mke4k.core contributors (@mke4k)
options:
  kubelet_root_dir:
    description:
      - Where its kubelet keeps its data. The default is what the unit says, else C(kubelet) below O(data_dir) and
        C(/var/lib/kubelet).
    type: path
  grace:
    description: For how many seconds processes of pods may go on after they were asked to end.
    type: int
    default: 5
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
    details:
      - The result lists every change, in check mode too.
  idempotent:
    support: full
seealso:
  - module: mke4k.core.k0s_node
"""

EXAMPLES = r"""
- name: Take k0s off a host
  mke4k.core.k0s_reset:
  become: true
  register: reset

- name: Boot the host where that is needed
  ansible.builtin.reboot:
  become: true
  when: reset.needs_reboot
"""

RETURN = r"""
changes:
  description: What was taken away, or in check mode would be, in order.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: >-
        One of V(stop), V(process), V(ipvs), V(mount), V(link), V(route), V(rules), V(ipset), V(cgroup), V(user),
        V(file), V(folder), V(sysctl).
      type: str
    target:
      description: What it is about.
      type: str
    detail:
      description: What happens to it.
      type: str
  sample:
    - kind: stop
      target: k0sworker
      detail: is stopped, disabled and removed
remains:
  description:
    - What is still there, in words. Empty in check mode, and where there was nothing to take away.
    - The call fails where a later installation would stumble over it.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: As in RV(changes[].kind), or V(module) for modules of the kernel.
      type: str
    target:
      description: What it is about.
      type: str
    detail:
      description: Why it is still there, and what to do.
      type: str
    reboot:
      description: Whether it goes when the host boots.
      type: bool
needs_reboot:
  description: Whether one of RV(remains) goes when the host boots.
  returned: success
  type: bool
node:
  description: What k0s was on the host before.
  returned: success
  type: dict
  contains:
    running:
      description: Whether it ran and answered.
      type: bool
    version:
      description: Its version, empty where that is not known.
      type: str
    role:
      description: V(controller) or V(worker), empty where that is not known.
      type: str
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.run import reset, this_host
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import OPTIONS


def main() -> None:
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    try:
        outcome = reset(*this_host(module.params), dry_run=module.check_mode)
    except K0sError as error:
        module.fail_json(**error.report())
    else:
        module.exit_json(**outcome.result())


if __name__ == "__main__":
    main()
