# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unit tests."""

from __future__ import annotations

import re
from typing import Iterator

from tests.tools.checkout import link_checkout
from tests.tools.outcome import Outcome, junit_counts, show
from tests.tools.setting import Setting


def units(setting: Setting) -> Iterator[Outcome]:
    """Run the unit tests on each ansible-core; the first one measures coverage."""
    link_checkout(setting.root)
    for number, core in enumerate(setting.cores):
        name = f"units on ansible-core {core}"
        junit = setting.results / f"units-{core}.xml"
        coverage = ["--cov", "--cov-report=term", "--cov-report=xml"] if number == 0 else []
        arguments = ["pytest", "-q", "-n", "2", "--dist", "loadfile", f"--junit-xml={junit}", *coverage]
        command = setting.command(name, core, *arguments, cwd=setting.root)
        junit.unlink(missing_ok=True)
        result = command.run()
        passed, failed, notes = junit_counts([junit] if junit.is_file() else [])
        notes += re.findall(r"^(?:FAIL )?Required test coverage.*", result.output, re.MULTILINE)
        if result.code and not failed:
            failed = 1
        outcome = Outcome(name, passed, failed, result.seconds, tuple(notes))
        show(outcome, result, command.log)
        yield outcome
