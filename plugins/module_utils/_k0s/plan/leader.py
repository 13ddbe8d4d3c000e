# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which controller leads: the first that runs, else the first that was a member before, else the first in order.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Sequence

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member


def choose_leader(members: Sequence[Member]) -> Member:
    """The leader among the controllers, in the order of mke4.yaml. There must be at least one controller."""
    controllers = [member for member in members if member.is_controller]
    for trait in (_serves, _runs, _was_member):
        for controller in controllers:
            if trait(controller):
                return controller
    return controllers[0]


def _serves(member: Member) -> bool:
    return _runs(member) and member.state.ready is True


def _runs(member: Member) -> bool:
    return member.runs and member.state.joined


def _was_member(member: Member) -> bool:
    return member.state.joined
