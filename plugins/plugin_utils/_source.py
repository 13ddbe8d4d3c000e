# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the MkeConfig a task is about, in every form it can be given.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.releases import FLAT, RELEASES
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.tables import tree_of
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import InputError, plain
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables, is_set
from ansible_collections.mke4k.core.plugins.plugin_utils._yaml_text import read_file, read_text

# The fields of files without an envelope.
FLAT_KEYS = tuple(
    dict.fromkeys(key for release in RELEASES if release.form == FLAT for key in sorted(tree_of(release).children))
)
ENVELOPE = ("apiVersion", "kind", "metadata", "spec")

MISSING = """No MkeConfig was given. It is taken from one of these, in this order:
  1. the option or variable mke4k_config (a mapping, or YAML text):     -e '{"mke4k_config": {...}}'
  2. the variable mke4k_config_file (a path on the control node):       -e mke4k_config_file=mke4.yaml
  3. the file as extra variables:                                       -e @mke4.yaml
  4. the file as inventory, by the plugin mke4k.core.mke4:              -i mke4.yaml
A file of 'mkectl init' is one that fits."""


@dataclass(frozen=True)
class Source:
    """A parsed MkeConfig, and where it came from in words. Relative paths in it start at `directory`."""

    document: dict[str, Any]
    origin: str
    directory: str = ""


def source_document(task_args: Mapping[str, Any], task_vars: Mapping[str, Any], loader: Any) -> Source:
    """The document that is given by options, else by variables."""
    variables = Variables(task_vars, loader)
    return find_source(task_args, variables, loader)


def find_source(task_args: Mapping[str, Any], variables: Variables, loader: Any) -> Source:
    source = (
        _of_value("the option config", task_args.get("config"), loader)
        or _of_file("the option config_file", task_args.get("config_file"), loader)
        or _of_value("the variable mke4k_config", variables.get("mke4k_config"), loader)
        or _of_file("the variable mke4k_config_file", variables.get("mke4k_config_file"), loader)
        or _of_envelope(variables)
        or _of_flat(variables)
    )
    if source is None:
        raise InputError(MISSING)
    return source


def file_source(path: str, loader: Any) -> Source:
    """The document in a file on the control node."""
    document = read_file(path, loader)
    return Source(_mapping(document, path), path, os.path.dirname(path))


def _of_value(origin: str, value: Any, loader: Any) -> Source | None:
    value = plain(value, origin)
    if isinstance(value, str):
        value = read_text(value, origin, loader) if value.strip() else None
    if not is_set(value):
        return None
    return Source(_mapping(value, origin), origin)


def _of_file(origin: str, value: Any, loader: Any) -> Source | None:
    value = plain(value, origin)
    if not is_set(value):
        return None
    if not isinstance(value, str):
        raise InputError(f"{origin} must be a path, not {_kind(value)}")
    return file_source(_existing(value, origin, loader), loader)


def _existing(value: str, origin: str, loader: Any) -> str:
    """Relative paths start at the playbook, else (it may be one of the collection) at the working folder."""
    tried = [str(loader.path_dwim(value)), os.path.abspath(os.path.expanduser(value))]
    for path in tried:
        if os.path.isfile(path):
            return path
    places = " and ".join(dict.fromkeys(tried))
    raise InputError(f"{origin} says {value}, but there is no such file on the control node (looked at {places}).")


def _of_envelope(variables: Variables) -> Source | None:
    told = [name for name in ("apiVersion", "kind") if variables.get(name)]
    if variables.get("kind") != "MkeConfig" and not (told and isinstance(variables.get("spec"), dict)):
        return None
    document = {name: variables.get(name) for name in ENVELOPE if variables.get(name) is not None}
    return Source(document, "the variables apiVersion, kind, metadata and spec")


def _of_flat(variables: Variables) -> Source | None:
    """A file of 2024 has no envelope: its fields are variables of their own, beside everything else."""
    hosts = variables.get("hosts")
    if not isinstance(hosts, list) or not all(isinstance(host, dict) and "role" in host for host in hosts):
        return None
    document = {name: variables.get(name) for name in FLAT_KEYS if variables.get(name) is not None}
    return Source(document, "the variable hosts and the other fields of a flat file")


def _mapping(value: Any, origin: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(
            f"{origin} holds {_kind(value)}, but an MkeConfig is a mapping that starts with"
            " apiVersion: mke.mirantis.com/v1alpha1 and kind: MkeConfig"
        )
    return value


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    return {"list": "a list", "str": "text", "int": "a number", "float": "a number"}.get(
        type(value).__name__, "a value"
    )
