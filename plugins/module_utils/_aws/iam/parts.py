# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plan for one thing consists of, and the changes that all kinds of things have in common.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Collection, Dict, List, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.documents import pretty
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.stack import Stack
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.steps import Step
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.wish import Wish

CREATED, UPDATED, UNCHANGED, KEPT = "created", "updated", "unchanged", "kept"


@dataclass(frozen=True)
class Context:
    """`arns`: of the policies that are there, by name. `stack`: whose things are left as they are."""

    wish: Wish
    arns: Mapping[str, str]
    stack: Optional[Stack]

    def owned(self, identity: str) -> bool:
        return self.stack is not None and self.stack.owns(identity)

    @property
    def tags(self) -> Dict[str, Any]:
        """As a call that makes something takes them."""
        return {"Tags": tag_list(self.wish.tags)} if self.wish.tags else {}

    @property
    def boundary(self) -> Dict[str, Any]:
        return {"PermissionsBoundary": self.wish.boundary} if self.wish.boundary else {}

    def real(self, arns: Sequence[str]) -> List[str]:
        """A policy that is there with another path keeps its ARN."""
        return [arn if "::aws:" in arn else self.arns.get(arn.rsplit("/", 1)[-1], arn) for arn in arns]


@dataclass
class Part:
    """What becomes of one thing. `kept`: it belongs to a stack."""

    kind: str
    name: str
    steps: List[Step] = field(default_factory=list)
    diffs: List[Dict[str, str]] = field(default_factory=list)
    notes: List[str] = field(default_factory=list)
    kept: bool = False
    created: bool = False

    @property
    def action(self) -> str:
        if self.kept:
            return KEPT
        if self.created:
            return CREATED
        return UPDATED if self.steps else UNCHANGED

    def step(self, says: str, call: str, **arguments: Any) -> None:
        self.steps.append(Step(self.kind, self.name, says, call, arguments))

    def create(self, call: str, **arguments: Any) -> None:
        self.created = True
        self.step("created", call, **arguments)

    def show(self, header: str, before: Optional[Mapping[str, Any]], after: Mapping[str, Any]) -> None:
        texts = {"before": pretty(before) if before else "", "after": pretty(after)}
        self.diffs.append({"before_header": header, "after_header": header, **texts})

    def tag(self, wished: Mapping[str, str], found: Mapping[str, str], call: str, **which: Any) -> None:
        """Tags that somebody else has set stay."""
        missing = {key: value for key, value in wished.items() if found.get(key) != value}
        if missing:
            self.step(f"tagged {', '.join(sorted(missing))}", call, **which, Tags=tag_list(missing))

    def bound(self, context: Context, found: str, call: str, **which: Any) -> None:
        """A boundary that is there stays where none is wished."""
        if context.wish.boundary and found != context.wish.boundary:
            self.step("permissions boundary set", call, **which, **context.boundary)

    def attach(self, wished: Sequence[str], found: Collection[str], call: str, **which: Any) -> None:
        """Policies that somebody else has attached stay."""
        for arn in wished:
            if arn not in found:
                self.step(f"policy {arn.rsplit('/', 1)[-1]} attached", call, **which, PolicyArn=arn)


def tag_list(tags: Mapping[str, str]) -> List[Dict[str, str]]:
    return [{"Key": key, "Value": tags[key]} for key in sorted(tags)]
