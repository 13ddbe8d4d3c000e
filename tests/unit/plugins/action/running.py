# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs an action plugin as the task executor does, without a host."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task

from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import loader_in


def action(
    plugin: Any, folder: Path, arguments: dict[str, Any], *, check_mode: bool = False, diff: bool = False
) -> Any:
    """The plugin's object for a task with these arguments."""
    task = Task()
    task.action = f"mke4k.core.{plugin.__module__.rsplit('.', 1)[-1]}"
    task.args = arguments
    task.check_mode = check_mode
    task.diff = diff
    return plugin(
        task=task,
        connection=SimpleNamespace(_shell=SimpleNamespace(tmpdir="/tmp"), _play_context=PlayContext()),
        play_context=PlayContext(),
        loader=loader_in(folder),
        templar=None,
        shared_loader_obj=None,
    )
