# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine of a child as a host of an inventory. Pure.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._children.machines import ChildMachine

_FACTS = ("role", "namespace", "region", "zone", "instance_id", "instance_type", "internal_ip", "external_ip", "node",
          "version", "phase", "bastion")  # fmt: skip


def host_name(machine: ChildMachine) -> str:
    """Machines are called after their cluster already; one that is not must not look like one of another child."""
    return machine.name if machine.name.startswith(f"{machine.child}-") else f"{machine.child}_{machine.name}"


def variables_of(machine: ChildMachine, options: Mapping[str, Any]) -> dict[str, Any]:
    """The connection and the facts. What is not known is an empty text, so that templates need no default."""
    address = address_of(machine, str(options["address"]))
    found: dict[str, Any] = {}
    if address:
        found["ansible_host"] = address
    if options["user"]:
        found["ansible_user"] = options["user"]
    if options["bastion"] and machine.bastion and address == machine.internal_ip:
        user = f"{options['bastion_user']}@" if options["bastion_user"] else ""
        found["ansible_ssh_common_args"] = f"-o ProxyJump={user}{machine.bastion}"
    found["mke4k_child"] = machine.child
    found["mke4k_child_machine"] = machine.name
    found.update({f"mke4k_child_{name}": getattr(machine, name) for name in _FACTS})
    found["mke4k_child_labels"] = dict(machine.labels)
    return found


def address_of(machine: ChildMachine, wish: str) -> str:
    if wish == "internal":
        return machine.internal_ip
    return machine.external_ip or (machine.internal_ip if wish == "auto" else "")
