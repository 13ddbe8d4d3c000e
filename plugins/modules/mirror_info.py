#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mirror_info
short_description: List what a cluster needs behind an air gap
version_added: 0.1.0
description:
  - Lists for an C(mke4.yaml) the k0s binary, k0s' own images, the charts and the bundle of the release, each with where
    it comes from and where the cluster will look for it.
  - Runs on the control node, connects to nothing and changes nothing.
author:
  - mke4k.core contributors (@mke4k)
options:
  architecture:
    description: The architecture of the hosts.
    type: str
    choices: [amd64, arm64]
    default: amd64
  k0s_binary:
    description:
      - The k0s binary that is to be installed, on the control node. It lists its images itself. Without it a table
        serves, which has the versions of the releases.
    type: path
  k0s_sha256:
    description: The sha256 of O(k0s_binary), without which it is not run.
    type: str
extends_documentation_fragment:
  - mke4k.core._config
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.info
  - mke4k.core._attributes.controller
seealso:
  - module: mke4k.core.mirror_bundle
"""

EXAMPLES = r"""
- name: List what has to be brought
  mke4k.core.mirror_info:
    config_file: mke4.yaml
  delegate_to: localhost
  register: needed

- name: Show it
  ansible.builtin.debug:
    msg: "{{ needed.text }}"
"""

RETURN = r"""
k0s:
  description: The k0s binary with version, url and checksum_url.
  returned: success
  type: dict
images:
  description: k0s' own images, each with source and target.
  returned: success
  type: list
  elements: dict
images_known:
  description: Whether the images of this version of k0s are known.
  returned: success
  type: bool
charts:
  description: The charts of the layers of a run, each with source, target and version.
  returned: success
  type: list
  elements: dict
bundle:
  description: >-
    The bundle of the release, which holds all images and charts, with url and checksum_url. They are empty for releases
    without one.
  returned: success
  type: dict
text:
  description: All of it as a table, a line each.
  returned: success
  type: list
  elements: str
"""
