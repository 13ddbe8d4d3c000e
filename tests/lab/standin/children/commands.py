# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test tells the stand-in about children, by annotations of a child or by the ConfigMap of faults. Pure.

A child's own: the ConfigMap's key `child.NAME`, or the annotation `standin.mke4k/fault`; for all children: the key
`children`. The value is the name of a failure (catalogue.py), or YAML:

    cause: NAME             the failure, or several
    text: TEXT              other words than the real ones
    capa: "2.8"             or "2.11": how AWS' errors are printed
    role: worker            machines: the workers fail, not the control plane
    after: SECONDS          it comes so long after the child was made
    lasts: SECONDS          it goes by itself after so long
    ready-after: SECONDS    how long the child takes; also as annotation standin.mke4k/ready-after
    delete-after: SECONDS   how long its deletion takes; also as annotation standin.mke4k/delete-after
    light: true             no objects of Cluster API; also as annotation standin.mke4k/light
    leftovers: [volume]     what stays in AWS: volume, network-interface, load-balancer
    silent-root: true       the MkeChildConfig has no conditions, as in releases that are not documented to have any
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any, Dict, Mapping, Optional, Tuple

import yaml

from .catalogue import FAILURES
from .failures import OLD, Failure

PREFIX = "standin.mke4k/"
FAULT = f"{PREFIX}fault"
ALL, ONE = "children", "child."


class NoSuchFailure(ValueError):
    """Nobody knows a failure of that name."""


@dataclass(frozen=True)
class Command:
    """What is to become of a child. None: as the stand-in was started."""

    cause: Tuple[str, ...] = ()
    text: str = ""
    capa: str = OLD
    role: str = "controlPlane"
    after: float = 0.0
    lasts: float = 0.0
    ready_after: Optional[float] = None
    delete_after: Optional[float] = None
    light: Optional[bool] = None
    leftovers: Tuple[str, ...] = ()
    silent_root: bool = False

    def failure(self, age: float, *, down: bool) -> Optional[Failure]:
        """What fails now, on the way up or down."""
        if age < self.after or (self.lasts and age >= self.after + self.lasts):
            return None
        for name in self.cause:
            failure = FAILURES[name].told_by(self.capa)
            if bool(failure.down) == down:
                return self._in_own_words(failure)
        return None

    def next_change(self, age: float) -> Optional[float]:
        """In how many seconds a failure comes or goes by itself."""
        changes = (self.after, self.after + self.lasts if self.lasts else 0.0) if self.cause else ()
        return min((change - age for change in changes if change > age), default=None)

    def _in_own_words(self, failure: Failure) -> Failure:
        stage = "workers" if failure.kind == "AWSMachine" and self.role == "worker" else failure.stage
        if self.text:
            return replace(failure, stage=stage, words=self.text, code="", prefix="", hidden="", event_prefix="")
        return replace(failure, stage=stage)


def command_for(name: str, annotations: Mapping[str, str], faults: Mapping[str, str]) -> Command:
    """The child's own commands before those for all."""
    found: Dict[str, Any] = {}
    for text in (faults.get(ALL), annotations.get(FAULT), faults.get(f"{ONE}{name}")):
        found.update(_parsed(text) if text else {})
    for key in ("ready-after", "delete-after", "light"):
        if PREFIX + key in annotations:
            found[_field(key)] = yaml.safe_load(annotations[PREFIX + key])
    return Command(**found)


def checked(text: str) -> str:
    """The text, if it is a command that is understood."""
    command_for("", {FAULT: text}, {})
    return text


def _parsed(text: str) -> Dict[str, Any]:
    value = yaml.safe_load(text)
    given: Mapping[str, Any] = value if isinstance(value, dict) else {"cause": value}
    found = {_field(key): one for key, one in given.items()}
    unknown = set(found) - {item.name for item in fields(Command)}
    if unknown:
        raise NoSuchFailure(f"{text!r}: there is no {', '.join(sorted(unknown))} in a command for a child")
    for key in ("cause", "leftovers"):
        if key in found:
            found[key] = _listed(found[key])
    for name in found.get("cause", ()):
        if name not in FAILURES:
            raise NoSuchFailure(f"{name!r}: the failures of children are {', '.join(sorted(FAILURES))}")
    if "capa" in found:
        found["capa"] = str(found["capa"])
    return found


def _field(key: str) -> str:
    return key.replace("-", "_")


def _listed(value: Any) -> Tuple[str, ...]:
    if value in (None, "", "none"):
        return ()
    return tuple(value) if isinstance(value, list) else (str(value),)


@dataclass(frozen=True)
class Manner:
    """How children are played where nobody says otherwise: `ready_after` and `delete_after` in seconds."""

    ready_after: float = 2.0
    delete_after: float = 1.0
    light: bool = False
    # How often a controller tries again what fails: its event counts, its condition flips.
    retry: float = 2.0
    # A kubeconfig that stands for those of children: of all with `own_api`, else of those that leave something in AWS.
    kubeconfig: Optional[Mapping[str, Any]] = field(default=None, hash=False)
    own_api: bool = False
    aws_endpoint: str = ""
