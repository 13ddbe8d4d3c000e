# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a task, made by Ansible's own inventory and variable manager."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager

from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables

try:
    from ansible.template import trust_as_template
except ImportError:

    def trust_as_template(value: str) -> str:
        return value


def templated(value: Any) -> Any:
    """The value as a variables file gives it: its text is rendered when it is used."""
    return DataLoader().load(trust_as_template(yaml.safe_dump(value)))


def task_vars(folder: Path, inventory: str = "", extra: Any = None, host: str = "localhost") -> dict[str, Any]:
    """What an action on `host` is given, with this inventory (INI text) and these extra variables."""
    loader = DataLoader()
    loader.set_basedir(str(folder))
    source = folder / "hosts.ini"
    source.write_text(inventory)
    manager = InventoryManager(loader=loader, sources=[str(source)])
    variables = VariableManager(loader=loader, inventory=manager)
    variables._extra_vars = templated(extra or {})
    found = variables.get_vars(host=manager.get_host(host), include_hostvars=True)
    found["hostvars"] = HostVars(inventory=manager, variable_manager=variables, loader=loader)
    return dict(found)


def loader_in(folder: Path) -> DataLoader:
    loader = DataLoader()
    loader.set_basedir(str(folder))
    return loader


def variables_of(folder: Path, inventory: str = "", extra: Any = None, host: str = "localhost") -> Variables:
    return Variables(task_vars(folder, inventory, extra, host), loader_in(folder))
