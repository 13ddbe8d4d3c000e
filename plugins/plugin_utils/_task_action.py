# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all actions have in common that do their work on the control node: checked options, modes, progress.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.module_utils._config.errors import ReportedError
from ansible_collections.mke4k.core.plugins.plugin_utils._arguments import checked
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import plain
from ansible_collections.mke4k.core.plugins.plugin_utils._play import refuse_free


class TaskAction(ActionBase):  # type: ignore[misc]
    """A subclass says its options and `outcome`, and gets `check_mode`, `diff` and `progress`.

    `common_options`: those that it shares with others of its kind. What `_closing` has is closed at the end.
    """

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False
    _supports_diff = True
    common_options: dict[str, Any] = {}
    options: dict[str, Any] = {}

    _args: dict[str, Any]
    _task_vars: Mapping[str, Any]
    _closing: ExitStack

    @abstractmethod
    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        """The result of the action."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        self._task_vars = task_vars or {}
        if self._task.run_once:
            refuse_free(self._task, self._task_vars)
        self._args = plain(checked({**self.common_options, **self.options}, self._task.args))
        with ExitStack() as self._closing:
            result.update(self._guarded())
        return result

    def _guarded(self) -> dict[str, Any]:
        try:
            return self.outcome(self._args)
        except ReportedError as error:
            return {"failed": True, **error.report()}

    @property
    def check_mode(self) -> bool:
        return bool(self._task.check_mode)

    @property
    def diff(self) -> bool:
        return bool(self._task.diff)

    @property
    def progress(self) -> Callable[[str], None]:
        """Shows a line while the task runs, on the screen and in the log of a job."""
        host = self._task_vars.get("inventory_hostname", "")
        return lambda text: Display().display(f"[{host}] {text}" if host else text)
