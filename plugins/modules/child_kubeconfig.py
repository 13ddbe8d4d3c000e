#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: child_kubeconfig
short_description: Write the kubeconfigs of child clusters on the control node
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Reads the kubeconfigs of child clusters from the mothership and writes them on the control node with mode C(0600).
  - A file that is no kubeconfig, or one of another cluster (its CA differs), is never overwritten unless O(force) says
    so. Either all files are written or, where one is refused, none.
options:
  names:
    description: Names of the children. Empty means all that are there; those that have no kubeconfig yet are told then.
    type: list
    elements: str
    default: []
  namespace:
    description: Namespace of the children. Empty means V(k0rdent), and where that has none, where k0rdent runs.
    type: str
    default: ""
  dest:
    description:
      - Folder on the control node; each file is called C(<name>.kubeconfig). Missing folders are made with mode
        C(0700).
      - Empty writes no file.
    type: path
    default: ""
  file:
    description: File on the control node for the kubeconfig of the one child in O(names), in place of O(dest).
    type: path
    default: ""
  force:
    description: Whether a file that is no kubeconfig, or one of another cluster, is overwritten.
    type: bool
    default: false
  allow_missing:
    description: Whether children in O(names) may be without a kubeconfig. They are told, and the others written.
    type: bool
    default: false
  return_content:
    description:
      - Whether the result has the kubeconfigs themselves, which are B(secrets of an administrator). Set C(no_log) on
        the task then.
    type: bool
    default: false
  probe:
    description:
      - Whether each child's API is asked for its version, through its own kubeconfig and from the control node.
      - A child that does not answer is told and is no failure. Its API may be inside of a network that the control node
        does not reach.
    type: bool
    default: false
  probe_timeout:
    description: For how long a child is asked, in seconds.
    type: int
    default: 10
extends_documentation_fragment:
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.full
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
attributes:
  diff_mode:
    details:
      - Keys are not shown; of certificates only the SHA-256 is.
seealso:
  - module: mke4k.core.child_cluster
  - module: mke4k.core.k0s_kubeconfig
"""

EXAMPLES = r"""
- name: Write the kubeconfigs of all children to ~/.mke/children
  mke4k.core.child_kubeconfig:
    kubeconfig: ~/.mke/mke.kubeconf
    dest: ~/.mke/children

- name: Write one, and see whether the child answers
  mke4k.core.child_kubeconfig:
    kubeconfig: ~/.mke/mke.kubeconf
    names: [berlin]
    file: ~/.kube/berlin
    probe: true

- name: Have one as a variable
  mke4k.core.child_kubeconfig:
    kubeconfig: ~/.mke/mke.kubeconf
    names: [berlin]
    return_content: true
  register: berlin
  no_log: true
"""

RETURN = r"""
kubeconfigs:
  description: One for each child.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the child.
      type: str
    namespace:
      description: Its namespace.
      type: str
    secret:
      description: Name of the Secret on the mothership that holds the kubeconfig.
      type: str
    path:
      description: The file on the control node, empty where none is written.
      type: str
    changed:
      description: Whether the file was changed.
      type: bool
    server:
      description: URL of the child's API.
      type: str
    reachable:
      description: Whether it answers from the control node; null without O(probe).
      type: bool
    version:
      description: Version of Kubernetes that it tells, with O(probe).
      type: str
    message:
      description: Why there is no kubeconfig, or no answer.
      type: str
    content:
      description: The kubeconfig, B(with its private key).
      returned: with O(return_content)
      type: str
text:
  description: A line for each child.
  returned: success
  type: list
  elements: str
  sample: ["berlin: /home/user/.mke/children/berlin.kubeconfig, https://berlin-apiserver.example.com:6443"]
api_requests:
  description: How many requests were sent to the mothership's API.
  returned: success
  type: int
"""
