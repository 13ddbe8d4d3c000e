# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting and stopping the stand-in operators, in a test's own process."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Callable, List, Mapping, Optional, Sequence, Type

from .api import Api, Source
from .calico import Calico
from .charts import Charts
from .children.commands import Manner
from .children.controller import Children
from .children.upkeep import Upkeep
from .hosts import Host
from .kcm.controller import Kcm
from .mke import MkeOperator
from .progress import Progress
from .runtime import Controller, Runtime, to_stderr
from .source import from_file
from .workloads import Pods

PACE_SECONDS = 0.1


def no_hosts() -> Sequence[Host]:
    return ()


class Standin:
    """All operators of one cluster. `pods` and `charts` also play kubelets and k0s' chart controller.

    `children`: how child clusters come and go; nobody plays them without it. Without `platform` nothing else is played.
    """

    def __init__(
        self,
        source: Source,
        *,
        hosts: Callable[[], Sequence[Host]] = no_hosts,
        pace: float = PACE_SECONDS,
        pods: bool = False,
        charts: bool = False,
        children: Optional[Manner] = None,
        platform: bool = True,
        log: Callable[[str], None] = to_stderr,
    ) -> None:
        api = Api(source)
        controllers: List[Controller] = []
        if platform:
            controllers = [
                Calico(api, Progress(pace), hosts),
                Kcm(api, Progress(pace)),
                MkeOperator(api, Progress(pace)),
            ]
        if pods:
            controllers.append(Pods(api, Progress(pace)))
        if charts:
            controllers.append(Charts(api, Progress(pace)))
        if children is not None:
            controllers += [Children(api, children), Upkeep(api, children)]
        self.api = api
        self._runtime = Runtime(api, controllers, log)

    def start(self) -> Standin:
        self._runtime.start()
        return self

    def stop(self) -> None:
        self._runtime.stop()

    def __enter__(self) -> Standin:
        return self.start()

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.stop()


def without_hosts(
    kubeconfig: Mapping[str, Any], *, pace: float = PACE_SECONDS, children: Optional[Manner] = None
) -> Standin:
    """For a server without nodes: kubelets, controller-manager and k0s' chart controller are played too."""

    def source() -> Mapping[str, Any]:
        return kubeconfig

    return Standin(source, pace=pace, pods=True, charts=True, children=children)


def with_kubeconfig(path: Path, *, pace: float = PACE_SECONDS) -> Standin:
    """The same, by a kubeconfig's path."""
    return Standin(from_file(path), pace=pace, pods=True, charts=True)
