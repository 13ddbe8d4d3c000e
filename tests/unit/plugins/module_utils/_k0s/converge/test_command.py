# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import subprocess
import sys
from typing import Any, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError


def test_a_program_runs_in_the_root_folder_with_plain_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PATH")
    script = "import os; print(os.getcwd(), os.environ['LC_ALL'], os.environ['PATH'])"
    assert command.run([sys.executable, "-c", script]).out.split() == ["/", "C", command.SYSTEM_PATH]


def test_a_program_that_hangs_is_stopped() -> None:
    with pytest.raises(K0sError, match=r"did not end within 0\.1 s and was stopped"):
        command.run(["sleep", "5"], timeout=0.1)


def test_a_missing_program_is_named() -> None:
    with pytest.raises(K0sError, match="`/nowhere/k0s status` could not be run: No such file"):
        command.run(["/nowhere/k0s", "status"])


def test_a_failed_program_is_quoted() -> None:
    with pytest.raises(K0sError, match=r"failed with 3: Error: second\nError: first"):
        command.check(["sh", "-c", "echo 'Error: first'; echo 'Error: second' >&2; exit 3"])


@pytest.mark.parametrize(("script", "words"), [("exit 1", "it printed nothing"), ("echo a; echo b; exit 1", "b")])
def test_a_failed_program_without_an_error_line_gives_its_last(script: str, words: str) -> None:
    assert command.run(["sh", "-c", script]).complaint == words


def test_a_file_still_open_for_writing_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes: List[Any] = [OSError(errno.ETXTBSY, "Text file busy"), subprocess.CompletedProcess([], 0, b"fine", b"")]

    def run(*_args: Any, **_values: Any) -> Any:
        outcome = outcomes.pop(0)
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    monkeypatch.setattr(command, "_BUSY_PAUSE", 0)
    monkeypatch.setattr(subprocess, "run", run)
    assert command.run(["k0s"]).out == "fine"
