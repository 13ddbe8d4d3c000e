# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The moment of a child of which pictures are made. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, FrozenSet, List, Mapping, Optional

from tests.lab.standin.api import Kind, Object
from tests.lab.standin.children.commands import Command
from tests.lab.standin.children.failures import Failure
from tests.lab.standin.children.kinds import CLUSTER_NAME
from tests.lab.standin.children.stages import Way
from tests.lab.standin.children.wish import Wish

# When something happened is told by who writes it: a picture has no clock.
WHEN = "when"
# The same of the generation of an object that the stand-in makes itself.
OWN_GENERATION = "own"


@dataclass(frozen=True)
class View:
    """`generation`: that of the object the child is made by. `lived`: it was ready before. `running`: names of the
    machines that were running before its spec changed. `flip`: whether a condition that flips shows its words.
    `ids`: what exists in AWS, by what it is for; made up where there is no AWS.
    """

    wish: Wish
    way: Way
    command: Command = field(default_factory=Command)
    failure: Optional[Failure] = None
    generation: int = 1
    lived: bool = False
    running: FrozenSet[str] = frozenset()
    flip: bool = True
    ids: Mapping[str, str] = field(default_factory=dict)

    def fails_by(self, kind: str) -> Optional[Failure]:
        """The failure, where an object of that kind tells it and its turn has come."""
        failure = self.failure
        if failure is None or failure.kind != kind or not self.way.fails(failure.down or failure.stage):
            return None
        return failure

    def text(self, failure: Failure) -> str:
        return failure.text(self.command.capa)


@dataclass
class Wanted:
    """An object as it is to be. What is in no picture is left as it is."""

    kind: Kind
    item: Object
    status: Object = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.item["metadata"]["name"])


def owned(view: View, kind: Kind, name: str, finalizers: List[str], spec: Any = None, **labels: str) -> Object:
    """A new object of the child."""
    made = kind.made(name, view.wish.namespace)
    if spec is not None:
        made["spec"] = spec
    made["metadata"]["labels"] = {CLUSTER_NAME: view.wish.name, **labels}
    if finalizers:
        made["metadata"]["finalizers"] = finalizers
    return made


def old_condition(kind: str, status: bool, reason: str = "", message: str = "", severity: str = "") -> Object:
    """As Cluster API's v1beta1 has them: what is true needs no words."""
    found: Dict[str, Any] = {"type": kind, "status": "True" if status else "False", "lastTransitionTime": WHEN}
    if not status:
        found.update(reason=reason, severity=severity or "Info")
    if message:
        found["message"] = message
    return found


def new_condition(kind: str, status: Optional[bool], reason: str, message: str = "", generation: int = 0) -> Object:
    """As everybody else has them. None is Unknown."""
    word = "Unknown" if status is None else str(status)
    found: Dict[str, Any] = {"type": kind, "status": word, "reason": reason, "message": message}
    if generation:
        found["observedGeneration"] = generation
    return {**found, "lastTransitionTime": WHEN}
