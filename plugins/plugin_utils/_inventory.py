# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of an mke4.yaml as an inventory needs them.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.hosts import HOSTS
from ansible_collections.mke4k.core.plugins.plugin_utils._cluster import overrides_of
from ansible_collections.mke4k.core.plugins.plugin_utils._hosts import GROUPS_OF_ROLE, named_hosts
from ansible_collections.mke4k.core.plugins.plugin_utils._keys import Credentials, connections
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import InputError
from ansible_collections.mke4k.core.plugins.plugin_utils._report import count, report, show_warnings
from ansible_collections.mke4k.core.plugins.plugin_utils._source import file_source
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables

_FIELDS = {tuple(field.path.split(".")[1:]) for field in HOSTS if "." in field.path}
OF_FILE = ("ansible_user", "ansible_ssh_private_key_file")


@dataclass(frozen=True)
class InventoryHost:
    """A host with its variables; `kinds` are those of `controllers` and `workers` that it is."""

    name: str
    kinds: tuple[str, ...]
    variables: dict[str, Any]


def inventory_of(path: str, extra_vars: Mapping[str, Any], loader: Any, credentials: bool) -> list[InventoryHost]:
    """The hosts of the file at `path`; a file with mistakes has none."""
    if not os.path.isfile(path):
        raise InputError(f"There is no file {path}. The option config of the inventory says where the mke4.yaml is.")
    source = file_source(path, loader)
    loaded = load(source.document, overrides=overrides_of(extra_vars, loader))
    if loaded.cluster is None:
        title = f"{count(len(loaded.errors), 'mistake')} in {path}:"
        raise AnsibleParserError(report(loaded.errors, title))
    entries = named_hosts(source.document, [host.name for host in loaded.cluster.hosts])
    # The inventory may be read where no host is reached from: whether a missing key matters is for the play to say.
    told = replace(Credentials.of_run(), serving="an agent or another credential")
    keys = connections(entries, loaded.cluster.hosts, source.directory, Variables({}, loader), told)
    # Warnings about the rest of the file are shown by mke_config, which every play with it starts with.
    show_warnings(Display(), keys.findings)
    return [
        _host(host.name, host.role, entry, _shown(keys.of_host[host.name], credentials))
        for host, entry in zip(loaded.cluster.hosts, entries)
    ]


def _host(name: str, role: str, entry: dict[str, Any], connection: dict[str, Any]) -> InventoryHost:
    is_controller, is_worker = GROUPS_OF_ROLE[role]
    kinds = ("controllers",) * is_controller + ("workers",) * is_worker
    return InventoryHost(name, kinds, {**connection, "mke4k_role": role, "mke4k_host": _known_fields(entry)})


def _known_fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Nobody knows whether another field, or one of another program, holds a secret; plays read it from the file."""
    found = {}
    for key, value in entry.items():
        inner = {steps[1] for steps in _FIELDS if steps[0] == key and len(steps) > 1}
        if inner and isinstance(value, Mapping):
            found[key] = {name: item for name, item in value.items() if name in inner}
        elif key == "path" or (key,) in _FIELDS:
            found[key] = value
    return found


def _shown(connection: dict[str, Any], credentials: bool) -> dict[str, Any]:
    return {key: value for key, value in connection.items() if credentials or key not in OF_FILE}
