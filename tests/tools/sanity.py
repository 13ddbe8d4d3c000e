# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All tests of ansible-test sanity.

Some of them, while working:  python -m tests.tools.sanity CORE TEST [FILE...]
"""

from __future__ import annotations

import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Iterator, List, Tuple

from tests.tools.checkout import COLLECTION, copy_checkout
from tests.tools.outcome import Command, Outcome, show
from tests.tools.pip_bootstrap import make_home
from tests.tools.prepare import VENVS, find_uv, local_python, version_of
from tests.tools.setting import Setting

# What another ansible-core, or the older Pythons that only it reaches, may see in another way. The rest looks at text.
DEPEND_ON_CORE = ("action-plugin-docs", "ansible-doc", "compile", "import", "runtime-metadata", "validate-modules")
TARGET_PYTHONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")


def sanity(setting: Setting) -> Iterator[Outcome]:
    """Run them on each ansible-core side by side, with compile and import on every Python of hosts that is there.

    All of them on the first; on the others, unless every test is wanted, those that depend on it.
    """
    commands, parts = [], []
    for number, core in enumerate(setting.cores):
        copy = copy_checkout(setting.root, f"sanity-{core}") / COLLECTION
        chosen = () if setting.every or number == 0 else DEPEND_ON_CORE
        arguments = [word for test in chosen for word in ("--test", test)]
        commands.append(sanity_command(setting, f"sanity on ansible-core {core}", core, copy, *arguments))
        parts.append(f"only {', '.join(chosen)}" if chosen else "")
    with ThreadPoolExecutor(max_workers=len(commands)) as pool:
        for command, part, result in zip(commands, parts, pool.map(Command.run, commands)):
            passed, failed, notes = sanity_counts(result.output)
            if result.code and not failed:
                failed = 1
            outcome = Outcome(command.name, passed, failed, result.seconds, tuple(notes), part)
            show(outcome, result, command.log)
            yield outcome


def sanity_command(setting: Setting, name: str, core: str, copy: Path, *arguments: str) -> Command:
    """Return the ansible-test of one core, with a home folder in which it works without its own server."""
    venv = VENVS / f"core-{core}"
    home = make_home(setting.root / ".build" / "home" / core, find_uv(), venv / "bin" / "python")
    argv = ["ansible-test", "sanity", "--venv", "--python", "default", "--color", "no", "--truncate", "0", *arguments]
    return with_interpreters(setting.command(name, core, *argv, cwd=copy, HOME=str(home)), venv)


def sanity_counts(output: str) -> Tuple[int, int, List[str]]:
    """Return passed and failed tests as ansible-test tells them, and on which Pythons it compiled and imported."""
    started = re.findall(r'Running sanity test "([^"]+)"(?: on Python ([\d.]+))?', output)
    summary = re.search(r"The (\d+) sanity test\(s\) listed below", output)
    failed = int(summary.group(1)) if summary else 0
    pythons = sorted({python for _test, python in started if python}, key=lambda text: int(text.split(".")[1]))
    notes = [f"{len({test for test, _python in started})} kinds; compile and import on Python {', '.join(pythons)}"]
    # Told where it happens and again at the end.
    notes += dict.fromkeys(re.findall(r"WARNING: ((?:Skipping|Required) .*)", output))
    return max(len(started) - failed, 0), failed, notes


def with_interpreters(command: Command, venv: Path) -> Command:
    """Put every Python that hosts may have on PATH, and no shims that only look like one."""
    folder = venv / "interpreters"
    folder.mkdir(exist_ok=True)
    own = version_of(str(venv / "bin" / "python"))
    for version in TARGET_PYTHONS:
        link = folder / f"python{version}"
        link.unlink(missing_ok=True)
        real = "" if version == own else local_python(version)
        if real:
            link.symlink_to(real)
    plain = [part for part in command.environment["PATH"].split(os.pathsep) if not part.endswith("/shims")]
    path = os.pathsep.join([str(venv / "bin"), str(folder), *plain])
    return replace(command, environment={**command.environment, "PATH": path})


def main(core: str, test: str, *files: str) -> int:
    """Run one test on some files, and show all it says."""
    root = Path(__file__).resolve().parents[2]
    copy = copy_checkout(root) / COLLECTION
    setting = Setting(root, (core,))
    result = sanity_command(setting, f"sanity {test}", core, copy, "--test", test, *files).run()
    print(result.output)
    return result.code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
