# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this doc fragment is PRIVATE to the collection. It can have breaking changes at any time.
"""How a node is emptied."""

from __future__ import annotations


class ModuleDocFragment:
    # Kept beside DRAIN_OPTIONS in plugins/module_utils/_kube/nodes/wish.py.
    DOCUMENTATION = r"""
options:
  drain:
    description: How the node is emptied. The options are those of C(kubectl drain).
    type: dict
    default: {}
    suboptions:
      enabled:
        description: Whether pods are moved at all. V(false) only cordons.
        type: bool
        default: true
      grace_period:
        description: Seconds that pods get to end. Below zero they have their own.
        type: int
        default: -1
      timeout:
        description: For how many seconds pods may take to go, with the waits for their PodDisruptionBudgets.
        type: int
        default: 300
      force:
        description: Whether pods that nobody would make anew are removed too. Otherwise the drain is refused.
        type: bool
        default: false
      delete_emptydir_data:
        description: Whether pods with data in an emptyDir are moved, which loses the data. Else the drain is refused.
        type: bool
        default: true
      pod_selector:
        description: Only pods with these labels are moved.
        type: str
        default: ""
      skip_wait_for_delete_timeout:
        description: Pods that have been ending for so many seconds are not waited for. V(0) waits for all.
        type: int
        default: 0
      owners_timeout:
        description:
          - For how many seconds to wait until ReplicaSets and StatefulSets whose pods were moved have as many ready
            pods as before. V(0) does not wait.
        type: int
        default: 300
"""
