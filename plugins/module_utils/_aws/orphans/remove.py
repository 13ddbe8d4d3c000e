# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes away what is left of children: from what hangs on others to what others hang on.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, InUse, Missing
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.deletions import DELETIONS, is_gone
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.model import Belonging
from ansible_collections.mke4k.core.plugins.module_utils._aws.regions import in_parallel
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess

# Each is waited for where those after it depend on it.
ORDER: Tuple[str, ...] = (
    "instance",
    "load-balancer",
    "target-group",
    "nat-gateway",
    "elastic-ip",
    "vpc-endpoint",
    "network-interface",
    "security-group",
    "subnet",
    "route-table",
    "internet-gateway",
    "vpc",
    "volume",
    "snapshot",
    "launch-template",
)
WAITED_FOR = ("instance", "nat-gateway", "vpc-endpoint")
# AWS's codes for what something still uses. An Elastic IP of a NAT gateway that is being deleted is AuthFailure.
BUSY = ("IncorrectState", "IncorrectInstanceState", "VolumeInUse", "ResourceInUse", "OperationNotPermitted")
THREADS = 4


@dataclass(frozen=True)
class Patience:
    seconds: float = 300.0
    pause: float = 5.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    say: Callable[[str], None] = lambda _text: None


@dataclass
class Removed:
    """`failures`: why something stayed, by its id."""

    done: List[Belonging] = field(default_factory=list)
    failures: Dict[str, str] = field(default_factory=dict)


def remove(access: AwsAccess, leftovers: Sequence[Belonging], patience: Patience) -> Removed:
    """All regions at once. Only what is removable is touched."""
    mine = [each for each in leftovers if each.removable and not each.live and each.thing.type in ORDER]
    regions = sorted({each.thing.region for each in mine})
    parts = in_parallel(
        regions,
        lambda region: _Region(access, region, patience).take([each for each in mine if each.thing.region == region]),
    )
    removed = Removed()
    for part in parts.values():
        removed.done += part.done
        removed.failures.update(part.failures)
    return removed


class _Region:
    def __init__(self, access: AwsAccess, region: str, patience: Patience) -> None:
        self._access = access
        self._region = region
        self._patience = patience
        self._end = patience.clock() + patience.seconds
        self._removed = Removed()

    def take(self, items: Sequence[Belonging]) -> Removed:
        for kind in ORDER:
            found = [item for item in items if item.thing.type == kind]
            if found:
                self._patience.say(f"{self._region}: removing {len(found)} {kind}{'s' if len(found) > 1 else ''}")
                self._round(kind, found)
        return self._removed

    def _round(self, kind: str, items: List[Belonging]) -> None:
        """Again and again those that something still uses, until nothing does or the time is over."""
        every = {item.thing.id: item for item in items}
        left = list(every)
        while left:
            answers = in_parallel(left, lambda identity: self._try(every[identity]), THREADS)
            left = [identity for identity in left if answers[identity]]
            if left and not self._pause():
                self._removed.failures.update((identity, answers[identity]) for identity in left)
                break
        if kind in WAITED_FOR:
            self._until_gone(kind, [item for item in items if item.thing.id not in self._removed.failures])

    def _try(self, item: Belonging) -> str:
        """Why it has to be tried again, or nothing."""
        try:
            DELETIONS[item.thing.type](self._access, item.thing)
        except Missing:
            pass
        except InUse as error:
            return str(error)
        except AwsError as error:
            if error.code.endswith(".InUse") or error.code in BUSY or _is_held_address(item, error):
                return str(error)
            self._removed.failures[item.thing.id] = str(error)
            return ""
        self._removed.done.append(item)
        return ""

    def _until_gone(self, kind: str, items: Sequence[Belonging]) -> None:
        ids = [item.thing.id for item in items]
        while ids:
            try:
                ids = [each for each in ids if not is_gone(self._access, self._region, kind, each)]
            except AwsError as error:
                # What depends on them is tried anyway, and tells when it cannot go.
                self._patience.say(f"{self._region}: {error}")
                return
            if ids and not self._pause():
                return

    def _pause(self) -> bool:
        if self._patience.clock() >= self._end:
            return False
        self._patience.sleep(self._patience.pause)
        return True


def _is_held_address(item: Belonging, error: AwsError) -> bool:
    return item.thing.type == "elastic-ip" and error.code == "AuthFailure"
