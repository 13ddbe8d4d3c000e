# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How roles, instance profiles and policies are named, and their ARNs.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

SUFFIX = ".cluster-api-provider-aws.sigs.k8s.io"
STACK = "cluster-api-provider-aws-sigs-k8s-io"


@dataclass(frozen=True)
class Naming:
    account: str
    partition: str = "aws"
    prefix: str = ""
    suffix: str = SUFFIX
    path: str = "/"

    def name(self, base: str) -> str:
        return f"{self.prefix}{base}{self.suffix}"

    def policy_arn(self, base: str) -> str:
        return f"arn:{self.partition}:iam::{self.account}:policy{self.path}{self.name(base)}"

    def aws_policy_arn(self, name: str) -> str:
        """A policy that AWS itself keeps."""
        return f"arn:{self.partition}:iam::aws:policy/{name}"

    def passed_roles(self, bases: Tuple[str, ...], further: Tuple[str, ...]) -> Tuple[str, ...]:
        """The roles that may be given to machines: the suffix tells them, else each is named."""
        names = [f"*{self.suffix}"] if self.suffix else [f"{self.path[1:]}{self.name(base)}" for base in bases]
        return tuple(f"arn:*:iam::*:role/{name}" for name in [*names, *further])
