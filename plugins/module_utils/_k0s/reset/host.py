# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host that is reset, as its parts see it. Tests give their own.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.paths import Paths
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import Clock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import programs
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.before import Before
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.kernel import Kernel
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.programs import Run
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import Remain, Target


@dataclass(frozen=True)
class Host:
    """`complaints` collects why something could not be removed, by kind and target.

    `evidence`: k0s has been installed here. Without it pods, rules and links may be those of another Kubernetes.
    """

    target: Target = field(default_factory=Target)
    before: Before = field(default_factory=Before)
    evidence: bool = True
    paths: Paths = field(default_factory=Paths)
    root: Root = HOST
    kernel: Kernel = field(default_factory=Kernel)
    clock: Clock = field(default_factory=lambda: Clock(time.monotonic, time.sleep))
    run: Run = programs.run
    signal: Callable[[int, int], None] = os.kill
    own_pid: int = field(default_factory=os.getpid)
    complaints: Dict[Tuple[str, str], str] = field(default_factory=dict)

    def complain(self, kind: str, target: str, reason: str) -> None:
        self.complaints[(kind, target)] = reason


class Part(ABC):
    """One kind of thing that k0s leaves on a host.

    `vital`: a later installation would stumble over what is left of it. `certain`: it can be nobody else's.
    """

    vital = False
    certain = False

    @abstractmethod
    def find(self, host: Host) -> List[Change]:
        """What is there to take away. Changes nothing."""

    @abstractmethod
    def clear(self, host: Host) -> None:
        """Takes away what can be; the rest is found again."""

    def notes(self, host: Host) -> List[Remain]:
        """What else stays and cannot be taken away, asked for only when something was."""
        del host
        return []

    def goes_with_reboot(self, change: Change) -> bool:
        """Whether what is left goes when the host boots again."""
        del change
        return True
