#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_node
short_description: Make one host a running member of a k0s cluster
version_added: 0.1.0
description:
  - Compares what the host is with what it should be, changes what differs and waits until the host really serves.
    One call does the binary, the files, the configuration, the unit, the start or restart and the wait.
  - A run that was ended in the middle can be repeated. What is there already is not done again.
  - A controller restarts only when every other etcd member answers. With one or two controllers there is no such
    safety, so the restart is done with a warning that says for how long the API is away.
  - No secret is put in a command line, in a log or in a file that others than root and the owner can read.
  - Works with systemd and OpenRC, and needs root (C(become)).
author:
  - mke4k.core contributors (@mke4k)
options:
  state:
    description:
      - V(staged) puts the checked binary beside its place (C(<path>.<first 12 digits of the sha256>.staged)) and
        changes nothing else. Later calls use it.
      - V(prepared) puts binary, files, configuration and unit in place and does not start k0s. On a host where k0s
        runs it is the same as V(staged).
      - V(running) does all that and starts or restarts k0s where needed.
      - M(mke4k.core.k0s_reset) takes k0s away again.
    type: str
    choices: [prepared, running, staged]
    default: running
  role:
    description:
      - What k0s is on this host.
      - The role of a host cannot be changed later. That is refused.
    type: str
    required: true
    choices: [controller, worker, controller+worker, single]
  version:
    description:
      - The k0s version, such as V(v1.33.13+k0s.0).
      - An older version than the running one, or a leap over a minor release, is refused.
    type: str
    required: true
  config:
    description:
      - The text of C(/etc/k0s/k0s.yaml), only for controllers. k0s checks it before it takes the place of the old one.
    type: str
  arguments:
    description:
      - Arguments of C(k0s install), without C(--config), C(--data-dir) and C(--token-file), which are added.
      - They stand in the unit, where every user of the host can read them.
    type: list
    elements: str
    default: []
  environment:
    description: Environment variables of k0s. They are kept in a file that only root can read.
    type: dict
    default: {}
  files:
    description: Files that k0s reads.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Where the file is. Missing folders are made.
        type: path
        required: true
      content:
        description: The text of the file.
        type: str
        required: true
      mode:
        description: Its permissions, in octal.
        type: str
        default: "0600"
      owner:
        description: Its owner. A missing one is made as a system user, as k0s does it.
        type: str
        default: root
      group:
        description: Its group. A missing one is made as a system group.
        type: str
        default: root
      restart:
        description: Whether k0s sees a change of the file only after a restart.
        type: bool
        default: true
      secret:
        description: Whether the content is kept out of the diff.
        type: bool
        default: false
  shared_files:
    description:
      - Files that must be the same on all controllers. They are made once, on the controller that does not join, and
        given to the others through O(shared). An existing one is never made again.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Where the file is.
        type: path
        required: true
      generate:
        description: What it is. V(encryption-config) encrypts Secrets at rest with a random key.
        type: str
        choices: [encryption-config]
        required: true
      mode:
        description: Its permissions, in octal.
        type: str
        default: "0600"
      owner:
        description: Its owner.
        type: str
        default: root
      group:
        description: Its group.
        type: str
        default: root
  directories:
    description: Folders that k0s' components write into. They are made, with their owners, before k0s starts.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Where the folder is.
        type: path
        required: true
      mode:
        description: Its permissions, in octal.
        type: str
        default: "0700"
      owner:
        description: Its owner. A missing one is made as a system user, as k0s does it.
        type: str
        default: root
      group:
        description: Its group. A missing one is made as a system group.
        type: str
        default: root
  images:
    description:
      - Archives of images that M(mke4k.core.k0s_share) brought to C(<data_dir>/images). The call ends when k0s has
        imported every image in them.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Where the archive is.
        type: path
        required: true
      sha256:
        description: Its sha256.
        type: str
      origin:
        description: The name of its source. Without O(images[].sha256) an archive is known by it.
        type: str
  binary:
    description:
      - Where the k0s binary comes from. One of O(binary.src), O(binary.url) and O(binary.staged) is used when the
        host does not have it yet.
      - It is made executable only after its sha256 (and its signature, where a key is given) was checked, and takes
        the place of an old one only when it says that it is O(version).
    type: dict
    default: {}
    suboptions:
      path:
        description: Where it is installed.
        type: path
        default: /usr/local/bin/k0s
      src:
        description:
          - A file on the control node, found like the O(ansible.builtin.copy#module:src) of a copy. It is uploaded
            only to hosts that do not have it.
          - Its sha256 comes from O(binary.sha256), else from a file C(sha256sums.txt) beside it.
        type: path
      staged:
        description: A file on the host.
        type: path
      url:
        description: Where the host downloads it from, through the proxies of its environment.
        type: str
      checksum_url:
        description: A C(sha256sums.txt) that lists it. Used without O(binary.sha256).
        type: str
      sha256:
        description: Its sha256.
        type: str
      public_key:
        description:
          - The PEM text of the key that its signature was made with. Checking it needs C(openssl) on the host.
        type: str
      signature_url:
        description:
          - Where its signature (base64) is downloaded from.
          - The default is the URL, or the path, of the binary with C(.sig) at its end.
        type: str
  joins:
    description:
      - Whether the host joins a cluster that another controller leads, or has done so. Only a controller that does not
        join may start a cluster and make the O(shared_files).
      - The default is V(true) for workers and where O(token) is given, else V(false).
    type: bool
  token:
    description:
      - The join token, made by M(mke4k.core.k0s_join). Needed only on a host that has not joined yet. It is in a file
        that only root can read, and is removed from there when the host has joined or could not join.
    type: str
  shared:
    description: The O(shared_files) of the controller that leads, as M(mke4k.core.k0s_join) returns them.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Where the file is.
        type: path
        required: true
      content:
        description: Its content.
        type: str
        required: true
      mode:
        description: Its permissions on the leader. Those of O(shared_files) are used.
        type: str
        default: "0600"
      owner:
        description: Its owner on the leader. That of O(shared_files) is used.
        type: str
        default: root
      group:
        description: Its group on the leader. That of O(shared_files) is used.
        type: str
        default: root
  peers:
    description: The node addresses of the other controllers, for the check before a restart.
    type: list
    elements: str
    default: []
  wait_for:
    description:
      - V(etcd) waits until the etcd of a controller and all its members are healthy.
      - V(connected) waits for the API server and for the Node too, but does not mind that the Node still waits for a
        network plugin that is installed later.
      - V(serving) waits until C(/readyz) is ok and the Node is Ready.
    type: str
    choices: [etcd, connected, serving]
    default: serving
  wait_timeout:
    description:
      - For how many seconds to wait. A k0s that fails, or that keeps ending by itself, ends the wait earlier.
    type: int
    default: 300
  join_address:
    description:
      - The address and port at which other hosts reach the API, such as V(api.example.com:6443).
      - A controller that was started or restarted is only done when the API is ready there too.
    type: str
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.full
  - mke4k.core._attributes.platform_host
  - mke4k.core._attributes.controller
  - mke4k.core._k0s_host
seealso:
  - module: mke4k.core.k0s_node_info
  - module: mke4k.core.k0s_join
  - module: mke4k.core.k0s_reset
"""

EXAMPLES = r"""
- name: Run a cluster of one host
  mke4k.core.k0s_node:
    role: single
    version: v1.33.13+k0s.0
    config: "{{ lookup('ansible.builtin.file', 'k0s.yaml') }}"
    binary:
      url: https://github.com/k0sproject/k0s/releases/download/v1.33.13%2Bk0s.0/k0s-v1.33.13%2Bk0s.0-amd64
      checksum_url: https://github.com/k0sproject/k0s/releases/download/v1.33.13%2Bk0s.0/sha256sums.txt
  become: true

- name: Add a worker with a binary from the control node
  mke4k.core.k0s_node:
    role: worker
    version: v1.33.13+k0s.0
    binary:
      src: k0s-v1.33.13+k0s.0-amd64
      sha256: "{{ k0s_sha256 }}"
    token: "{{ opened.tokens.worker.token }}"
  become: true
"""

RETURN = r"""
changes:
  description: What was changed, or in check mode would be, in order.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: >-
        One of V(binary), V(directory), V(file), V(config), V(unit), V(images), V(enable), V(start), V(restart).
      type: str
    target:
      description: The file or service.
      type: str
    detail:
      description: What happens to it.
      type: str
  sample:
    - kind: restart
      target: k0scontroller
      detail: config /etc/k0s/k0s.yaml changes
node:
  description: What the host is at the end, in check mode what it is now.
  returned: success
  type: dict
  contains:
    running:
      description: Whether k0s runs.
      type: bool
    version:
      description: The version that runs, else that of the installed binary.
      type: str
    role:
      description: What k0s says it runs as, V(controller) or V(worker). Empty where it does not run.
      type: str
    ready:
      description: Whether the host serves.
      type: bool
    started_at:
      description: When k0s was started, in seconds since 1970, V(0) where it does not run.
      type: float
staged:
  description: >-
    Where the checked binary is with O(state=staged), and with O(state=prepared) on a running host. Empty otherwise. It
    is the installed binary itself where that is the wanted one.
  returned: success
  type: str
  sample: /usr/local/bin/k0s.4f1c2a90b7de.staged
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.node import converge, this_machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.options import NODE
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import (
    Request,
    secrets_of,
    without_texts,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError


def main() -> None:
    module = AnsibleModule(argument_spec=NODE, supports_check_mode=True)
    params, module.params = module.params, without_texts(module.params)
    module.no_log_values = secrets_of(params)
    try:
        outcome = converge(Request.from_params(params), this_machine(), dry_run=module.check_mode)
    except K0sError as error:
        module.fail_json(**error.report())
    else:
        for warning in outcome.warnings:
            module.warn(warning)
        module.exit_json(**outcome.result(diff=module._diff))


if __name__ == "__main__":
    main()
