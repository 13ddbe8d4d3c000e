# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three sorts of causes, in words that are the same for all of a sort. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Cause

_ASK = (
    "aws service-quotas request-service-quota-increase --service-code {0} --quota-code {1} --desired-value N --region R"
)
# What can be changed of a live child depends on the release (documentation of MKE 4k, child cluster infrastructure).
FIXED_MACHINES = (
    "From v4.2.1 on the machines are made anew when the field is changed; before, machines of a live child cannot be"
    " changed: delete it and make it anew."
)


def quota(name: str, what: str, service: str, code: str, else_: str) -> Cause:
    return Cause(
        name,
        f"The quota of {what} is used up",
        f"Ask AWS for more (service {service}, quota {code}): `{_ASK.format(service, code)}`; or {else_}.",
        True,
        "Cluster API goes on by itself once the quota is raised or something was freed.",
    )


def person(name: str, title: str, remedy: str, once: str, heals: str = "") -> Cause:
    """`once`: after what Cluster API goes on by itself. `heals` says it in other words where that is not all."""
    return Cause(name, title, remedy, True, heals or f"Cluster API goes on by itself once {once}.")


def passes(name: str, title: str, remedy: str) -> Cause:
    return Cause(name, title, remedy, False, "It passes by itself, so it is waited for.")
