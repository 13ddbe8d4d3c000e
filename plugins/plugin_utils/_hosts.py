# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the hosts of mke4.yaml and those of the inventory together.

Groups of the inventory decide which hosts the cluster has; an entry of spec.hosts that is the same host gives its
fields. Without groups the entries decide, under the names that the inventory has for them.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.resolve import host_name
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import InputError
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables

GROUPS_OF_ROLE = {
    "controller": (True, False),
    "worker": (False, True),
    "controller+worker": (True, True),
    "single": (True, True),
}
ROLE_OF_GROUPS = {(True, False): "controller", (False, True): "worker", (True, True): "controller+worker"}


@dataclass
class Hosts:
    """Entries shaped like spec.hosts[] with `name` and, from the file, `path`. None: the inventory has no say."""

    entries: list[dict[str, Any]] | None = None
    findings: list[Finding] = field(default_factory=list)


def join_hosts(variables: Variables, document: Mapping[str, Any]) -> Hosts:
    """The hosts of the cluster as inventory and file together say."""
    entries = _placed(document)
    controllers = variables.group(variables.controllers_group)
    workers = variables.group(variables.workers_group)
    members = list(dict.fromkeys(controllers + workers))
    if not members:
        return _named_by_inventory(variables, entries)
    names = match(variables, entries, members)
    known = {name: index for index, name in names.items()}
    ordered = sorted(members, key=lambda name: known.get(name, len(entries)))
    hosts = Hosts([])
    for name in ordered:
        in_groups = (name in controllers, name in workers)
        entry = _entry(variables, name, entries, known.get(name))
        hosts.findings.extend(_set_role(entry, variables, in_groups))
        hosts.entries = [*(hosts.entries or []), entry]
    if entries:
        hosts.findings.extend(_left_out(variables, entries, names))
    return hosts


def named_hosts(document: Mapping[str, Any], names: Sequence[str]) -> list[dict[str, Any]]:
    """The entries of a file that was found right, with their names and places."""
    return [{**entry, "name": name} for entry, name in zip(_placed(document), names)]


def _placed(document: Mapping[str, Any]) -> list[Any]:
    """`hosts` of either form of the file, each entry with its place; odd ones as they are."""
    spec = document.get("spec")
    place = "spec.hosts" if isinstance(spec, dict) else "hosts"
    listed = (spec if isinstance(spec, dict) else document).get("hosts")
    if not isinstance(listed, list):
        return []
    return [
        {**entry, "path": f"{place}[{index}]"} if isinstance(entry, dict) else entry
        for index, entry in enumerate(listed)
    ]


def _default_names(entries: Sequence[Any]) -> list[str]:
    return [host_name(entry) if isinstance(entry, dict) else "" for entry in entries]


def match(variables: Variables, entries: Sequence[Any], candidates: Iterable[str]) -> dict[int, str]:
    """Index of an entry → name of the inventory's host that is the same: by name, else by address and port."""
    free = dict.fromkeys(candidates)
    found: dict[int, str] = {}
    usable = [(index, entry) for index, entry in enumerate(entries) if isinstance(entry, dict)]
    default_names = _default_names(entries)
    for index, entry in usable:
        for name in (default_names[index], entry.get("hostname"), _address(entry)):
            if isinstance(name, str) and name in free:
                found[index] = name
                del free[name]
                break
    missing = [(index, entry) for index, entry in usable if index not in found and _address(entry)]
    if not missing:
        return found
    places = {name: _places(variables, name) for name in free}
    for index, entry in missing:
        same = [name for name in free if _address(entry) in places[name][0]]
        if len(same) > 1:
            same = [name for name in same if places[name][1] == _port(entry)]
        if len(same) == 1:
            found[index] = same[0]
            del free[same[0]]
    return found


def _named_by_inventory(variables: Variables, entries: list[Any]) -> Hosts:
    names = match(variables, entries, variables.inventory_hosts())
    if not names or not all(isinstance(entry, dict) for entry in entries):
        return Hosts()
    default_names = _default_names(entries)
    return Hosts([{**entry, "name": names.get(index, default_names[index])} for index, entry in enumerate(entries)])


def _entry(variables: Variables, name: str, entries: list[Any], index: int | None) -> dict[str, Any]:
    """The fields of one host. An entry that the inventory plugin copied from the file is older than the file."""
    own = variables.of_host(name, "mke4k_host") or {}
    if not isinstance(own, dict):
        raise InputError(f"The variable mke4k_host of host {name} must be a mapping of fields of spec.hosts[]")
    copied = "path" in own
    role = "" if copied else variables.of_host(name, "mke4k_role")
    entry = dict(own) if index is None else {**entries[index], **({} if copied else own)}
    entry["name"] = name
    if role:
        entry["role"] = role
        entry["mke4k_role"] = True
    ssh = dict(entry["ssh"]) if isinstance(entry.get("ssh"), dict) else {}
    own_address = variables.of_host(name, "mke4k_address")
    ssh["address"] = own_address or ssh.get("address") or variables.of_host(name, "ansible_host") or name
    entry["ssh"] = ssh
    return entry


def _set_role(entry: dict[str, Any], variables: Variables, in_groups: tuple[bool, bool]) -> list[Finding]:
    """mke4k_role decides, then the file's role where it agrees with the groups, then the groups."""
    chosen = entry.pop("mke4k_role", False)
    role = entry.get("role")
    if chosen or (isinstance(role, str) and GROUPS_OF_ROLE.get(role) == in_groups):
        return []
    entry["role"] = ROLE_OF_GROUPS[in_groups]
    if role in (None, ""):
        return []
    return [
        Finding(
            severity="warning",
            name="host-role-from-inventory",
            path=str(entry.get("path") or f"host {entry['name']}"),
            message=f"role {role} of {entry['name']} is not what its inventory groups say; {entry['role']} is used",
            remedy=f"put it into the groups of its role ({variables.controllers_group}, {variables.workers_group}),"
            " sync the inventory, or correct mke4.yaml",
        )
    ]


def _left_out(variables: Variables, entries: list[Any], names: dict[int, str]) -> list[Finding]:
    default_names = _default_names(entries)
    left_out = [default_names[index] for index in range(len(entries)) if index not in names]
    if not left_out:
        return []
    groups = f"{variables.controllers_group} and {variables.workers_group}"
    return [
        Finding(
            severity="warning",
            name="hosts-from-inventory",
            path="spec.hosts",
            message=f"{', '.join(left_out)} of mke4.yaml: not in the inventory's groups {groups}, so not in this run;"
            " where these groups exist, they say which hosts the cluster has",
            remedy="add them to the groups, or take the groups out of the inventory",
        )
    ]


def _address(entry: Mapping[str, Any]) -> str:
    ssh = entry.get("ssh")
    address = ssh.get("address") if isinstance(ssh, dict) else None
    return str(address) if isinstance(address, (str, int)) else ""


def _port(entry: Mapping[str, Any]) -> str:
    ssh = entry.get("ssh")
    return str((ssh.get("port") if isinstance(ssh, dict) else None) or 22)


def _places(variables: Variables, name: str) -> tuple[set[str], str]:
    addresses = {str(variables.of_host(name, item) or "") for item in ("ansible_host", "mke4k_address")}
    return addresses - {""}, str(variables.of_host(name, "ansible_port") or 22)
