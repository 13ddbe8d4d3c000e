# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes as data: each is one call of IAM. What a check says is what a run does.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Callable, List, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._aws.client import Client
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, Missing, Unsettled

ROLE, PROFILE, POLICY, USER = "role", "instance profile", "policy", "user"
# Seconds between looks: IAM answers from many places, which do not know at once what another one has made.
PAUSE = 2.0


@dataclass(frozen=True)
class Step:
    """`call` is a method of boto3's client."""

    kind: str
    name: str
    says: str
    call: str
    arguments: Mapping[str, Any]

    @property
    def text(self) -> str:
        return f"{self.kind} {self.name}: {self.says}"

    @property
    def makes(self) -> bool:
        return self.call.startswith("create_")


@dataclass
class Patience:
    """For how long IAM may take until all of it knows what was just made."""

    seconds: float = 60.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = field(default_factory=lambda: time.sleep)
    progress: Callable[[str], None] = field(default=lambda _text: None)


def run(iam: Client, steps: Sequence[Step], patience: Patience) -> List[str]:
    """Takes the steps and returns what was done. An error has in its details what was done before."""
    done: List[str] = []
    made = False
    for step in steps:
        try:
            patiently(partial(_call, iam, step), patience if made else None)
        except AwsError as error:
            error.details.update(changed=bool(done), changes=list(done))
            raise
        made = made or step.makes
        done.append(step.text)
        patience.progress(step.text)
    return done


def run_removal(iam: Client, steps: Sequence[Step], patience: Patience) -> List[str]:
    """The same for steps that remove: what is gone already is gone."""
    done: List[str] = []
    for step in steps:
        try:
            _call(iam, step)
        except Missing:
            continue
        except AwsError as error:
            error.details.update(changed=bool(done), changes=list(done))
            raise
        done.append(step.text)
        patience.progress(step.text)
    return done


def patiently(call: Callable[[], Any], patience: Optional[Patience]) -> Any:
    """With patience, the call is repeated while IAM does not know yet what was made a moment ago."""
    deadline = patience.clock() + patience.seconds if patience else 0.0
    while True:
        answer = _tried(call)
        if not isinstance(answer, AwsError):
            return answer
        if patience is None or patience.clock() >= deadline:
            raise answer
        patience.sleep(PAUSE)


def _tried(call: Callable[[], Any]) -> Any:
    """The answer, or the error that may pass."""
    try:
        return call()
    except (Missing, Unsettled) as error:
        return error


def _call(iam: Client, step: Step) -> None:
    getattr(iam, step.call)(**step.arguments)
