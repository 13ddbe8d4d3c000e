# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ansible-inventory, in the process of the test, so that a mothership may be played."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible import cli, context
from ansible.cli.inventory import InventoryCLI
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.utils.context_objects import CLIArgs
from ansible.utils.display import Display
from ansible.vars.manager import VariableManager


def ansible_inventory(source: Path, *arguments: str) -> str:
    """What it prints."""
    shown: list[str] = []

    def keep(_display: Display, text: str, *_rest: Any, **more: Any) -> None:
        if not more.get("stderr"):
            shown.append(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Display, "display", keep)
        patch.setattr(Display, "warning", lambda *_all, **_more: None)
        # Ansible does these once in a process.
        patch.setattr(context, "CLIARGS", context.CLIARGS)
        patch.setattr(context, "_init_global_context", _use_options)
        patch.setattr(cli, "init_plugin_loader", lambda *_all: None)
        patch.setattr(InventoryCLI, "_play_prereqs", staticmethod(lambda: _read(source)))
        with pytest.raises(SystemExit) as ended:
            InventoryCLI(["ansible-inventory", "-i", str(source), *arguments]).run()
    assert not ended.value.code
    return "\n".join(shown)


def _use_options(options: Any) -> None:
    context.CLIARGS = CLIArgs.from_options(options)


def _read(source: Path) -> tuple[DataLoader, InventoryManager, VariableManager]:
    loader = DataLoader()
    inventory = InventoryManager(loader=loader, sources=[str(source)])
    return loader, inventory, VariableManager(loader=loader, inventory=inventory)
