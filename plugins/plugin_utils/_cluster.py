# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options and variables of a task to the model of its cluster. Every action of the collection starts here.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.load import OVERRIDES, load
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Loaded
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import with_registries
from ansible_collections.mke4k.core.plugins.plugin_utils._hosts import join_hosts, named_hosts
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import InputError
from ansible_collections.mke4k.core.plugins.plugin_utils._source import Source, find_source, source_document
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables

__all__ = ["InputError", "Source", "cluster_of", "find_cluster", "inventory_hosts", "overrides_of", "source_document"]


@dataclass(frozen=True)
class Found:
    """What a task is about: the file, its model, and its hosts as entries of spec.hosts with `name`."""

    source: Source
    loaded: Loaded
    entries: list[dict[str, Any]]


def cluster_of(task_args: Mapping[str, Any], task_vars: Mapping[str, Any], loader: Any) -> Loaded:
    """The checked cluster of a task. Its errors are in it; InputError says that there was nothing to check."""
    return find_cluster(task_args, Variables(task_vars, loader), loader).loaded


def find_cluster(task_args: Mapping[str, Any], variables: Variables, loader: Any) -> Found:
    source = find_source(task_args, variables, loader)
    hosts = join_hosts(variables, source.document)
    loaded = load(source.document, overrides=_overrides(variables), inventory_hosts=hosts.entries)
    loaded = replace(loaded, findings=tuple(loaded.findings) + tuple(hosts.findings))
    loaded = with_registries(
        loaded,
        variables.get("mke4k_registries"),
        username=variables.get("mke4k_registry_username"),
        password=variables.get("mke4k_registry_password"),
    )
    entries = hosts.entries
    if entries is None:
        names = [host.name for host in loaded.cluster.hosts] if loaded.cluster else []
        entries = named_hosts(source.document, names)
    return Found(source, loaded, entries)


def inventory_hosts(
    task_vars: Mapping[str, Any], loader: Any = None, entries: Sequence[Any] = ()
) -> list[dict[str, Any]] | None:
    """Hosts as the inventory's groups say, shaped like spec.hosts[] with `name`; None where it does not say."""
    return join_hosts(Variables(task_vars, loader), {"spec": {"hosts": list(entries)}}).entries


def overrides_of(task_vars: Mapping[str, Any], loader: Any = None) -> dict[str, str]:
    """Versions and references that variables set over those of the release."""
    return _overrides(Variables(task_vars, loader))


def _overrides(variables: Variables) -> dict[str, str]:
    values = {name: variables.text(f"mke4k_{name}") for name in OVERRIDES}
    return {name: value for name, value in values.items() if value}
