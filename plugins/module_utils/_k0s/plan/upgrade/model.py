# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An upgrade: who is changed, in which order, and who stays behind.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple, Union

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import PlainData


@dataclass(frozen=True)
class Choice:
    """What the user said of the hosts.

    `in_play`: the hosts of this run, empty for all. `only`: those that the upgrade is about, empty for all. `canary`:
    the workers that go first, by name or as a number.
    """

    in_play: Tuple[str, ...] = ()
    only: Tuple[str, ...] = ()
    canary: Union[int, Tuple[str, ...]] = 0

    def has(self, name: str) -> bool:
        return (not self.only or name in self.only) and (not self.in_play or name in self.in_play)


@dataclass(frozen=True)
class Upgrade(PlainData):
    """The hosts by the step that changes them, as names in the order of mke4.yaml.

    `versions`: what runs now, the oldest first. `drained`: those whose pods are moved before k0s restarts. `at_once`:
    how many workers may be in work. `cordoned`: those which take no pods now, as an upgrade that was ended leaves
    them; it has to be undone before the next node's pods look for a place. `left`: members that keep the version
    they have.
    """

    target: str
    versions: Tuple[str, ...] = ()
    controllers: Tuple[str, ...] = ()
    canary: Tuple[str, ...] = ()
    workers: Tuple[str, ...] = ()
    drained: Tuple[str, ...] = ()
    cordoned: Tuple[str, ...] = ()
    left: Tuple[str, ...] = ()
    at_once: int = 1

    @property
    def hosts(self) -> Tuple[str, ...]:
        return self.controllers + self.canary + self.workers
