# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps what runs changed, and ends a run at a task of choice."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from ansible import context
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: mke4k_record
type: aggregate
short_description: Keeps what runs changed, and ends a run at a task of choice
description:
  - Appends one line of JSON for each run to the file that E(MKE4K_RECORDS) names.
  - Stands still at the start of the task that E(MKE4K_HOLD_AT) names, with its process number in the file
    E(MKE4K_HOLD) and C(.held), until there is one with that name and C(.go).
  - Kills the process group of the run when the task with the number E(MKE4K_KILL_AT) starts, or E(MKE4K_KILL_AFTER)
    seconds later.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """`changed` holds "host: task" once for each change, so a prediction and its run can be compared."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "mke4k_record"

    def __init__(self) -> None:
        super().__init__()
        self._records = os.environ.get("MKE4K_RECORDS", "")
        self._hold_at = os.environ.get("MKE4K_HOLD_AT", "")
        self._kill_at = int(os.environ.get("MKE4K_KILL_AT") or 0)
        self._kill_after = float(os.environ.get("MKE4K_KILL_AFTER") or 0)
        if self._kill_at and os.getpgid(0) != os.getpid():
            os.setpgid(0, 0)
        self._changed: list[str] = []
        self._tasks: list[dict[str, Any]] = []
        self._playbook = ""

    def v2_playbook_on_start(self, playbook: Any) -> None:
        self._playbook = Path(playbook._file_name).name

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:  # noqa: ARG002
        self._start(task)

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        self._start(task)

    def v2_runner_on_ok(self, result: Any) -> None:
        if result._result.get("changed"):
            self._changed.append(f"{result._host.get_name()}: {result._task.get_name()}")

    def v2_playbook_on_stats(self, stats: Any) -> None:
        if not self._records:
            return
        record = {
            "playbook": self._playbook,
            "check": bool(context.CLIARGS.get("check")),
            "changed": sorted(self._changed),
            "tasks": [
                {"name": task["name"], "seconds": round(end - task["start"], 2)}
                for task, end in zip(self._tasks, [task["start"] for task in self._tasks[1:]] + [time.monotonic()])
            ],
            "hosts": {host: stats.summarize(host) for host in sorted(stats.processed)},
        }
        with Path(self._records).open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")

    def _start(self, task: Any) -> None:
        self._tasks.append({"name": task.get_name(), "start": time.monotonic()})
        if self._hold_at and task.get_name().endswith(self._hold_at):
            self._hold(os.environ["MKE4K_HOLD"])
        if self._kill_at == len(self._tasks):
            self._die()

    def _die(self) -> None:
        if not self._kill_after:
            os.killpg(0, signal.SIGKILL)
        clock = threading.Timer(self._kill_after, os.killpg, (0, signal.SIGKILL))
        # A run that has ended before need not wait for it.
        clock.daemon = True
        clock.start()

    def _hold(self, name: str) -> None:
        self._hold_at = ""
        # Whoever waits for the file finds it whole.
        Path(f"{name}.new").write_text(str(os.getpid()), encoding="utf-8")
        Path(f"{name}.new").rename(f"{name}.held")
        while not Path(f"{name}.go").exists():
            time.sleep(0.1)
