# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An mke4.yaml is an inventory."""

from __future__ import annotations

DOCUMENTATION = r"""
name: mke4
short_description: The hosts of an mke4.yaml
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Makes an inventory of an C(MkeConfig), in one of two ways.
  - An C(mke4.yaml) itself is the inventory where the plugin is enabled. Its name must be C(mke4.yaml), C(mke4.yml),
    or end in C(.mke4.yaml) or C(.mke4.yml).
  - Else a YAML file that names the plugin and the C(mke4.yaml) is the inventory.
  - Hosts are in the groups C(mke4k_controllers) and C(mke4k_workers), which are children of C(mke4k_cluster). A
    host of role C(controller+worker) or C(single) is in both.
  - Hosts get C(ansible_host) and the other connection variables of their C(ssh) section, C(mke4k_role), and
    C(mke4k_host) with the known fields of their entry of the file. The cluster's group gets C(mke4k_config_file), by
    which roles and playbooks of this collection find everything else. No other part of the file becomes a variable,
    so that its secrets do not show up in an inventory.
  - A file with mistakes is no inventory; all of them are told at once. Its warnings are for
    M(mke4k.core.mke_config) to show.
  - It may be encrypted with Ansible Vault, as a whole or in single values.
  - It has no cache. The file is read anew each time, which takes no longer than reading a cache would.
options:
  plugin:
    description:
      - The name of this plugin.
    type: str
    required: true
    choices:
      - mke4k.core.mke4
  config:
    description:
      - The path of the C(mke4.yaml), relative to the inventory file. Not used where the C(mke4.yaml) is the
        inventory.
    type: str
    default: mke4.yaml
  cluster_group:
    description:
      - The name of the group of all hosts.
    type: str
    default: mke4k_cluster
  controllers_group:
    description:
      - The name of the group of controllers. Two clusters in one inventory need different ones; give them to the
        playbooks as C(mke4k_controllers_group).
    type: str
    default: mke4k_controllers
  workers_group:
    description:
      - The name of the group of workers, as C(mke4k_workers_group) for the playbooks.
    type: str
    default: mke4k_workers
  credentials:
    description:
      - Take users and keys from the file. Without, they are those of the command line, of C(group_vars), or of a
        machine credential of AWX.
    type: bool
    default: true
extends_documentation_fragment:
  - ansible.builtin.constructed
seealso:
  - module: mke4k.core.mke_config
notes:
  - To use an C(mke4.yaml) as inventory directly, put C(mke4k.core.mke4) first in C(enable_plugins) of the section
    C([inventory]) of C(ansible.cfg).
"""

EXAMPLES = r"""
# inventory.yaml - the two lines that make an mke4.yaml an inventory:
plugin: mke4k.core.mke4
config: mke4.yaml
---
# The second of two clusters in one inventory, with a group for each role:
plugin: mke4k.core.mke4
config: clusters/berlin.yaml
cluster_group: berlin
controllers_group: berlin_controllers
workers_group: berlin_workers
credentials: false
keyed_groups:
  - key: mke4k_role
    prefix: role
compose:
  ansible_python_interpreter: "'/usr/bin/python3'"
"""

import os
import re
from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable
from ansible.utils.vars import load_extra_vars

from ansible_collections.mke4k.core.plugins.plugin_utils._inventory import InventoryHost, inventory_of
from ansible_collections.mke4k.core.plugins.plugin_utils._literal import literal

OWN_NAMES = re.compile(r"(^|\.)mke4\.ya?ml$")
NAMES_PLUGIN = re.compile(r"^plugin:\s*['\"]?mke4k\.core\.mke4['\"]?\s*$", re.MULTILINE)
IS_CONFIG = re.compile(r"\A\$ANSIBLE_VAULT|^['\"]?(apiVersion|kind|spec|hosts)['\"]?:", re.MULTILINE)


class InventoryModule(BaseInventoryPlugin, Constructable):  # type: ignore[misc]
    NAME = "mke4k.core.mke4"

    def verify_file(self, path: str) -> bool:
        """Any YAML file that names the plugin, and files with the name and the look of an mke4.yaml."""
        if not super().verify_file(path) or not path.endswith((".yaml", ".yml")):
            return False
        with open(path, encoding="utf-8", errors="replace") as stream:
            text = stream.read()
        if NAMES_PLUGIN.search(text):
            return True
        return bool(OWN_NAMES.search(os.path.basename(path)) and IS_CONFIG.search(text))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        config = self._config_path(path)
        try:
            hosts = inventory_of(config, load_extra_vars(loader), loader, self.get_option("credentials"))
        except AnsibleParserError:
            raise
        except AnsibleError as error:
            raise AnsibleParserError(str(error)) from error
        groups = {name: self.get_option(f"{name}_group") for name in ("cluster", "controllers", "workers")}
        for group in groups.values():
            self.inventory.add_group(group)
        for kind, group in groups.items():
            if kind != "cluster":
                self.inventory.add_child(groups["cluster"], group)
            self.inventory.set_variable(groups["cluster"], f"mke4k_{kind}_group", group)
        self.inventory.set_variable(groups["cluster"], "mke4k_config_file", literal(config))
        for host in hosts:
            self._add(host, groups)

    def _config_path(self, path: str) -> str:
        """The mke4.yaml: the file that the inventory file names, or the inventory file itself."""
        with open(path, encoding="utf-8", errors="replace") as stream:
            names_plugin = NAMES_PLUGIN.search(stream.read())
        if not names_plugin:
            self.set_options(direct={"plugin": self.NAME})
            return os.path.abspath(path)
        self._read_config_data(path)
        return os.path.abspath(os.path.join(os.path.dirname(path), os.path.expanduser(self.get_option("config"))))

    def _add(self, host: InventoryHost, groups: dict[str, str]) -> None:
        self.inventory.add_host(host.name)
        for kind in host.kinds:
            self.inventory.add_child(groups[kind], host.name)
        variables = literal(host.variables)
        for name, value in variables.items():
            self.inventory.set_variable(host.name, name, value)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, host.name, strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host.name, strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host.name, strict)
