#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_share
short_description: Bring large files to many hosts without sending each of them a copy
version_added: 0.1.0
description:
  - Brings files such as the k0s binary and archives of images to a host. They come from the control node, from a URL,
    or from other hosts of the same run that have them already.
  - With O(serve) the host gives them to others. It runs a small HTTP server on O(address) whose paths begin with
    O(token), until O(state=absent) or until nobody has asked for O(idle) seconds. Every host that got a file gives it
    on, so the time grows with the logarithm of the number of hosts.
  - Every host checks the sha256. A file is in its place only when it is complete and right.
  - A file that no other host gives is uploaded from the control node after all, with a warning, or loaded from its URL.
  - Needs root (C(become)).
author:
  - mke4k.core contributors (@mke4k)
options:
  state:
    description:
      - V(present) brings the files. V(absent) ends the server of an earlier call and leaves the files.
    type: str
    choices: [present, absent]
    default: present
  files:
    description: The files that the host should have.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Where the file goes. Missing folders are made.
        type: path
        required: true
      sha256:
        description:
          - Its sha256. Without one it is looked up at O(files[].checksum_url), or for O(files[].src) in a file
            C(sha256sums.txt) beside it.
        type: str
      checksum_url:
        description: A file of checksums that lists it.
        type: str
      mode:
        description: Its permissions, in octal. It belongs to root.
        type: str
        default: "0644"
      src:
        description: The file on the control node. It is uploaded only to hosts that get it from nowhere else.
        type: path
      staged:
        description: A file on the host that is copied.
        type: path
      url:
        description: Where the host loads it from.
        type: str
      origin:
        description: A name of the source, by which a file without O(files[].sha256) is known again.
        type: str
      images:
        description: Whether it is an archive of images that k0s imports, which is recorded on the host.
        type: bool
        default: false
  serve:
    description: Whether to give the files to other hosts.
    type: bool
    default: false
  address:
    description: The host's own address, on which it serves.
    type: str
  port:
    description: The TCP port on which all hosts of the run serve. V(0) takes a free one, which only a test can use.
    type: int
    default: 9445
  token:
    description: The first part of every path, the same on all hosts of the run and made anew for each run.
    type: str
  peers:
    description: The addresses of the other hosts of the run. Empty means that the files come from their own source.
    type: list
    elements: str
    default: []
  patience:
    description: For how many seconds to ask O(peers) again while none of them has the file or is about to give it.
    type: int
    default: 60
  idle:
    description: After how many seconds without a question the server ends by itself.
    type: int
    default: 300
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.full
  - mke4k.core._attributes.platform_host
  - mke4k.core._attributes.controller
attributes:
  diff_mode:
    support: none
    details: The files are large and not made for people.
seealso:
  - module: mke4k.core.k0s_node
"""

EXAMPLES = r"""
- name: Send an archive of images to two hosts
  mke4k.core.k0s_share:
    files: &files
      - path: /var/lib/k0s/images/app.tar
        src: app.tar
        sha256: "{{ app_sha256 }}"
        images: true
    serve: true
    address: "{{ node_address }}"
    token: "{{ share_token }}"
  become: true
  when: inventory_hostname in groups.workers[:2]

- name: Let the others take it from them
  mke4k.core.k0s_share:
    files: *files
    serve: true
    address: "{{ node_address }}"
    token: "{{ share_token }}"
    peers: "{{ groups.workers | map('extract', hostvars, 'node_address') }}"
  become: true
  when: inventory_hostname in groups.workers[2:]

- name: End the servers
  mke4k.core.k0s_share:
    state: absent
  become: true
"""

RETURN = r"""
files:
  description: What came of each file.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: Where it is.
      type: str
    sha256:
      description: Its sha256.
      type: str
    how:
      description: V(here) (it was there), V(copied), V(loaded), or the address of the host that gave it.
      type: str
    reason:
      description: Why it could not be had. Empty where it is there.
      type: str
missing:
  description: The paths of files that could not be had. Without O(files[].src) that is a failure.
  returned: success
  type: list
  elements: str
port:
  description: The port on which the host serves, V(0) where it does not.
  returned: success
  type: int
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.node import this_machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share.run import REQUIRED_IF, SHARE, absent, present


def main() -> None:
    module = AnsibleModule(argument_spec=SHARE, required_if=REQUIRED_IF, supports_check_mode=True)
    machine = this_machine()
    try:
        if module.params["state"] == "absent":
            result = absent(machine.paths, machine.clock, module.check_mode)
        else:
            result = present(module.params, machine.paths, machine.clock, module.check_mode)
    except K0sError as error:
        module.fail_json(**error.report())
    else:
        module.exit_json(**result)


if __name__ == "__main__":
    main()
