# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this doc fragment is PRIVATE to the collection. It can have breaking changes at any time.
"""Where an action finds the mke4.yaml that it is about."""

from __future__ import annotations


class ModuleDocFragment:
    # Kept beside the options in plugins/plugin_utils/_kube_action.py.
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
"""
