# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.lock import only_run
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeTime


def test_a_second_run_is_told_who_works_on_the_host(tmp_path: Path) -> None:
    path, time = str(tmp_path / "run" / "lock"), FakeTime()
    refused = pytest.raises(K0sError, match=rf"more than 60 s \(process {os.getpid()} holds {path}\)")
    with only_run(path, time.now, time.sleep), refused, only_run(path, time.now, time.sleep):
        pass
    with only_run(path, time.now, time.sleep):
        assert Path(path).read_text() == f"{os.getpid()}\n"


def test_who_is_not_root_is_told_to_become(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    time = FakeTime()
    words = r"lock could not be opened: Permission denied\. Only root may do that: run the task with `become: true`"
    with pytest.raises(K0sError, match=words), only_run(str(tmp_path / "lock"), time.now, time.sleep):
        pass


def test_a_second_run_begins_when_the_first_ends(tmp_path: Path) -> None:
    path, time = str(tmp_path / "lock"), FakeTime()
    first = only_run(path, time.now, time.sleep)
    first.__enter__()
    time.on_sleep.append(lambda now: first.__exit__(None, None, None) if len(time.pauses) == 2 else None)
    with only_run(path, time.now, time.sleep):
        assert len(time.pauses) == 2
