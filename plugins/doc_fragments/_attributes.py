# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this doc fragment is PRIVATE to the collection. It can have breaking changes at any time.
"""What modules and actions say about themselves: check mode, diff, idempotence, platforms, action group."""

from __future__ import annotations


class ModuleDocFragment:
    """A module that uses the base fragment states the support of each attribute, or takes a ready set below."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
  diff_mode:
    description: Returns details on what has changed, or would change in C(check_mode), when in diff mode.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the system controlled or queried by the module has not changed in a relevant way.
"""

    # Reads only: the same in check mode, and there is nothing to show in diff mode.
    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This action does not modify state.
  diff_mode:
    support: N/A
    details:
      - This action does not modify state.
  idempotent:
    support: full
    details:
      - This action does not modify state.
"""

    # Changes hosts, predicts it in check mode and shows it in diff mode.
    FULL = r"""
options: {}
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
"""

    ACTIONGROUP_MKE4K = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/mke4k.core.mke4k) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - mke4k.core.mke4k
"""

    # Runs on hosts.
    PLATFORM_HOST = r"""
options: {}
attributes:
  platform:
    description: Target OS/families that can be operated against.
    support: full
    platforms: linux
"""

    # Runs on the control node, through an action plugin of the same name.
    CONTROLLER = r"""
options: {}
attributes:
  action:
    description: Has a corresponding action plugin, so parts of it run on the control node.
    support: full
  async:
    description: Supports being used with the C(async) keyword.
    support: none
"""
