# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read of the hosts of a cluster, some of which may be lost.

Note that this doc fragment is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations


class ModuleDocFragment:
    # Kept beside the options in plugins/plugin_utils/_membership.py.
    DOCUMENTATION = r"""
options:
  nodes:
    description: >-
      The results of M(mke4k.core.k0s_node_info) by inventory name. One that has no C(node) is that of a host that could
      not be read.
    type: dict
    required: true
  members:
    description: The results of M(mke4k.core.k0s_member) by inventory name of the controllers that could be asked.
    type: dict
    required: true
"""
