# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What converging needs from the host it runs on. Tests give their own.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.paths import Paths
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.service import Service, service_for
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import Clock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec, NodeState
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.kube_api import lacks_through
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset import before


@dataclass(frozen=True)
class Machine:
    """The host: its paths, its service manager, its time, and how its state is read.

    `read_progress` reads what a wait looks at, with or without asking the API, `read_before` what a host is that has
    no k0s yet. `join_lacks`: what is missing at an address until the API is ready there.
    """

    read_state: Callable[[NodeSpec], NodeState]
    read_progress: Callable[[NodeSpec, bool], NodeState]
    paths: Paths = field(default_factory=Paths)
    read_before: Callable[[], Mapping[str, Any]] = before.read
    join_lacks: Callable[[str, str], str] = lacks_through
    clock: Clock = field(default_factory=lambda: Clock(time.monotonic, time.sleep))

    def service(self, name: str) -> Service:
        return service_for(name, self.paths)
