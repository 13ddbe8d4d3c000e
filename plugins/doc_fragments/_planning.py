# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of everything that plans from mke4.yaml and from what was read on the hosts.

Note that this doc fragment is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations


class ModuleDocFragment:
    # Kept beside the options in plugins/plugin_utils/_plan_action.py.
    DOCUMENTATION = r"""
options:
  config:
    description:
      - The C(MkeConfig) as a mapping or as YAML text.
      - When neither O(config) nor O(config_file) is given, it is found as M(mke4k.core.mke_config) finds it.
    type: raw
  config_file:
    description: Path of the C(mke4.yaml) on the control node.
    type: path
  nodes:
    description: The results of M(mke4k.core.k0s_node_info) by inventory name.
    type: dict
    required: true
  binary:
    description:
      - Where the k0s binary comes from. See the variables C(k0s_binary_*) of the role P(mke4k.core.k0s#role).
    type: dict
    default: {}
  images:
    description:
      - Archives of images for hosts with workloads, each with C(name) and one of C(src),
        C(url), C(path) and C(mirror), and with C(sha256). Those without any of
        the four are left out. See the variables C(k0s_image_bundle_*) and C(k0s_image_bundles) of the role
        P(mke4k.core.k0s#role).
    type: list
    elements: dict
    default: []
  in_play:
    description:
      - The hosts that this run is about. One of them that was not read is an error, as is any controller; a worker
        outside of the run is a warning.
    type: list
    elements: str
    default: []
"""
