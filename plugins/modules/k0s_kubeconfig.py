#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_kubeconfig
short_description: Write the kubeconfig of a k0s cluster's administrator on the control node
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Reads the administrator's kubeconfig on a controller and writes it on the control node, with mode C(0600), as a
    context of its own name.
  - A file that belongs to another cluster (its CA differs) is never overwritten. With O(merge=true) the cluster
    becomes one more context of an existing file, and everything else in it stays.
  - Where the file is of this cluster already, its server is right and its client certificate is valid for 30 more
    days, nothing changes. With O(ca_sha256) that is known without a connection to the host.
options:
  dest:
    description:
      - The path on the control node. Missing folders are made with mode C(0700). A link is followed.
      - Empty to write none.
    type: path
    default: ~/.mke/mke.kubeconf
  for_run:
    description:
      - Write it into Ansible's own folder of this run, which is removed at its end, and not to O(dest). That is no
        change. RV(path) says where it is.
    type: bool
    default: false
  context:
    description:
      - The name of the context.
    type: str
    default: mke
  cluster:
    description:
      - The name of the cluster's entry. Empty for the name of the context.
    type: str
    default: ""
  server:
    description:
      - The URL of the API. Empty for the one that k0s gives.
    type: str
    default: ""
  servers:
    description:
      - URLs of the same API that are as good as O(server). A file that names one of them keeps it.
    type: list
    elements: str
    default: []
  merge:
    description:
      - Keep what else is in the file. The current context of such a file stays what it is.
    type: bool
    default: false
  ca_sha256:
    description:
      - The SHA-256 of C(pki/ca.crt) in the cluster's data folder, as M(mke4k.core.k0s_node_info) returns it.
      - A file with this CA, and with all else as it should be, needs no look at the host.
    type: str
    default: ""
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.full
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
  - mke4k.core._attributes.platform_host
  - mke4k.core._k0s_host
  - mke4k.core._k0s_host.binary
attributes:
  diff_mode:
    support: full
    details:
      - Keys are not shown; of certificates only the SHA-256 is.
notes:
  - The task needs root on the controller, and nothing but the caller's own rights on the control node. The task's
    C(become) has no effect there.
  - The result holds no secret. The answer of the host does; it is not shown at C(-vvv), but C(ANSIBLE_DEBUG) shows
    everything.
seealso:
  - module: mke4k.core.mke_config
"""

EXAMPLES = r"""
- name: Write ~/.mke/mke.kubeconf
  mke4k.core.k0s_kubeconfig:
  become: true

- name: Add the cluster to the kubeconfig of the user
  mke4k.core.k0s_kubeconfig:
    dest: ~/.kube/config
    context: berlin
    server: https://berlin.example.com:6443
    merge: true
  become: true
"""

RETURN = r"""
path:
  description: The path on the control node, empty when O(dest) is.
  returned: success
  type: str
  sample: /home/user/.mke/mke.kubeconf
context:
  description: The name of the context.
  returned: success
  type: str
  sample: mke
server:
  description:
    - The URL of the API in the file. Empty in check mode when the cluster does not exist yet and O(server) is
      empty.
  returned: success
  type: str
  sample: https://10.0.0.11:6443
read:
  description: Whether the controller was asked.
  returned: success
  type: bool
  sample: false
kubeconfig:
  description:
    - The kubeconfig as k0s prints it, B(with its private key). It only goes from the host to the part of this
      module that runs on the control node, and is taken out of the result there.
  returned: never in the result of a task
  type: str
  sample: ""
"""

import os

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mke4k.core.plugins.module_utils._k0s.kubeconfig_options import KUBECONFIG


class ReadError(Exception):
    """The kubeconfig could not be read: what was tried, what came back, what to do."""


def exists(binary: str, data_dir: str) -> bool:
    """Whether this host was a controller at least once: k0s prints a kubeconfig even while it is stopped."""
    return os.path.exists(binary) and os.path.exists(os.path.join(data_dir, "pki", "ca.crt"))


def read_kubeconfig(module: AnsibleModule, binary: str, data_dir: str) -> str:
    """The administrator's kubeconfig as k0s prints it."""
    command = [binary, "kubeconfig", "admin", "--data-dir", data_dir]
    if not os.path.exists(binary):
        raise ReadError(
            f"There is no k0s at {binary}, so no kubeconfig to read. Run this on a controller of the cluster,"
            " or set binary_path."
        )
    code, output, errors = module.run_command(command)
    if code != 0:
        raise ReadError(
            f"`{' '.join(command)}` failed with exit code {code}: {errors.strip() or 'no message'}."
            " It needs root on a controller that has started at least once."
        )
    return str(output)


def main() -> None:
    module = AnsibleModule(argument_spec=KUBECONFIG, supports_check_mode=True)
    binary, data_dir = module.params["binary_path"], module.params["data_dir"]
    if module.check_mode and not exists(binary, data_dir):
        module.exit_json(changed=False, kubeconfig="")
    try:
        module.exit_json(changed=False, kubeconfig=read_kubeconfig(module, binary, data_dir))
    except ReadError as error:
        module.fail_json(msg=str(error))


if __name__ == "__main__":
    main()
