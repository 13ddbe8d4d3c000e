# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warning events about what fails, counted on while it goes on failing."""

from __future__ import annotations

import time
from typing import Callable, Dict, List, Tuple

from tests.lab.standin import objects
from tests.lab.standin.api import Api, ApiError, Kind, Object

from .failures import Failure
from .kinds import AWS_CLUSTER, AWS_MACHINE, EVENT
from .pictures import machines
from .pictures.view import View
from .wish import digest


class Events:
    """One event for each thing that fails; its count rises as often as a controller would try again."""

    def __init__(self, api: Api, every: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._every = every
        self._clock = clock
        self._told: Dict[str, Tuple[float, int]] = {}

    def tell(self, view: View) -> None:
        failure = view.failure
        if failure is None or not failure.event or not view.fails_by(failure.kind):
            return
        for kind, name in _about(view, failure):
            self._count(view, failure, kind, name)

    def _count(self, view: View, failure: Failure, kind: Kind, about: str) -> None:
        text = failure.event_text(view.command.capa)
        name = f"{about}.{digest(f'{about}{failure.event}{text}', 16)}"
        last, count = self._told.get(name, (float("-inf"), 0))
        if self._clock() - last < self._every:
            return
        self._told[name] = (self._clock(), count + 1)
        if count:
            patch = {"count": count + 1, "lastTimestamp": objects.now()}
            try:
                self._api.patch(EVENT, EVENT.made(name, view.wish.namespace), patch)
            except ApiError as error:
                if error.status != 404:
                    raise
                del self._told[name]
            return
        self._api.create(EVENT, _event(name, view.wish.namespace, kind, about, failure.event, text))


def _about(view: View, failure: Failure) -> List[Tuple[Kind, str]]:
    if failure.kind == AWS_MACHINE.kind:
        role = next((role for role, stage in machines.STAGES.items() if stage == failure.stage), machines.CONTROLLER)
        names = machines.names(view.wish)
        return [(AWS_MACHINE, name) for name in names if names[name] == role and name not in view.running]
    return [(AWS_CLUSTER, view.wish.name)]


def _event(name: str, namespace: str, kind: Kind, about: str, reason: str, text: str) -> Object:
    involved = {"apiVersion": kind.api_version, "kind": kind.kind, "name": about, "namespace": namespace}
    now = objects.now()
    return EVENT.made(
        name,
        namespace,
        involvedObject=involved,
        reason=reason,
        message=text,
        type="Warning",
        count=1,
        firstTimestamp=now,
        lastTimestamp=now,
        source={"component": f"{kind.kind.lower()}-controller"},
    )
