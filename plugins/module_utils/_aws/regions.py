# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions to many regions at once, and answers that may be missing.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, Dict, Generic, Iterable, List, Optional, TypeVar

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, NotAllowed
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess

# Where the regions of a partition can be asked for.
HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
OPTED_OUT = "not-opted-in"
THREADS = 16

K = TypeVar("K")
T = TypeVar("T")
V = TypeVar("V")


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What AWS said, or why it said nothing. `action` is the permission that was missing."""

    value: Optional[T] = None
    problem: str = ""
    action: str = ""

    @property
    def known(self) -> bool:
        return not self.problem

    @property
    def given(self) -> T:
        """The value, for those who have looked at `known`."""
        if self.value is None:
            raise ValueError(self.problem or "nothing was answered")
        return self.value

    def but(self, value: Any) -> Answer[Any]:
        """The same reason for another question, or this value where there was an answer."""
        return Answer(value) if self.known else Answer(None, self.problem, self.action)


def ask(question: Callable[[], T]) -> Answer[T]:
    """An answer, whatever AWS makes of the question."""
    try:
        return Answer(question())
    except NotAllowed as error:
        return Answer(None, str(error), error.action)
    except AwsError as error:
        return Answer(None, str(error))


def in_parallel(keys: Iterable[K], work: Callable[[K], V], threads: int = THREADS) -> Dict[K, V]:
    """The work on each, at once."""
    wanted = list(dict.fromkeys(keys))
    if len(wanted) < 2:
        return {key: work(key) for key in wanted}
    with ThreadPoolExecutor(max_workers=min(threads, len(wanted))) as pool:
        return dict(zip(wanted, pool.map(work, wanted)))


def home_of(access: AwsAccess, partition: str) -> str:
    return HOME.get(partition) or access.region


def regions_of(access: AwsAccess, partition: str) -> Dict[str, bool]:
    """All regions of the account's partition, and whether each is enabled."""
    found = access.client("ec2", home_of(access, partition)).describe_regions(AllRegions=True)["Regions"]
    return {str(each["RegionName"]): each.get("OptInStatus") != OPTED_OUT for each in found}


def enabled_regions(access: AwsAccess, partition: str) -> List[str]:
    return sorted(name for name, enabled in regions_of(access, partition).items() if enabled)
