# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that changes a cluster, and the process it is. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Dict, Mapping


@dataclass(frozen=True)
class Process:
    """`place`: the machine since its boot, and the view of its processes that this one has. `started`: by the clock of
    that machine, so that another process under the same number is not taken for it; empty where nobody can say.
    """

    place: str = ""
    pid: int = 0
    started: str = ""


@dataclass(frozen=True)
class Run:
    """`identity` is that of this run of Ansible and no other. `job` and `template` are those of a job controller;
    `relaunched` says that it started the job again for somebody who saw that the one before had ended.
    """

    owner: str
    verb: str
    identity: str
    job: str = ""
    template: str = ""
    relaunched: bool = False
    process: Process = field(default_factory=Process)

    @property
    def holder(self) -> str:
        """What people read, and type to take the lock from this run."""
        return f"{self.owner}/{self.verb}/{self.job or self.process.pid}"

    def to_dict(self) -> Dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Run:
        return cls(**{**given, "process": Process(**given["process"])})

    def continues(self, other: Run) -> bool:
        """Whether both are one piece of work: the same run, or the same job in another process."""
        return self.identity == other.identity or bool(self.job and self.job == other.job)

    def relaunches(self, other: Run) -> bool:
        return self.relaunched and bool(self.template and self.template == other.template)
