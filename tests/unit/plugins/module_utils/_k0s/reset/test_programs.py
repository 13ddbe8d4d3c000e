# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import programs


def test_a_program_gets_its_input_and_is_read_whole() -> None:
    script = "import sys; data = sys.stdin.read(); print(data * 100000); print('hm', file=sys.stderr); sys.exit(3)"
    result = programs.run([sys.executable, "-c", script], 30, "ab")
    assert (result.rc, len(result.out), result.err) == (3, 200001, "hm\n")


def test_a_program_that_hangs_is_given_up() -> None:
    result = programs.run([sys.executable, "-c", "import time; time.sleep(60)"], 0.05)
    assert result.rc == programs.TIMED_OUT
    assert "did not end within 0.05 s" in result.complaint


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(K0sError, match="`/nowhere/umount -l` could not be run: No such file"):
        programs.run(["/nowhere/umount", "-l"])
