# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-lint that lets Ansible check the syntax of many playbooks at once.

ansible-lint starts Ansible for each playbook, which takes longer than all its rules. Here two processes check half of
them each; where one finds something, ansible-lint looks at each playbook of that half, and tells what it tells.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Callable, List, Mapping, Sequence

from ansiblelint import __main__ as program, runner
from ansiblelint.file_utils import Lintable

SIDE_BY_SIDE = 2


class Runner(runner.Runner):
    """Asks Ansible about one playbook only where it has found something wrong in many."""

    def _collect_syntax_check_files(self) -> List[Lintable]:
        environment = {**self.app.runtime.environ, "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "False"}
        return one_by_one(super()._collect_syntax_check_files(), partial(are_fine, environment))


def one_by_one(found: Sequence[Lintable], fine: Callable[[Sequence[str]], bool]) -> List[Lintable]:
    """Return what has to be checked alone: roles, and the playbooks of a part in which something is wrong."""
    playbooks = sorted((each for each in found if each.kind == "playbook"), key=lambda each: str(each.path))
    parts = [playbooks[number::SIDE_BY_SIDE] for number in range(SIDE_BY_SIDE)]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        answers = pool.map(fine, [[str(each.path) for each in part] for part in parts])
        wrong = [each for part, answer in zip(parts, answers) if not answer for each in part]
    return [*(each for each in found if each.kind != "playbook"), *wrong]


def are_fine(environment: Mapping[str, str], playbooks: Sequence[str]) -> bool:
    """Whether Ansible finds nothing wrong with the syntax of all of these."""
    if not playbooks:
        return True
    command = ["ansible-playbook", "--syntax-check", *playbooks]
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, env=environment)
    return done.returncode == 0


if __name__ == "__main__":
    runner.Runner = Runner  # type: ignore[misc]
    sys.exit(program.main(["ansible-lint", *sys.argv[1:]]))
